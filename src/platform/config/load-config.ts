import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Config, type parseEnvironment } from './config.js';

const SECRET_FILE = 'jwt-secret';

/** Completes the settings with what is made at start: the embedded server's address, and outside production the signing secret. */
export function completeConfig(settings: ReturnType<typeof parseEnvironment>, databaseUrl: string): Config {
  return new Config({ ...settings, DATABASE_URL: databaseUrl, JWT_SECRET: settings.JWT_SECRET ?? obtainSecret(settings.DATA_DIR) });
}

/** Made once, so that a restart signs nobody out. `wx` lets only one of two processes make it. */
function obtainSecret(dataDir: string): string {
  const path = join(dataDir, SECRET_FILE);
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
