import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, expect, it } from 'vitest';
import { dataSourceOptions } from '../../src/platform/database/connection.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { gunzipText, gzipText } from '../../src/platform/gzipped-text.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { query } from '../support/journal-node.js';
import { snapshotOf } from '../support/pages.js';

let database: TestDatabase;
afterEach(() => database.drop());

/** A database as it was after the migration of that name. */
async function databaseAfter(name: string): Promise<TestDatabase> {
  const made = await createDatabase();
  const all = dataSourceOptions(made.url, 1).migrations as (new () => { name: string })[];
  const end = all.findIndex((Migration) => Migration.name === name);
  const dataSource = new DataSource({ ...dataSourceOptions(made.url, 1), migrations: all.slice(0, end + 1) });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
  return made;
}

it('rooms and pages that stand count for whoever made them, with their size, and deleted ones do not', async () => {
  database = await databaseAfter('PlainPayloads1700000009000');
  const [ada, standing, deleted, direct] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, 'a', 'a', 'a', 'a', 'a')`, [ada]);
  await query(database.url, `INSERT INTO channels (id, kind, deleted_at) VALUES ($1, 'room', NULL), ($2, 'room', now()), ($3, 'room', NULL)`, [standing, deleted, direct]);
  await query(database.url, `INSERT INTO rooms (channel_id, kind, owner_id) VALUES ($2, 'group', $1), ($3, 'group', $1), ($4, 'direct', NULL)`, [ada, standing, deleted, direct]);
  const texts = ['{}', '"é"', `"${'x'.repeat(300_000)}"`, '"gone"'];
  const pages = texts.map((text) => ({ id: uuidv7(), text, isDeleted: text === '"gone"' }));
  for (const { id, text, isDeleted } of pages) {
    await query(database.url, `INSERT INTO channels (id, kind, deleted_at) VALUES ($1, 'page', CASE WHEN $2 THEN now() END)`, [id, isDeleted]);
    await query(database.url, `INSERT INTO pages (channel_id, page_id, title, search_key, creator_id, content) VALUES ($1::uuid, $1::uuid::text, '', '', $2, $3)`, [id, ada, await gzipText(text)]);
  }
  await migrate(database.url, { log: () => undefined });
  const rooms = await query<{ id: string; counts_as: string | null }>(database.url, `SELECT channel_id AS id, counts_as FROM rooms WHERE kind <> 'world' ORDER BY channel_id`);
  expect(rooms).toEqual([standing, deleted, direct].sort().map((id) => ({ id, counts_as: id === standing ? 'made' : null })));
  const counted = await query(database.url, 'SELECT channel_id AS id, counts, bytes::int FROM pages ORDER BY channel_id');
  expect(counted).toEqual(pages.map(({ id, text, isDeleted }) => ({ id, counts: !isDeleted, bytes: Buffer.byteLength(text) })));
});

it('pages and their checkpoints are the same after their content was compressed', async () => {
  database = await databaseAfter('Pages1700000003000');
  const user = uuidv7();
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, 'a', 'a', 'a', 'a', 'a')`, [user]);
  const pages = [{ text: '你好 "quoted" \\' }, { text: 'x'.repeat(300_000) }, {}].map((props) => ({ id: uuidv7(), schema: { rootId: 1, components: { 1: { id: 1, props } } } }));
  for (const { id, schema } of pages) {
    await query(database.url, `INSERT INTO channels (id, kind) VALUES ($1, 'page')`, [id]);
    await query(database.url, `INSERT INTO pages (channel_id, page_id, title, search_key, creator_id, schema, version) VALUES ($1::uuid, $1::uuid::text, '', '', $2, $3, 7)`, [id, user, schema]);
    await query(database.url, 'INSERT INTO page_checkpoints (channel_id, version, schema) VALUES ($1, 0, $2), ($1, 3, $2)', [id, schema]);
  }
  await migrate(database.url, { log: () => undefined });
  for (const { id, schema } of pages) {
    expect(await snapshotOf(database.url, id)).toEqual({ version: 7, schema });
    const checkpoints = await query<{ version: number; content: Buffer }>(database.url, 'SELECT version::int, content FROM page_checkpoints WHERE channel_id = $1 ORDER BY version', [id]);
    expect(checkpoints.map(({ version }) => version)).toEqual([0, 3]);
    for (const { content } of checkpoints) expect(JSON.parse(await gunzipText(content))).toEqual(schema);
  }
});

it('members are known to have come when their last join says, and in the world and in large rooms nothing is made up', async () => {
  database = await databaseAfter('RightsVersion1700000006000');
  const [user, room, large] = [uuidv7(), uuidv7(), uuidv7()];
  const world = '00000000-0000-7000-8000-000000000001';
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, 'a', 'a', 'a', 'a', 'a')`, [user]);
  await query(database.url, `INSERT INTO channels (id, kind) SELECT unnest($1::uuid[]), 'room'`, [[room, large]]);
  await query(database.url, `INSERT INTO rooms (channel_id, kind, member_count) VALUES ($1, 'group', 1), ($2, 'group', 101)`, [room, large]);
  await query(database.url, `INSERT INTO room_members (room_id, user_id, role, last_read_seq) SELECT unnest($2::uuid[]), $1, 'member', 9`, [user, [room, large, world]]);
  await query(database.url, `INSERT INTO journal (channel_id, seq, type, payload, at) SELECT $1, unnest($3::int[]), 'member-joined', jsonb_build_object('userId', $2::text), now()`, [room, user, [2, 5]]);
  await migrate(database.url, { log: () => undefined });
  const rows = await query<{ room_id: string }>(database.url, 'SELECT room_id, joined_seq::int, unannounced_after::int FROM room_members');
  expect(Object.fromEntries(rows.map(({ room_id, ...row }) => [room_id, row]))).toEqual({
    [room]: { joined_seq: 5, unannounced_after: null },
    [large]: { joined_seq: 0, unannounced_after: 0 },
    [world]: { joined_seq: 9, unannounced_after: null },
  });
});

it('sessions of users who are inactive by then end for good, and no others', async () => {
  database = await databaseAfter('PageContent1700000004000');
  const [active, suspended, deleted] = [uuidv7(), uuidv7(), uuidv7()];
  const people = [[active, 'active', null], [suspended, 'suspended', null], [deleted, 'active', new Date()]] as const;
  for (const [id, status, deletedAt] of people) {
    await query(
      database.url,
      `INSERT INTO users (id, email, email_key, username, username_key, display_name, status, deleted_at)
       SELECT $1, key, key, key, key, key, $2, $3 FROM (SELECT $1::uuid::text AS key) k`,
      [id, status, deletedAt],
    );
    await query(
      database.url,
      `INSERT INTO sessions (id, user_id, token_hash, expires_at, absolute_expires_at) VALUES ($1, $1, '', now() + interval '1 day', now() + interval '1 day')`,
      [id],
    );
  }
  await migrate(database.url, { log: () => undefined });
  const rows = await query<{ id: string; reason: string | null }>(database.url, 'SELECT id, revoked_reason AS reason FROM sessions ORDER BY id');
  expect(rows).toEqual([{ id: active, reason: null }, { id: suspended, reason: 'suspended' }, { id: deleted, reason: 'deleted' }]);
});

it('of sessions that were refreshed before there were generations, only the last refreshes can be repeated', async () => {
  database = await databaseAfter('PageContent1700000004000');
  const user = uuidv7();
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, 'a', 'a', 'a', 'a', 'a')`, [user]);
  const [fresh, justRefreshed, refreshedLongAgo] = [uuidv7(), uuidv7(), uuidv7()];
  for (const [id, previous, age] of [[fresh, null, '0 s'], [justRefreshed, Buffer.from('x'), '5 min'], [refreshedLongAgo, Buffer.from('x'), '1 hour']] as const) {
    await query(
      database.url,
      `INSERT INTO sessions (id, user_id, token_hash, previous_hash, rotated_at, expires_at, absolute_expires_at)
       VALUES ($1, $2, '', $3, now() - $4::interval, now() + interval '1 day', now() + interval '1 day')`,
      [id, user, previous, age],
    );
  }
  await migrate(database.url, { log: () => undefined });
  const rows = await query<{ id: string }>(database.url, 'SELECT id FROM sessions WHERE used_generation < generation');
  expect(rows).toEqual([{ id: justRefreshed }]);
});

it('answers that were kept for resends are deleted, and cannot be kept any more', async () => {
  database = await databaseAfter('PageContent1700000004000');
  const user = uuidv7();
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, 'a', 'a', 'a', 'a', 'a')`, [user]);
  await query(database.url, `INSERT INTO idempotency_keys (user_id, key, request, status, response) VALUES ($1, 'a', 'x', 201, '{"content":"erased since"}'), ($1, 'b', 'x', NULL, NULL)`, [user]);
  await migrate(database.url, { log: () => undefined });
  expect(await query(database.url, 'SELECT 1 FROM idempotency_keys')).toEqual([]);
  const columns = await query<{ name: string }>(database.url, `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'idempotency_keys' ORDER BY 1`);
  expect(columns.map(({ name }) => name)).toEqual(['created_at', 'key', 'kind', 'ref', 'request', 'status', 'user_id']);
});

it('fingerprints that were made without a key are gone, and entries are as they were', async () => {
  database = await databaseAfter('PlainPayloads1700000009000');
  const channel = uuidv7();
  await query(database.url, `INSERT INTO channels (id, kind) VALUES ($1, 'room')`, [channel]);
  await query(database.url, `INSERT INTO journal (channel_id, seq, type, actor_id, op_id, fingerprint, payload, at) VALUES ($1, 1, 'new-message', NULL, 'a', 123456, '{"a":1}', now())`, [channel]);
  await migrate(database.url, { log: () => undefined });
  expect(await query(database.url, 'SELECT seq::int, op_id, fingerprint, payload FROM journal')).toEqual([{ seq: 1, op_id: 'a', fingerprint: null, payload: { a: 1 } }]);
});
