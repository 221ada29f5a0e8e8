import { randomUUID } from 'node:crypto';
import type { NetConnectOpts } from 'node:net';
import pg from 'pg';
import { inject } from 'vitest';

/** A database that nobody else uses. */
export interface TestDatabase {
  url: string;
  /** Removes it, disconnecting whoever is still there. */
  drop(): Promise<void>;
}

/** Creates a fresh, empty database on the server that the set-up started, with the options of CREATE DATABASE, if any. */
export async function createDatabase(options = ''): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(adminUrl, `CREATE DATABASE ${name} ${options}`);
  return {
    url: withDatabase(adminUrl, name),
    drop: () => execute(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Only the last part of the path changes; a Unix socket's directory stands escaped in the host. */
function withDatabase(url: string, name: string): string {
  return url.replace(/^(\w+:\/\/[^/]*)\/[^?]*/, `$1/${name}`);
}

/** Runs statements, in one transaction, over a connection of its own. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Where the server of a connection string listens. */
export function serverAddress(url: string): NetConnectOpts {
  const { host, port } = new pg.Client(url);
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

/** The same database, by way of a proxy on this machine. */
export function throughPort(url: string, port: number): string {
  const { user = '', password, database = '' } = new pg.Client(url);
  const credentials = encodeURIComponent(user) + (typeof password === 'string' ? `:${encodeURIComponent(password)}` : '');
  return `postgres://${credentials}@127.0.0.1:${port}/${database}`;
}
