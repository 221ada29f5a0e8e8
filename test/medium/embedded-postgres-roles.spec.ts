import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDirectory, prepareCluster, runProgram } from '../../src/platform/database/embedded-postgres-cluster.js';
import { EmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { query } from '../support/journal-node.js';

let dataDir: string;
let postgres: EmbeddedPostgres | undefined;

beforeEach(async () => {
  dataDir = await realpath(await mkdtemp(join(tmpdir(), 'atrium-roles-')));
});
afterEach(async () => {
  await postgres?.stop();
  postgres = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  await postgres?.stop();
  return (postgres = await EmbeddedPostgres.start({ dataDir, log: () => undefined }));
}

const rolesOf = (url: string) => query(url, `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1`);
const nothingSpecial = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false };
const everything = { rolsuper: true, rolcreaterole: true, rolcreatedb: true, rolreplication: true, rolbypassrls: true };
const ROLES = [{ rolname: 'atrium', ...nothingSpecial }, { rolname: 'postgres', ...everything }];

/** A cluster as it was made before the application had a role of its own: `atrium` is the superuser of initdb. */
async function makeOldCluster(statements: readonly string[] = []): Promise<void> {
  const { account, binaries, directory } = await prepareCluster(openDataDirectory(dataDir), () => undefined);
  const rename = ['CREATE ROLE other SUPERUSER', 'SET SESSION AUTHORIZATION other', 'ALTER ROLE postgres RENAME TO atrium', 'SET SESSION AUTHORIZATION atrium', 'DROP ROLE other'];
  await runProgram(account, binaries.postgres, ['--single', '-D', directory, 'atrium'], [...rename, ...statements].map((text) => `${text}\n`).join(''));
}

describe('the role of the application', () => {
  it('owns its database and everything in it, and may do nothing else to the server', async () => {
    const { url } = await start();
    await migrate(url, { log: () => undefined });
    expect(await query(url, 'SELECT current_user, session_user')).toEqual([{ current_user: 'atrium', session_user: 'atrium' }]);
    expect(await rolesOf(url)).toEqual(ROLES);
    expect(await query(url, `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`)).toEqual([{ tableowner: 'atrium' }]);
    expect(await query(url, `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'atrium'`)).toEqual([{ owner: 'atrium' }]);
    for (const text of ['CREATE ROLE eve', 'CREATE DATABASE eve', `SELECT pg_read_file('/etc/passwd')`, 'ALTER SYSTEM SET fsync = off', `COPY (SELECT 1) TO PROGRAM 'true'`, 'SET ROLE postgres', 'SET session_replication_role = replica', 'ALTER ROLE atrium SUPERUSER']) {
      await expect(query(url, text), text).rejects.toThrow(/permission denied|must be|only roles/i);
    }
    await expect(query(url, 'DELETE FROM audit_events')).rejects.toThrow('permission denied for table audit_events');
  });

  it('may do what the product needs: extensions that are trusted, to listen, to end its own connections', async () => {
    const { url } = await start();
    await query(url, 'CREATE EXTENSION pg_trgm');
    await query(url, 'LISTEN x');
    await query(url, `SELECT pg_advisory_lock(1), pg_notify('x', 'y')`);
    expect(await query(url, 'SELECT count(backend_start)::int AS seen FROM pg_stat_activity WHERE usename = current_user')).toEqual([{ seen: 1 }]);
  });

  it('needs no password, and the superuser does', async () => {
    const { url, adminUrl } = await start();
    const asSuperuser = url.replace('atrium@', 'postgres@');
    await expect(query(asSuperuser, 'SELECT 1')).rejects.toThrow(/password/);
    await expect(query(asSuperuser.replace('postgres@', 'postgres:guess@'), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(await query(adminUrl, 'SELECT current_user')).toEqual([{ current_user: 'postgres' }]);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDir, 'postgres.url'), 'utf8')).toBe(`${url}\n`);
  });

  it('stays as it is over restarts, and gets over a lost password file', async () => {
    const { adminUrl } = await start();
    expect((await start()).adminUrl).toBe(adminUrl);
    rmSync(join(dataDir, 'postgres.password'));
    const again = await start();
    expect(again.adminUrl).not.toBe(adminUrl);
    expect(await rolesOf(again.adminUrl)).toEqual(ROLES);
    const rules = readFileSync(join(dataDir, 'postgres', 'pg_hba.conf'), 'utf8');
    expect(rules.match(/^local all postgres scram-sha-256$/gm)).toHaveLength(1);
  });
});

describe('a cluster from before', () => {
  const OBJECTS = [
    `CREATE TYPE mood AS ENUM ('good')`, 'CREATE DOMAIN whole AS int CHECK (VALUE > 0)', 'CREATE TYPE pair AS (a int, b int)', 'CREATE SCHEMA extra',
    'CREATE TABLE notes (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, mood mood, text text UNIQUE)',
    `INSERT INTO notes (mood, text) VALUES ('good', 'kept'), ('good', '也留着')`, 'CREATE TABLE extra.parts (id int) PARTITION BY RANGE (id)', 'CREATE TABLE extra.part PARTITION OF extra.parts DEFAULT',
    'CREATE SEQUENCE apart', 'CREATE VIEW seen AS SELECT text FROM notes', 'CREATE MATERIALIZED VIEW stored AS SELECT text FROM notes', 'CREATE EXTENSION pg_trgm',
    `CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'SELECT 2'`, `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    'CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch()',
  ];
  const expectMoved = async (url: string) => {
    expect(await rolesOf(url)).toEqual(ROLES);
    expect(await query(url, 'SELECT id, n, text FROM notes ORDER BY id')).toEqual([{ id: 1, n: 1, text: 'kept' }, { id: 2, n: 2, text: '也留着' }]);
    const left = await query(url, `
      SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('public', 'extra') AND relkind <> 'i' AND pg_get_userbyid(relowner) <> 'atrium'
      UNION ALL SELECT proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname IN ('public', 'extra') AND pg_get_userbyid(proowner) <> 'atrium'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
      UNION ALL SELECT typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname IN ('public', 'extra') AND pg_get_userbyid(typowner) <> 'atrium'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = coalesce(nullif(t.typelem, 0), t.oid) AND d.deptype = 'e')
      UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname = 'extra' AND pg_get_userbyid(nspowner) <> 'atrium'`);
    expect(left).toEqual([]);
    // Whoever owns it may change it.
    await query(url, `ALTER TYPE mood ADD VALUE IF NOT EXISTS 'bad'`);
    await query(url, 'ALTER TABLE notes ADD COLUMN IF NOT EXISTS more text');
    await query(url, 'ALTER TABLE extra.parts ADD COLUMN IF NOT EXISTS more text');
    await query(url, 'REFRESH MATERIALIZED VIEW stored');
    await migrate(url, { log: () => undefined });
  };

  it('starts as ever, with its data, at the same address, and everything is owned by a role that is no superuser', async () => {
    await makeOldCluster(OBJECTS);
    const { url } = await start();
    await expectMoved(url);
    expect((await start()).url).toBe(url);
    await expectMoved(url);
  });

  it('is moved by the next start when the first was interrupted on the way', async () => {
    await makeOldCluster(OBJECTS);
    await start();
    // All was committed, and the process ended before it could say so.
    await postgres!.stop();
    rmSync(join(dataDir, 'postgres', 'atrium-roles'));
    await expectMoved((await start()).url);
    // Nothing was done yet but the password.
    await postgres!.stop();
    await rm(dataDir, { recursive: true, force: true });
    await makeOldCluster(OBJECTS);
    writeFileSync(join(dataDir, 'postgres.password'), 'x\n', { mode: 0o600 });
    await expectMoved((await start()).url);
  });
});
