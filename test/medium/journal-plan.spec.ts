import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendAtStatement } from '../../src/journal/append-at-statement.js';
import { CommitStatement, type Pending, type Statement } from '../../src/journal/commit-statement.js';
import type { NewEntry, Permit } from '../../src/journal/entry.js';
import { JOURNAL_LIMITS } from '../../src/journal/journal-connection.js';
import { sessionConfig } from '../../src/platform/database/session.js';
import type { Projection } from '../../src/journal/projection.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { createChannels, note, query } from '../support/journal-node.js';

const BATCH = 500;

/** As messages have one: more columns, and one more insert. */
const PROJECTION: Projection = {
  name: 'new_messages',
  columns: { message_id: 'uuid', content: 'text' },
  sql: `INSERT INTO messages (id, room_id, seq, ordinal, sender_id, type, content, client_msg_id, created_at)
        SELECT message_id, channel_id, seq, ordinal, actor_id, 'text', content, op_id, at FROM placed WHERE message_id IS NOT NULL`,
};

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'CTE Name'?: string;
  'Actual Rows': number;
  'Index Cond'?: string;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

let database: TestDatabase;
let channels: string[];

/** A statement, the largest batch for it, and by what indexes it may read. */
interface Subject {
  readonly statement: Statement;
  readonly batch: () => Promise<Pending[]>;
  readonly indexes: readonly string[];
}

const GENERAL: Subject = {
  statement: new CommitStatement([PROJECTION]),
  batch: () => Promise.resolve(channels.map((channelId) => pending(note(channelId, { ...operation(), counted: true, row: { message_id: randomUUID(), content: 'x'.repeat(100) } })))),
  indexes: ['channels_pkey', 'journal_operation'],
};

const APPEND_AT: Subject = {
  statement: new AppendAtStatement(),
  batch: async () => {
    const rows = await query<{ id: string; last_seq: number }>(database.url, 'SELECT id, last_seq::float8 FROM channels');
    const next = new Map(rows.map(({ id, last_seq }) => [id, last_seq + 1]));
    return channels.map((channelId) => pending(note(channelId, operation()), next.get(channelId)));
  },
  indexes: ['channels_pkey'],
};

const operation = () => ({ actorId: randomUUID(), opId: randomUUID() });
const permit: Permit = { version: 0, renew: () => Promise.resolve() };
const pending = (entry: NewEntry, expectedSeq?: number): Pending => ({ entry: { ...entry, permit }, expectedSeq, text: undefined });

/** The plan that the journal's connection keeps. */
async function explain(connection: pg.Client, { statement, batch }: Subject): Promise<PlanNode[]> {
  const literals = statement.values(await batch()).map((column) => pg.escapeLiteral(typeof column === 'string' ? column : toArrayLiteral(column as (string | number | boolean | null)[])));
  await connection.query('DEALLOCATE ALL');
  await connection.query(`PREPARE commit AS ${statement.text}`);
  const { rows } = await connection.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE commit (${literals.join(', ')})`,
  );
  const [plan] = rows[0]!['QUERY PLAN'];
  const nodes = flatten(plan!.Plan);
  expect(nodes.find((node) => node['CTE Name'] === 'bumped')!['Actual Rows']).toBe(BATCH);
  return nodes;
}

function toArrayLiteral(column: (string | number | boolean | null)[]): string {
  return `{${column.map((value) => (value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

async function withConnection<T>(work: (connection: pg.Client) => Promise<T>): Promise<T> {
  const connection = new pg.Client(sessionConfig(database.url, JOURNAL_LIMITS));
  await connection.connect();
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

function expectIndexesOnly(nodes: PlanNode[], { indexes }: Subject): void {
  const reads = nodes.filter((node) => node['Relation Name'] !== undefined && node['Node Type'].includes('Scan'));
  expect(reads.map((node) => node['Node Type'])).toEqual(indexes.map(() => 'Index Scan'));
  expect(reads.map((node) => node['Index Name']).sort()).toEqual(indexes);
  const journal = reads.find((node) => node['Relation Name'] === 'journal');
  if (journal) for (const column of ['channel_id', 'actor_id', 'op_id']) expect(journal['Index Cond']).toContain(column);
  // Rows that were compared and thrown away: of a join of the batch with itself there would be BATCH² of them.
  for (const node of nodes) expect((node['Rows Removed by Join Filter'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)).toBeLessThanOrEqual(BATCH);
}

describe.each([
  ['any batch', GENERAL],
  ['appendAts', APPEND_AT],
])('the plan of the statement that commits %s', (_name, subject) => {
  const expectIndexes = async (connection: pg.Client) => expectIndexesOnly(await explain(connection, subject), subject);

  beforeEach(async () => {
    database = await createDatabase();
    await migrate(database.url, { log: () => undefined });
    channels = await createChannels(database.url, BATCH);
  });

  afterEach(() => database.drop());

  it('goes through the indexes while the tables are empty', async () => {
    await withConnection(expectIndexes);
  });

  it('goes through them when the tables are large, analyzed or not, and when it was made while they were empty', async () => {
    await withConnection(async (early) => {
      await expectIndexes(early);
      await query(
        database.url,
        `INSERT INTO journal (channel_id, seq, type, actor_id, op_id, at)
         SELECT c, 1000 + n, 'note', gen_random_uuid(), n::text, now() FROM unnest($1::uuid[]) AS c, generate_series(1, 200) AS n`,
        [channels],
      );
      await withConnection(expectIndexes);
      await query(database.url, 'ANALYZE');
      await withConnection(expectIndexes);
      await expectIndexes(early);
    });
  });
});
