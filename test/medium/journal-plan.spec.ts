import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommitStatement, type Pending } from '../../src/journal/commit-statement.js';
import type { NewEntry } from '../../src/journal/entry.js';
import { SESSION_OPTIONS } from '../../src/journal/journal-connection.js';
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
  'Index Cond'?: string;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

let database: TestDatabase;
let channels: string[];

beforeAll(async () => {
  database = await createDatabase();
  await migrate(database.url, { log: () => undefined });
  channels = await createChannels(database.url, BATCH);
});

afterAll(() => database.drop());

const statement = new CommitStatement([PROJECTION]);
const batch = () =>
  channels.map((channelId) => pending(note(channelId, { actorId: randomUUID(), opId: randomUUID(), counted: true, row: { message_id: randomUUID(), content: 'x'.repeat(100) } })));
const pending = (entry: NewEntry): Pending => ({ entry, expectedSeq: undefined, text: undefined });

/** The plan that the journal's connection keeps, with what it cost this once. */
async function explain(connection: pg.Client): Promise<{ nodes: PlanNode[]; ms: number }> {
  const types = statement.values([pending(note(channels[0]!))]).map((_, i) => `$${i + 1}`);
  const literals = statement.values(batch()).map((column) => pg.escapeLiteral(typeof column === 'string' ? column : toArrayLiteral(column as (string | number | boolean | null)[])));
  await connection.query('DEALLOCATE ALL');
  await connection.query(`PREPARE commit AS ${statement.text}`);
  expect(literals).toHaveLength(types.length);
  const { rows } = await connection.query<{ 'QUERY PLAN': { Plan: PlanNode; 'Execution Time': number }[] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE commit (${literals.join(', ')})`,
  );
  const [plan] = rows[0]!['QUERY PLAN'];
  return { nodes: flatten(plan!.Plan), ms: plan!['Execution Time'] };
}

function toArrayLiteral(column: (string | number | boolean | null)[]): string {
  return `{${column.map((value) => (value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

async function withConnection<T>(work: (connection: pg.Client) => Promise<T>): Promise<T> {
  const connection = new pg.Client({ connectionString: database.url, options: SESSION_OPTIONS });
  await connection.connect();
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

function expectIndexesOnly(nodes: PlanNode[]): void {
  const reads = nodes.filter((node) => node['Relation Name'] !== undefined && node['Node Type'].includes('Scan'));
  expect(reads.map((node) => [node['Relation Name'], node['Node Type'], node['Index Name']]).sort()).toEqual([
    ['channels', 'Index Scan', 'channels_pkey'],
    ['journal', 'Index Scan', 'journal_operation'],
  ]);
  for (const column of ['channel_id', 'actor_id', 'op_id']) expect(reads.find((node) => node['Relation Name'] === 'journal')!['Index Cond']).toContain(column);
  // Rows that were compared and thrown away: of a join of the batch with itself there would be BATCH² of them.
  for (const node of nodes) expect((node['Rows Removed by Join Filter'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)).toBeLessThanOrEqual(BATCH);
}

describe('the plan of the commit statement', () => {
  it('goes through the indexes while the tables are empty', async () => {
    expectIndexesOnly((await withConnection(explain)).nodes);
  });

  it('goes through them when the tables are large, analyzed or not, and when it was made while they were empty', async () => {
    await withConnection(async (early) => {
      await explain(early);
      await query(
        database.url,
        `INSERT INTO journal (channel_id, seq, type, actor_id, op_id, at)
         SELECT c, 1000 + n, 'note', gen_random_uuid(), n::text, now() FROM unnest($1::uuid[]) AS c, generate_series(1, 200) AS n`,
        [channels],
      );
      const unanalyzed = await withConnection(explain);
      expectIndexesOnly(unanalyzed.nodes);
      await query(database.url, 'ANALYZE');
      const analyzed = await withConnection(explain);
      expectIndexesOnly(analyzed.nodes);
      expectIndexesOnly((await explain(early)).nodes);
    });
  });
});
