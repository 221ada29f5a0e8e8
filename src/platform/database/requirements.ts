import type { Client } from 'pg';
import { StartupError } from '../startup-error.js';
import { RELIED_ON } from './session.js';

const OLDEST_VERSION = 140_000;

interface Found {
  version: string;
  version_number: number;
  encoding: string;
  database: string;
  schema: string | null;
  path: string;
  is_replica: boolean;
  is_read_only: boolean;
}

/**
 * Refuses a database that the program cannot work with, before anything is done to it.
 * @throws StartupError that says what is wrong and how to put it right
 */
export async function requireUsable(client: Client): Promise<void> {
  const { rows } = await client.query<Found>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS version_number,
            current_setting('server_encoding') AS encoding, current_database() AS database, current_schema() AS schema,
            current_setting('search_path') AS path, pg_is_in_recovery() AS is_replica, current_setting('default_transaction_read_only')::bool AS is_read_only`,
  );
  const found = rows[0]!;
  if (found.version_number < OLDEST_VERSION) throw unfit(`PostgreSQL ${found.version} is too old`, 'Atrium needs PostgreSQL 14 or newer.');
  if (found.encoding !== 'UTF8') {
    throw unfit(
      `The database ${found.database} stores text as ${found.encoding}, which cannot hold every language`,
      `Make one that stores UTF-8, and name it in DATABASE_URL: CREATE DATABASE atrium ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  if (found.schema === null) {
    throw unfit(`None of the schemas that this role looks into (search_path: ${found.path}) exists in the database ${found.database}`, 'Create the schema, or set another search_path for the role: ALTER ROLE … SET search_path = public');
  }
  if (found.is_replica) throw new StartupError('PostgreSQL is a standby, which takes no writes', 'Point DATABASE_URL to the primary; or wait until this server is promoted.');
  if (found.is_read_only) throw new StartupError(`The database ${found.database} is read-only (default_transaction_read_only = on)`, `Allow writes: ALTER DATABASE ${found.database} RESET default_transaction_read_only; the role may have the setting, too.`);
  await requireSession(client);
}

/** Something between us and PostgreSQL may drop what a connection asks for. */
async function requireSession(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; value: string }>('SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name', [Object.keys(RELIED_ON)]);
  const wrong = rows.filter(({ name, value }) => value !== RELIED_ON[name]).map(({ name, value }) => `${name} is ${value}, not ${RELIED_ON[name]}`);
  if (wrong.length === 0) return;
  throw unfit(`The database connection does not have the settings that it asked for: ${wrong.join('; ')}`, 'A connection pooler that ignores "options" does this: connect to PostgreSQL directly.');
}

/** Another start would find the same: as for a setting that is not valid. */
function unfit(message: string, hint: string): StartupError {
  return new StartupError(message, hint, { isConfiguration: true });
}
