import pg from 'pg';
import { DataSource } from 'typeorm';
import { StartupError } from '../startup-error.js';
import { dataSourceOptions } from './connection.js';

/** Any two processes that migrate one database take this lock, so that the second one finds the work done. */
const MIGRATION_LOCK = 0x61747269;
const OLDEST_POSTGRES = 140_000;

/**
 * Brings the schema up to this code: forward only, one migrator at a time, waiting at most 10 s for a lock on a table in use.
 * @throws StartupError when the database cannot be reached, is too old, or was written by newer code
 */
export async function migrate(url: string, logger: { log(message: string): void }): Promise<void> {
  const guard = await connect(url);
  try {
    await requireVersion(guard);
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const dataSource = new DataSource({ ...dataSourceOptions(url, 1), extra: { options: '-c lock_timeout=10s' } });
    await dataSource.initialize();
    try {
      await refuseNewerSchema(guard, dataSource);
      for (const migration of await dataSource.runMigrations()) logger.log(`migrated: ${migration.name}`);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await guard.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'atrium-migrate' });
  client.on('error', () => void client.end());
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { host, database } = client;
    throw new StartupError(`PostgreSQL cannot be reached: ${(error as Error).message}`, `Check DATABASE_URL (host ${host}, database ${database}), and that the server is up.`);
  }
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    `SELECT current_setting('server_version_num') AS server_version_num, current_setting('server_version') AS server_version`,
  );
  if (Number(rows[0]!.server_version_num) >= OLDEST_POSTGRES) return;
  throw new StartupError(`PostgreSQL ${rows[0]!.server_version} is too old`, 'Atrium needs PostgreSQL 14 or newer.');
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
