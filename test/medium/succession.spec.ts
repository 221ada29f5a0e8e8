import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrantsRepository } from '../../src/modules/access/grants.repository.js';
import { MembersRepository } from '../../src/modules/rooms/members.repository.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { JournalNode, query } from '../support/journal-node.js';

/** What of a user who was deleted needs another owner, and who that is. (Suspensions: test/e2e/succession.spec.ts.) */
let database: TestDatabase;
let node: JournalNode;
let members: MembersRepository;
let grants: GrantsRepository;

beforeEach(async () => {
  database = await createDatabase();
  await migrate(database.url, { log: () => undefined });
  node = await JournalNode.start(database.url);
  members = new MembersRepository(node.db);
  grants = new GrantsRepository(node.db);
});
afterEach(async () => {
  await node.stop();
  await database.drop();
});

async function person(): Promise<string> {
  const id = randomUUID();
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) SELECT $1, k, k, k, k, k FROM (SELECT $1::uuid::text AS k) keys`, [id]);
  return id;
}
const markDeleted = (id: string) => query(database.url, 'UPDATE users SET deleted_at = now() WHERE id = $1', [id]);

async function room(...people: [userId: string, role: string][]): Promise<string> {
  const id = randomUUID();
  await query(database.url, `INSERT INTO channels (id, kind) VALUES ($1, 'room')`, [id]);
  await query(database.url, `INSERT INTO rooms (channel_id, kind) VALUES ($1, 'group')`, [id]);
  for (const [userId, role] of people) await query(database.url, 'INSERT INTO room_members (room_id, user_id, role) VALUES ($1, $2, $3)', [id, userId, role]);
  return id;
}
async function page(...people: [userId: string, role: string][]): Promise<string> {
  const id = randomUUID();
  await query(database.url, `INSERT INTO channels (id, kind) VALUES ($1, 'page')`, [id]);
  for (const [userId, role] of people) await query(database.url, 'INSERT INTO grants (channel_id, user_id, role) VALUES ($1, $2, $3)', [id, userId, role]);
  return id;
}

describe('of a deleted user', () => {
  it('rooms need another owner in which somebody is left, and which are left themselves', async () => {
    const [gone, other, alsoGone] = [await person(), await person(), await person()];
    const wanted = await room([gone, 'owner'], [alsoGone, 'admin'], [other, 'member']);
    const [foreign, deleted, left] = [await room([other, 'owner'], [gone, 'admin']), await room([gone, 'owner'], [other, 'member']), await room([gone, 'owner'], [other, 'member'])];
    await room([gone, 'owner'], [alsoGone, 'member']);
    await query(database.url, 'UPDATE channels SET deleted_at = now() WHERE id = $1', [deleted]);
    await query(database.url, 'UPDATE room_members SET left_at = now() WHERE room_id = $1 AND user_id = $2', [left, other]);
    expect(await members.listOrphaned(gone, 10)).toEqual([]);
    for (const id of [gone, alsoGone]) await markDeleted(id);
    expect(await members.listOrphaned(gone, 10)).toEqual([wanted]);
    expect(await members.findInactiveOwner(node.db, wanted)).toBe(gone);
    expect(await members.findHeir(node.db, wanted)).toBe(other);
    expect([await members.findInactiveOwner(node.db, foreign), await members.findHeir(node.db, left)]).toEqual([null, null]);
  });

  it('documents need another owner that have none who can act, of the kind that is asked for', async () => {
    const [gone, other, alsoGone] = [await person(), await person(), await person()];
    const wanted = await page([gone, 'owner'], [alsoGone, 'owner'], [other, 'viewer']);
    const [shared, deleted] = [await page([gone, 'owner'], [other, 'owner']), await page([gone, 'owner'], [other, 'editor'])];
    await page([gone, 'owner']);
    await query(database.url, 'UPDATE channels SET deleted_at = now() WHERE id = $1', [deleted]);
    expect(await grants.listOrphaned('page', gone, 10)).toEqual([]);
    for (const id of [gone, alsoGone]) await markDeleted(id);
    expect([await grants.listOrphaned('page', gone, 10), await grants.listOrphaned('board', gone, 10)]).toEqual([[wanted], []]);
    expect([await grants.hasOtherOwner(node.db, wanted, null), await grants.hasOtherOwner(node.db, shared, null)]).toEqual([false, true]);
    expect(await grants.findHeir(node.db, wanted)).toBe(other);
  });
});
