import { Logger } from '@nestjs/common';
import type { Client, QueryResultRow } from 'pg';
import { CONNECT_TIMEOUT_MS } from '../platform/database/connection.js';
import { ask, destroyConnection, ImpatientClient } from '../platform/database/impatient-client.js';
import { APPLICATION_LIMITS, sessionConfig } from '../platform/database/session.js';
import type { Sql } from '../platform/database/database.js';
import { isConcurrencyFailure, isLockTimeout, isTransient } from '../platform/database/pg-errors.js';
import { metrics } from '../platform/metrics/metrics.js';

/**
 * Plans once, and only plans that go through the indexes: the commit statement is written so, and a plan made while the tables
 * were empty must not stay when they are large. A channel that a stalled process keeps locked must not hold up the others for long, and
 * neither must we when it is ours that stalls.
 */
export const JOURNAL_LIMITS = { ...APPLICATION_LIMITS, plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', enable_bitmapscan: 'off', lock_timeout: '1s' };
const MAX_RECONNECT_DELAY_MS = 1_000;

/** A backend process of PostgreSQL; pids are used again, the pair is not. */
interface Backend {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * One connection for one commit lane. When a statement fails for want of the server, the connection is down until the fate of that
 * statement is settled: the old backend is gone, so whatever it committed is visible.
 */
export class JournalConnection implements Sql {
  private readonly logger = new Logger(JournalConnection.name);
  private client: Client | undefined;
  private backend: Backend | undefined;
  private closed = false;
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly name: string,
    /** Called after an outage, when the fate of every earlier statement is settled. */
    private readonly onRecovered: () => void,
  ) {}

  get isUp(): boolean {
    return this.client !== undefined;
  }

  async open(): Promise<void> {
    this.client = await this.connect();
    this.setBreaker(0);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
    this.client = undefined;
  }

  /** @throws the driver's error; after a transient one the connection is down and recovers by itself */
  rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.ask<T>(this.client, text, values);
  }

  /**
   * Commits when `work` resolves, rolls back when it throws. When the connection breaks meanwhile nothing goes on over the next one.
   * @throws what `work` throws, and as `rows`
   */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const { client } = this;
    const sql: Sql = { rows: (text, values = []) => this.ask(client, text, values) };
    await sql.rows('BEGIN');
    try {
      const result = await work(sql);
      await sql.rows('COMMIT');
      return result;
    } catch (error) {
      // Of a connection that is down the server has rolled back what was begun.
      if (this.client === client) await sql.rows('ROLLBACK');
      throw error;
    }
  }

  private async ask<T extends QueryResultRow>(client: Client | undefined, text: string, values: unknown[]): Promise<T[]> {
    if (!client || client !== this.client) throw new Error('Connection terminated');
    let name = this.texts.get(text);
    if (name === undefined) this.texts.set(text, (name = `j${this.texts.size}`));
    try {
      return await ask<T>(client, { name, text, values });
    } catch (error) {
      if (isTransient(error) && !isConcurrencyFailure(error) && !isLockTimeout(error)) this.goDown(client, error as Error);
      throw error;
    }
  }

  private async connect(): Promise<Client> {
    const client = new ImpatientClient({
      ...sessionConfig(this.url, JOURNAL_LIMITS),
      application_name: `atrium-${this.name}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', (error) => this.goDown(client, error));
    try {
      await client.connect();
      await this.settleFate(client);
      const { rows } = await client.query<{ pid: number; started_at: string }>(
        'SELECT pid, backend_start::text AS started_at FROM pg_stat_activity WHERE pid = pg_backend_pid()',
      );
      this.backend = rows[0] && { pid: rows[0].pid, startedAt: rows[0].started_at };
      return client;
    } catch (error) {
      destroy(client);
      throw error;
    }
  }

  /** A statement that timed out may still commit, for example when a frozen server thaws. Ends its backend and waits until it is gone. */
  private async settleFate(client: Client): Promise<void> {
    if (!this.backend) return;
    const alive = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2::timestamptz`;
    for (;;) {
      const { rowCount } = await client.query(alive, [this.backend.pid, this.backend.startedAt]);
      if (rowCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private goDown(client: Client, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.setBreaker(1);
    destroy(client);
    if (this.closed) return;
    this.logger.error({ err: error }, `${this.name}: lost PostgreSQL; writes answer UNAVAILABLE until it is back`);
    void this.recover();
  }

  private async recover(): Promise<void> {
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        this.client = await this.connect();
        this.setBreaker(0);
        this.logger.log(`${this.name}: PostgreSQL is back`);
        this.onRecovered();
        return;
      } catch (error) {
        this.logger.debug({ err: error }, `${this.name}: PostgreSQL is still away`);
        const ceiling = Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** attempt);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * ceiling));
      }
    }
  }

  private setBreaker(state: 0 | 1): void {
    metrics.breakerState.set({ breaker: this.name }, state);
  }
}

function destroy(client: Client): void {
  client.removeAllListeners('error');
  client.on('error', () => undefined);
  destroyConnection(client);
}
