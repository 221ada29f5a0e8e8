import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Administration, type Outcome } from './modules/users/administration.js';
import { UsersModule } from './modules/users/users.module.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { BusModule } from './platform/bus/bus.module.js';
import { Config, ConfigError, parseEnvironment } from './platform/config/config.js';
import { ConfigModule } from './platform/config/config.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { openEmbeddedDatabase } from './platform/database/embedded-postgres-address.js';
import { isTransient, isUndefinedInSchema } from './platform/database/pg-errors.js';
import { HousekeepingModule } from './platform/housekeeping/housekeeping.module.js';
import { RateLimitModule } from './platform/rate-limit/rate-limit.module.js';
import { Revocations } from './platform/realtime/revocations.js';
import { StartupError } from './platform/startup-error.js';

/** `npm run admin`: makes somebody an administrator, or none any more, whether the server is running or not. */

const USAGE = 'Usage: npm run admin -- <username or e-mail address> [--revoke]';
/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

const SENTENCES: Record<Outcome, (login: string, isAdmin: boolean) => string> = {
  done: (login, isAdmin) => (isAdmin ? `${login} is an administrator now.` : `${login} is no administrator any more.`),
  'so-already': (login, isAdmin) => (isAdmin ? `${login} is an administrator already.` : `${login} is no administrator.`),
  'unknown-user': (login) => `There is no user ${login}. They have to create an account first.`,
  'inactive-user': (login) => `The account of ${login} is not active.`,
  'last-administrator': (login) => `${login} is the only active administrator: make somebody else one first.`,
};
const SUCCESSES = new Set<Outcome>(['done', 'so-already']);

@Global()
@Module({ providers: [Revocations], exports: [Revocations] })
class RevocationsModule {}

/** What users need, and nothing of the rest. */
@Module({})
class CommandModule {
  static forRoot(config: Config): DynamicModule {
    return { module: CommandModule, imports: [ConfigModule.forRoot(config), DatabaseModule, AuditModule, BusModule, RateLimitModule, HousekeepingModule, RevocationsModule, UsersModule] };
  }
}

async function run(): Promise<number> {
  const { login, isAdmin } = readArguments();
  const settings = parseEnvironment(process.env, (path) => readFileSync(path, 'utf8'));
  const embedded = settings.DATABASE_URL === undefined ? await openEmbeddedDatabase(settings.DATA_DIR) : undefined;
  try {
    // The secret signs tokens, of which this makes none.
    const config = new Config({ ...settings, DATABASE_URL: settings.DATABASE_URL ?? embedded!.url, JWT_SECRET: '' });
    const outcome = await set(config, login, isAdmin);
    process.stdout.write(`${SENTENCES[outcome](login, isAdmin)}\n`);
    return SUCCESSES.has(outcome) ? 0 : 1;
  } finally {
    await embedded?.close();
  }
}

function readArguments(): { login: string; isAdmin: boolean } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { revoke: { type: 'boolean', default: false } } });
    const [login, ...more] = positionals;
    if (login === undefined || more.length > 0) throw new Error('Name one user.');
    return { login, isAdmin: !values.revoke };
  } catch (error) {
    return fail((error as Error).message, USAGE, EXIT_USAGE);
  }
}

async function set(config: Config, login: string, isAdmin: boolean): Promise<Outcome> {
  const app = await NestFactory.createApplicationContext(CommandModule.forRoot(config), { logger: ['error'], abortOnError: false });
  try {
    return await app.get(Administration).set(login, isAdmin);
  } finally {
    await app.close();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  if (error instanceof ConfigError) fail(error.message, 'docs/configuration.md explains every setting.', ConfigError.exitCode);
  if (error instanceof StartupError) fail(error.message, error.hint, error.exitCode);
  if (isUndefinedInSchema(error)) fail('The database is not set up for this version.', 'Start the server once: npm start');
  if (isTransient(error)) fail(`The database cannot be reached: ${(error as Error).message}`, 'Check DATABASE_URL, and that PostgreSQL is up.');
  throw error;
}

function fail(message: string, hint: string, exitCode = 1): never {
  process.stderr.write(`${message}\n${hint}\n`);
  process.exit(exitCode);
}
