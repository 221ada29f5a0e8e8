import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentAction } from '../../src/modules/access/document.policy.js';
import { Grants } from '../../src/modules/access/grants.js';
import { GrantsRepository } from '../../src/modules/access/grants.repository.js';
import { InvitesRepository } from '../../src/modules/access/invites.repository.js';
import type { Bus } from '../../src/platform/bus/bus.js';
import { migrate } from '../../src/platform/database/migrate.js';
import type { DocumentRole } from '../../src/protocol/access.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { DeafBus, JournalNode, postgresBus, query } from '../support/journal-node.js';

/** P8: a right that ends is gone on all nodes within one second, also when the bus has lost the message; the rest is patience. */
const REVOKED_WITHIN_MS = 2_000;

let database: TestDatabase;
let nodes: JournalNode[];
let channelId: string;
let userId: string;

beforeEach(async () => {
  database = await createDatabase();
  await migrate(database.url, { log: () => undefined });
  nodes = [];
  [channelId, userId] = [randomUUID(), randomUUID()];
  await query(database.url, `INSERT INTO users (id, email, email_key, username, username_key, display_name, display_name_key) VALUES ($1, 'a', 'a', 'a', 'a', 'a', 'a')`, [userId]);
  await query(database.url, `INSERT INTO channels (id, kind) VALUES ($1, 'page')`, [channelId]);
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await database.drop();
});

async function start(bus?: Bus): Promise<{ node: JournalNode; grants: Grants }> {
  const node = await JournalNode.start(database.url, bus);
  nodes.push(node);
  return { node, grants: new Grants(new GrantsRepository(node.db), node.fanOut, node.bus) };
}

const give = (role: DocumentRole) =>
  query(database.url, 'INSERT INTO grants (channel_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (channel_id, user_id) DO UPDATE SET role = excluded.role', [channelId, userId, role]);
const markDeleted = (isDeleted: boolean) => query(database.url, 'UPDATE channels SET deleted_at = CASE WHEN $2 THEN now() END WHERE id = $1', [channelId, isDeleted]);

/** What is known is answered at once, and refused at once. */
const ask = async (grants: Grants, action: DocumentAction) => (await grants.require(channelId, userId, action, 'PAGE_NOT_FOUND')).role;
const role = async (grants: Grants) => (await grants.find(channelId, userId, 'document:read'))?.role ?? null;

describe('a grant', () => {
  it('is a role, which allows what the table says', async () => {
    const { grants } = await start();
    await expect(ask(grants, 'document:read')).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
    expect(await role(grants)).toBeNull();
    await give('editor');
    expect(await ask(grants, 'document:edit')).toBe('editor');
    await expect(ask(grants, 'document:delete')).rejects.toMatchObject({ code: 'PERMISSION_DENIED', details: { detail: expect.stringContaining('document:delete') as string } });
    expect(await grants.readableNow(userId, [channelId, randomUUID()])).toEqual(new Set([channelId]));
  });

  it('on a deleted document is the right to restore it, and nothing else', async () => {
    await markDeleted(true);
    for (const given of ['viewer', 'editor', 'owner'] as const) {
      await give(given);
      const { grants } = await start();
      expect(await role(grants)).toBeNull();
      expect(await grants.readableNow(userId, [channelId])).toEqual(new Set());
      for (const action of ['document:read', 'document:edit', 'document:delete', 'document:restore'] as const) {
        const asked = ask(grants, action);
        if (given === 'owner' && action === 'document:restore') expect(await asked).toBe('owner');
        else await expect(asked, `${given} ${action}`).rejects.toMatchObject({ code: 'PAGE_NOT_FOUND' });
      }
    }
  });

  it('is given with the document, or not at all', async () => {
    const { node, grants } = await start();
    const give = node.db.transaction(async (tx) => {
      await grants.insert(tx, channelId, userId, 'owner', null);
      throw new Error('the page could not be made');
    });
    await expect(give).rejects.toThrow('the page could not be made');
    expect(await role(grants)).toBeNull();
    await node.db.transaction((tx) => grants.insert(tx, channelId, userId, 'owner', null));
    expect(await role(grants)).toBe('owner');
  });

  it('P8: changes with its entry on every node, watched or not, and without the entry all the same', async () => {
    const [writer, hearing, deaf] = [await start(postgresBus(database.url)), await start(postgresBus(database.url)), await start(new DeafBus(postgresBus(database.url)))];
    await give('editor');
    const all = [writer, hearing, deaf];
    for (const { grants } of all) expect(await role(grants)).toBe('editor');
    await writer.node.journal.transact(channelId, async (tx) => {
      await tx.rows('DELETE FROM grants WHERE channel_id = $1', [channelId]);
      await tx.append({ type: 'member-left', actorId: userId, payload: { userId, reason: 'left' } });
    });
    expect(await role(writer.grants)).toBeNull();
    for (const { grants } of all) await eventually('the right is gone', async () => (await role(grants)) === null, REVOKED_WITHIN_MS);
  });
});

it('invites that ended long ago are deleted, and no others', async () => {
  const { node } = await start();
  const days: Record<string, [expires: number, revoked: number | null]> = { alive: [1, null], expired: [-29, null], revoked: [1, -29], 'long expired': [-31, null], 'long revoked': [300, -31] };
  for (const [hash, [expires, revoked]] of Object.entries(days)) {
    await query(
      database.url,
      `INSERT INTO invites (id, token_hash, kind, target_id, role, expires_at, revoked_at)
       VALUES ($1, $2::bytea, 'page', $3, 'viewer', now() + make_interval(days => $4), now() + make_interval(days => $5))`,
      [randomUUID(), Buffer.from(hash), channelId, expires, revoked],
    );
  }
  await new InvitesRepository(node.db).deleteEnded();
  const left = await query<{ token_hash: Buffer }>(database.url, 'SELECT token_hash FROM invites');
  expect(new Set(left.map(({ token_hash }) => token_hash.toString()))).toEqual(new Set(['alive', 'expired', 'revoked']));
});
