import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { StartupError } from '../startup-error.js';

const CONNECT_TIMEOUT_MS = 3_000;

/** A database that is there for a while. */
export interface OpenedDatabase {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The embedded database, for a command beside the server: that of the server where it is running, else started for this.
 * @throws StartupError when there is none yet, or it cannot be started
 */
export async function openEmbeddedDatabase(dataDir: string): Promise<OpenedDatabase> {
  if (!existsSync(join(dataDir, 'postgres'))) throw new StartupError(`There is no database in ${dataDir} yet.`, 'Start the server once: npm start');
  const url = await findRunning(dataDir);
  if (url !== undefined) return { url, close: () => Promise.resolve() };
  const postgres = await EmbeddedPostgres.start({ dataDir, log: () => undefined });
  return { url: postgres.url, close: () => postgres.stop() };
}

/** Its address stays behind when it stops: whether it runs, a connection tells. */
async function findRunning(dataDir: string): Promise<string | undefined> {
  const path = join(dataDir, 'postgres.url');
  if (!existsSync(path)) return undefined;
  const connectionString = readFileSync(path, 'utf8').trim();
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
  } catch {
    // Nobody is there. What else may be wrong, the start will say.
    return undefined;
  }
  await client.end();
  return connectionString;
}
