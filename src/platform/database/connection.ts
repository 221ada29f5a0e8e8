import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { Foundation1700000000000 } from './migrations/1700000000000-foundation.js';
import { Accounts1700000001000 } from './migrations/1700000001000-accounts.js';

/** Seqs, ordinals and counts are far below 2^53: numbers, not strings. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A frozen PostgreSQL answers nothing, not even an error: only the client's own clock ends the wait (`statement_timeout` does not fire
 * then). Below 2 s, because a write must be answered within 2 s; the outcome of a timed-out write is unknown, and retried with its id.
 */
export const QUERY_TIMEOUT_MS = 1_800;
export const CONNECT_TIMEOUT_MS = 1_500;

/** Drops the connection, without the farewell of `end()`, which a frozen server would never take. */
export function destroyConnection(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/**
 * Drops itself when a query is given up. The driver would keep the connection: the query still runs on it, a ROLLBACK would wait
 * behind it and be given up too, and the pool would hand the connection out within a transaction that nobody commits.
 */
class ImpatientClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    this.query = ((...args: unknown[]) => {
      const result = query(...args);
      // Callbacks are the pool's own way, and it does so by itself.
      if (result instanceof Promise) result.catch((error: Error) => isTimeout(error) && destroyConnection(this));
      return result;
    }) as typeof this.query;
  }
}

function isTimeout(error: Error): boolean {
  return error.message === 'Query read timeout';
}

/**
 * Compiling a plan costs more than any of our queries takes. And a process that stalls in the middle of a transaction (frozen, swapped out)
 * must not keep its locks: others write to the same channels.
 */
const SESSION_OPTIONS = '-c jit=off -c idle_in_transaction_session_timeout=5s';

/** Without entities: each module brings its own to the application, and migrations are plain SQL. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'atrium',
    migrations: [Foundation1700000000000, Accounts1700000001000],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { Client: ImpatientClient, query_timeout: QUERY_TIMEOUT_MS, keepAlive: true, options: SESSION_OPTIONS },
    logging: false,
  };
}
