import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MembersRepository } from '../../src/modules/rooms/members.repository.js';
import { WORLD_ID } from '../../src/modules/rooms/world.js';
import { UsersRepository } from '../../src/modules/users/users.repository.js';
import { nameGrams } from '../../src/platform/database/name-grams.js';
import { likePattern } from '../../src/platform/database/like-pattern.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const USERS = 100_000;

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

let database: TestDatabase;
let client: pg.Client;
/** What a repository has asked last. */
let asked: { sql: string; values: unknown[] };
const db = {
  rows: async (sql: string, values: unknown[]) => {
    asked = { sql, values };
    return (await client.query(sql, values)).rows as unknown[];
  },
};
const users = new UsersRepository(undefined as never, db as never);
const members = new MembersRepository(db as never);

beforeAll(async () => {
  database = await createDatabase();
  await migrate(database.url, { log: () => undefined });
  client = new pg.Client(database.url);
  await client.connect();
  await client.query(
    `INSERT INTO users (id, email, email_key, username, username_key, display_name, display_name_key)
     SELECT gen_random_uuid(), name || '@example.org', name || '@example.org', name, name, shown, shown
     FROM (SELECT n, 'user' || md5(n::text) AS name,
             chr(19968 + n % 500) || chr(20968 + (n * 7) % 3000) || CASE WHEN n % 3 = 0 THEN chr(24000 + n % 700) ELSE '' END AS shown FROM generate_series(1, $1::int) n) made`,
    [USERS],
  );
  const named = [['ada_lovelace', 'ada lovelace'], ['zoë', 'zoë 山田'], ['percent', '100% \\o/'], ['rare', '龘']] as const;
  for (const [name, shown] of named) await client.query(`INSERT INTO users (id, email, email_key, username, username_key, display_name, display_name_key) VALUES ($1, $2, $2, $2, $2, $3, $3)`, [randomUUID(), name, shown]);
  await client.query('INSERT INTO room_members (room_id, user_id, role, joined_at) SELECT $1, id, $2, now() FROM users', [WORLD_ID, 'member']);
  await client.query('VACUUM ANALYZE users, room_members');
}, 120_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

const find = async (containing: string, after = '') => (await users.listActive({ containing, after, limit: 51 })).map(({ username }) => username);

/** Pages of the database that the last question looked at, and the indexes that it used. */
async function planOfLast(): Promise<{ blocks: number; indexes: string[]; scans: string[] }> {
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${asked.sql}`, asked.values);
  const { Plan: root } = rows[0]!['QUERY PLAN'][0]!;
  const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
  const all = nodes(root);
  return { blocks: root['Shared Hit Blocks'] + root['Shared Read Blocks'], indexes: all.flatMap((node) => node['Index Name'] ?? []), scans: all.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']!) };
}

/** What the same question would look at without the index. */
async function blocksOfScan(): Promise<number> {
  const { rows } = await client.query<{ pages: number }>(`SELECT relpages AS pages FROM pg_class WHERE relname = 'users'`);
  return rows[0]!.pages;
}

describe('looking for somebody among 100,000', () => {
  it.each(['lovelace', 'a_l', '龘', '山田', '100%', '\\o', 'nobody here', 'zoë 山'])('reads %j off the index', async (part) => {
    await find(part);
    const { blocks, indexes, scans } = await planOfLast();
    expect(indexes).toContain('users_by_name');
    expect(scans).toEqual([]);
    expect(blocks).toBeLessThan((await blocksOfScan()) / 10);
  });

  it.each(['u', 'se', 'user', '1', '一', 'ab', 'abc', 'use', '㐀', 'rabc', 'e'.repeat(64)])('never reads most of the table for %j', async (part) => {
    await find(part);
    expect((await planOfLast()).scans).toEqual([]);
    await members.list(WORLD_ID, { q: part, limit: 50 });
    expect((await planOfLast()).scans.filter((table) => table === 'users')).toEqual([]);
  });

  it('finds the same, in the same order, as a look at each of them', async () => {
    const parts = ['lovelace', 'LOVE', '龘', '山', '山田', '一', '%', '\\', '_', 'a_l', 'user1', 'f00', 'ab', 'z', 'none of them', 'zoë 山田'];
    for (const part of parts) {
      const key = part.toLowerCase();
      for (const after of ['', 'user8']) {
        const { rows } = await client.query<{ username: string }>('SELECT username FROM users WHERE username_key > $2 AND (username_key LIKE $1 OR display_name_key LIKE $1) ORDER BY username_key LIMIT 51', [likePattern(key), after]);
        expect(await find(key, after), part).toEqual(rows.map(({ username }) => username));
      }
    }
    expect(await find('山田')).toEqual(['zoë']);
    expect((await find('一')).length).toBe(51);
  });

  it('finds the members of a room by the same index', async () => {
    const { items } = await members.list(WORLD_ID, { q: 'Lovelace', limit: 50 });
    expect(items.map(({ user }) => user.username)).toEqual(['ada_lovelace']);
    const { blocks, indexes } = await planOfLast();
    expect(indexes).toContain('users_by_name');
    expect(blocks).toBeLessThan((await blocksOfScan()) / 10);
  });
});

describe('the grams of a part', () => {
  it('are those that the database has of every name around it', async () => {
    for (const part of ['a', 'ab', '山', '山田', 'abc', 'ab𠮷野家x', '%_\\', 'x'.repeat(64)]) {
      const { rows } = await client.query<{ has: boolean }>('SELECT name_grams($1) @> $2::text[] AS has', [`other\nbefore${part}after`, nameGrams(part)]);
      expect(rows[0]!.has, part).toBe(true);
    }
    expect(nameGrams('abcd')).toEqual(['abc', 'bcd']);
    expect(nameGrams('山田')).toEqual(['山田']);
    expect(nameGrams('x'.repeat(64))).toEqual(['xxx']);
  });
});
