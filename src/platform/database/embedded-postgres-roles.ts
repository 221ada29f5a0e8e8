import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPLICATION, type Cluster, DATABASE, giveTo, runProgram, SUPERUSER } from './embedded-postgres-cluster.js';
import { evictServers } from './embedded-postgres-ownership.js';

/** Present once the application has a role of its own; in clusters from before there is none. */
const MARKER = 'atrium-roles';
const PASSWORD_BYTES = 32;

/**
 * Gives the application a role that owns its database and may do nothing else to the server. The superuser is for setup and for operators:
 * it has a password, which is only in `passwordFile`, readable by whoever may read the cluster's files.
 *
 * In clusters from before, the application's role was the superuser that initdb made, which has to remain one; so that one gets another
 * name, and what it owned a new owner. One statement does all of it: it is done as a whole, and again when it was interrupted.
 */
export async function separateRoles(cluster: Cluster): Promise<void> {
  const marker = join(cluster.directory, MARKER);
  if (existsSync(marker) && existsSync(cluster.passwordFile)) return;
  await evictServers(cluster.directory);
  const password = randomBytes(PASSWORD_BYTES).toString('hex');
  writeFileSync(cluster.passwordFile, `${password}\n`, { mode: 0o600 });
  // What goes wrong is shown to the operator, but not the statement, which has the password.
  await runProgram(cluster.account, cluster.binaries.postgres, ['--single', '-D', cluster.directory, '-c', 'log_min_error_statement=panic', DATABASE], `${oneLine(separation(password))}\n`);
  requirePassword(cluster);
  writeFileSync(marker, 'The application has a role of its own in this cluster.\n', { mode: 0o600 });
  giveTo(cluster.account, marker);
}

/** The first line that matches a connection counts. */
function requirePassword(cluster: Cluster): void {
  const file = join(cluster.directory, 'pg_hba.conf');
  const rule = `local all ${SUPERUSER} scram-sha-256`;
  const rules = readFileSync(file, 'utf8');
  if (!rules.startsWith(rule)) writeFileSync(file, `${rule}\n${rules}`);
}

const OURS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
const notOf = (catalog: string, id: string, kinds: string) => `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${id} AND d.deptype IN (${kinds}))`;

/** What changes the owner of everything in the database, but for what follows its table or its extension. */
const OWNERSHIP = `
  SELECT format('ALTER SCHEMA %I OWNER TO ${APPLICATION}', n.nspname) AS command FROM pg_namespace n WHERE ${OURS} AND n.nspowner = 10
  UNION ALL SELECT format('ALTER TABLE %s OWNER TO ${APPLICATION}', c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OURS} AND c.relowner = 10 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${notOf('pg_class', 'c.oid', `'e'`)}
      AND (c.relkind <> 'S' OR ${notOf('pg_class', 'c.oid', `'a', 'i'`)})
  UNION ALL SELECT format('ALTER ROUTINE %s OWNER TO ${APPLICATION}', p.oid::regprocedure) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${OURS} AND p.proowner = 10 AND ${notOf('pg_proc', 'p.oid', `'i', 'e'`)}
  UNION ALL SELECT format('ALTER TYPE %s OWNER TO ${APPLICATION}', t.oid::regtype) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE ${OURS} AND t.typowner = 10 AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c') AND ${notOf('pg_type', 't.oid', `'i', 'e'`)}`;

/** The superuser that initdb makes has the OID 10. */
function separation(password: string): string {
  return `DO $$
    DECLARE
      change text;
    BEGIN
      IF (SELECT rolname FROM pg_roles WHERE oid = 10) = '${APPLICATION}' THEN
        CREATE ROLE atrium_setup SUPERUSER;
        SET SESSION AUTHORIZATION atrium_setup;
        ALTER ROLE ${APPLICATION} RENAME TO ${SUPERUSER};
        SET SESSION AUTHORIZATION ${SUPERUSER};
        DROP ROLE atrium_setup;
      END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APPLICATION}') THEN
        CREATE ROLE ${APPLICATION};
      END IF;
      ALTER ROLE ${APPLICATION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
      ALTER ROLE ${SUPERUSER} PASSWORD '${password}';
      ALTER DATABASE ${DATABASE} OWNER TO ${APPLICATION};
      FOR change IN ${OWNERSHIP} LOOP
        EXECUTE change;
      END LOOP;
    END $$`;
}

/** A server without clients takes each line for a statement. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
