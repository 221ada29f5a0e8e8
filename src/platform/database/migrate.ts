import pg from 'pg';
import { DataSource } from 'typeorm';
import { StartupError } from '../startup-error.js';
import { dataSourceOptions } from './connection.js';
import { isLockTimeout, isPermissionDenied } from './pg-errors.js';
import { requireUsable } from './requirements.js';
import { MIGRATION_LIMITS, sessionConfig } from './session.js';

/** Any two processes that migrate one database take this lock, so that the second one finds the work done. */
const MIGRATION_LOCK = 0x61747269;

/**
 * Brings the schema up to this code: forward only, one migrator at a time, waiting at most 10 s for a lock on a table in use.
 * @throws StartupError when the database cannot be reached, is not one to work with, or was written by newer code
 */
export async function migrate(url: string, logger: { log(message: string): void }): Promise<void> {
  const guard = await connect(url);
  try {
    await requireUsable(guard);
    // It waits for another migrator, and then for its own migrations, for as long as they take.
    await guard.query('SET lock_timeout = 0; SET statement_timeout = 0; SET idle_session_timeout = 0');
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const dataSource = new DataSource({ ...dataSourceOptions(url, 1), extra: { options: sessionConfig(url, MIGRATION_LIMITS).options } });
    await dataSource.initialize();
    try {
      await refuseNewerSchema(guard, dataSource);
      for (const migration of await dataSource.runMigrations()) logger.log(`migrated: ${migration.name}`);
    } catch (error) {
      throw explain(error);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await guard.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  // Without settings that an old server does not know: it is to be refused for its age.
  const client = new pg.Client({ ...sessionConfig(url, {}), connectionTimeoutMillis: 10_000, application_name: 'atrium-migrate' });
  client.on('error', () => void client.end());
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { host, database } = client;
    throw new StartupError(`PostgreSQL cannot be reached: ${(error as Error).message}`, `Check DATABASE_URL (host ${host}, database ${database}), and that the server is up.`);
  }
}

/** What an operator can put right, as a sentence. Anything else is a fault of ours, and is shown as it is. */
function explain(error: unknown): unknown {
  const { message } = error as Error;
  if (isPermissionDenied(error)) return new StartupError(`The database could not be set up: ${message}`, 'Let the role create tables: GRANT CREATE ON SCHEMA public TO …', { cause: error, isConfiguration: true });
  if (isLockTimeout(error)) return new StartupError('The database could not be migrated, because somebody else keeps a table locked', 'End the transaction that holds it (pg_stat_activity), and start again.', { cause: error });
  return error;
}

async function refuseNewerSchema(client: pg.Client, dataSource: DataSource): Promise<void> {
  const exists = await client.query<{ found: boolean }>(`SELECT to_regclass('migrations') IS NOT NULL AS found`);
  if (!exists.rows[0]!.found) return;
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  const known = new Set(dataSource.migrations.map((m) => m.name ?? m.constructor.name));
  const unknown = rows.map((row) => row.name).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new StartupError(`The database is newer than this code (it has ${unknown.join(', ')})`, 'Start the version that made it, or a newer one; or restore a backup from before the upgrade.');
}
