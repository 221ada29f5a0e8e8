import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { beforeScrape, metrics } from '../metrics/metrics.js';
import { ask } from './impatient-client.js';

/** Runs SQL and returns its rows. Statements are prepared once per connection, under a name made from their text. */
export interface Sql {
  rows<T extends QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
}

/** A transaction. `manager` gives TypeORM's repositories the same one. */
export interface Transaction extends Sql {
  readonly manager: EntityManager;
}

const statementNames = new Map<string, string>();

/** A short name for the text. Texts are constants of the code, so the map is bounded by the code. */
function nameOf(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) statementNames.set(text, (name = `q${statementNames.size}`));
  return name;
}

/**
 * The hot paths' way to PostgreSQL: TypeORM's own pool, without the layers above it.
 * Values are always parameters; a text must never contain input, because each one is prepared for good.
 */
@Injectable()
export class Database implements Sql {
  private readonly pool: Pool;

  constructor(@InjectDataSource() readonly dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
    beforeScrape(() => this.recordPool());
  }

  rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return ask<T>(this.pool, { name: nameOf(text), text, values });
  }

  /** Commits when `work` resolves, rolls back when it throws. Effects outside the database belong after it. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      const client = (await manager.queryRunner!.connect()) as PoolClient;
      const rows = <R extends QueryResultRow>(text: string, values: unknown[] = []) => ask<R>(client, { name: nameOf(text), text, values });
      return work({ manager, rows });
    });
  }

  private recordPool(): void {
    metrics.poolTotal.set({ pool: 'queries' }, this.pool.totalCount);
    metrics.poolIdle.set({ pool: 'queries' }, this.pool.idleCount);
    metrics.poolWaiting.set({ pool: 'queries' }, this.pool.waitingCount);
  }
}
