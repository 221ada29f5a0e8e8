import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppendResult, NewEntry, Permit } from '../../src/journal/entry.js';
import type { Sql } from '../../src/platform/database/database.js';
import { AppError } from '../../src/platform/errors/app-error.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { createChannels, JournalNode, note, query, storedEntries, upTo } from '../support/journal-node.js';

let database: TestDatabase;
let url: string;
let node: JournalNode;
let channel: string;

beforeEach(async () => {
  database = await createDatabase();
  url = database.url;
  await migrate(url, { log: () => undefined });
  node = await JournalNode.start(url);
  [channel] = (await createChannels(url, 1)) as [string];
});
afterEach(async () => {
  await node.stop();
  await database.drop();
});

/** A right that was read at `version`, and what reading it again says. */
class TestPermit implements Permit {
  renewals = 0;
  constructor(
    public version: number,
    private readonly isThere: () => boolean = () => true,
  ) {}
  renew(version: number): Promise<void> {
    this.renewals += 1;
    if (!this.isThere()) return Promise.reject(new AppError('PERMISSION_DENIED'));
    this.version = version;
    return Promise.resolve();
  }
}

const by = (permit: Permit, opId: string = randomUUID(), channelId = channel) => note(channelId, { permit, opId });
const revoke = (channelId = channel, on = node) => on.journal.transact(channelId, (tx) => tx.append({ type: 'member-left', actorId: null }, { revokes: true }));
const versionOf = async (channelId: string) => (await query<{ version: number }>(url, 'SELECT rights_version::int AS version FROM channels WHERE id = $1', [channelId]))[0]!.version;
const opsIn = async (channelId: string) => (await storedEntries(url, channelId)).map(({ op_id }) => op_id);
type Outcomes = (number | string)[];
const settled = async (answers: Promise<AppendResult>[]): Promise<Outcomes> =>
  (await Promise.allSettled(answers)).map((answer) => (answer.status === 'fulfilled' ? answer.value.seq : (answer.reason as AppError).code));

/** What becomes of what is sent while somebody has the channel locked, and takes a right away when a commit waits for the lock. */
async function whileRevoking(send: () => Promise<AppendResult>[]): Promise<Outcomes> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM channels WHERE id = $1 FOR NO KEY UPDATE', [channel]);
    const sent = settled(send());
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'atrium-journal-%' AND wait_event_type = 'Lock'`;
    await eventually('a commit waits for the lock', async () => (await query(url, waiting)).length > 0);
    await client.query('UPDATE channels SET rights_version = rights_version + 1 WHERE id = $1', [channel]);
    await client.query('COMMIT');
    return await sent;
  } finally {
    await client.end();
  }
}

describe('P8: an entry is committed by a right that is there', () => {
  it('and not when that was taken away after it was asked for, on whatever node', async () => {
    const other = await JournalNode.start(url);
    try {
      const permit = new TestPermit(0, () => false);
      await node.journal.append(by(permit, 'before'));
      await revoke(channel, other);
      for (const each of [node, other]) expect(await settled([each.journal.append(by(permit))])).toEqual(['PERMISSION_DENIED']);
      expect(await opsIn(channel)).toEqual(['before', null]);
    } finally {
      await other.stop();
    }
  });

  it('also when it was taken away while the commit was waiting for the channel', async () => {
    const [gone, left] = [new TestPermit(0, () => false), new TestPermit(0)];
    expect(await whileRevoking(() => [node.journal.append(by(gone, 'gone')), node.journal.append(by(left, 'left'))])).toEqual(['PERMISSION_DENIED', 1]);
    expect([gone.renewals, left.renewals, left.version]).toEqual([1, 1, 1]);
    expect(await opsIn(channel)).toEqual(['left']);
  });

  it('in the order in which it was sent, whatever has to be asked again', async () => {
    const permit = () => new TestPermit(0);
    // More than one batch: the second one must not overtake what is asked again of the first.
    const count = 1_200;
    expect(await whileRevoking(() => upTo(count).map((i) => node.journal.append(by(permit(), `op${i}`))))).toEqual(upTo(count));
    expect(await opsIn(channel)).toEqual(upTo(count).map((i) => `op${i}`));
  });

  it('without holding up other channels, or what needs none', async () => {
    const [other] = (await createChannels(url, 300)).filter((id) => id.at(-1) === channel.at(-1)) as [string];
    await revoke();
    const sent = [node.journal.append(by(new TestPermit(0, () => false))), node.journal.append(note(channel, { opId: 'the system’s' })), node.journal.append(by(new TestPermit(0), 'elsewhere', other))];
    expect(await settled(sent)).toEqual(['PERMISSION_DENIED', 2, 1]);
  });

  it('but a resend of what is stored is answered all the same', async () => {
    const entry: NewEntry = by(new TestPermit(0, () => false), 'stored');
    const { seq } = await node.journal.append(entry);
    await revoke();
    expect(await node.journal.append(entry)).toMatchObject({ seq, duplicate: true });
  });

  it('also while rights in the channel change all the time', async () => {
    let isOver = false;
    const changing = Promise.all(upTo(5).map(async () => {
      while (!isOver) await revoke();
    }));
    try {
      const permit = new TestPermit(-1);
      for (const i of upTo(50)) {
        await node.journal.append(by(permit, `op${i}`));
        expect(await node.journal.transact(channel, () => Promise.resolve(i), { permit })).toBe(i);
      }
    } finally {
      isOver = true;
      await changing;
    }
    expect((await opsIn(channel)).filter((opId) => opId !== null)).toEqual(upTo(50).map((i) => `op${i}`));
  });

  it('or not at all when it cannot be asked for', async () => {
    await revoke();
    const broken: Permit = { version: 0, renew: () => Promise.reject(new Error('away')) };
    expect(await settled([node.journal.append(by(broken))])).toEqual(['INTERNAL_ERROR']);
    expect(await settled([node.journal.append(by(new TestPermit(1)))])).toEqual([2]);
  });
});

describe('P8: an `appendAt`', () => {
  it('that is not permitted any more is refused, all of them at once: what was made upon it is told to be made anew', async () => {
    const [gone, left] = [new TestPermit(0, () => false), new TestPermit(0)];
    const chain = () => [left, left, gone, left, gone].map((permit, i) => node.appendAt(i + 1, by(permit, `op${i}`)));
    expect(await whileRevoking(chain)).toEqual([1, 2, 'PERMISSION_DENIED', 'VERSION_CONFLICT', 'PERMISSION_DENIED']);
    expect(await opsIn(channel)).toEqual(['op0', 'op1']);
  });

  it('of others is told of the lost race, and goes through with the same permit when it is made anew', async () => {
    const permit = new TestPermit(0);
    const entry = by(permit, 'again');
    await revoke();
    expect(await settled([node.appendAt(1, entry)])).toEqual(['VERSION_CONFLICT']);
    expect(permit.renewals, 'somebody else has the seq: that is no matter of rights').toBe(0);
    expect(await settled([node.appendAt(2, entry), node.appendAt(3, by(permit))])).toEqual([2, 3]);
    expect(permit.version).toBe(1);
  });
});

describe('P8: a transaction', () => {
  it('runs when the right is there as the channel is locked', async () => {
    const work = () => Promise.resolve('done');
    await revoke();
    const [gone, left] = [new TestPermit(0, () => false), new TestPermit(0)];
    await expect(node.journal.transact(channel, work, { permit: gone })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await node.journal.transact(channel, work, { permit: left })).toBe('done');
    expect([left.renewals, left.version]).toEqual([1, 1]);
  });

  it('asks over its own connection, since others who wait for the channel may have all of the rest', async () => {
    await revoke();
    const permit = (): Permit => {
      const permit = { version: 0, renew: async (version: number, sql: Sql) => void (permit.version = (await sql.rows('SELECT pg_sleep(0.01)')).length && version) };
      return permit;
    };
    const transactions = upTo(30).map((i) => node.journal.transact(channel, () => Promise.resolve(i), { permit: permit() }));
    const entries = upTo(5).map((i) => node.journal.append(by(permit(), `op${i}`)));
    expect(await Promise.all(transactions)).toEqual(upTo(30));
    expect(await settled(entries)).toEqual(upTo(5).map((i) => i + 1));
  });
});

it('P8: who becomes inactive loses all rights, and nobody else does', async () => {
  const [user, other] = [randomUUID(), randomUUID()];
  for (const id of [user, other]) await query(url, `INSERT INTO users (id, email, email_key, username, username_key, display_name) VALUES ($1, $2, $2, $2, $2, 'x')`, [id, id]);
  const [member, former, foreign, page] = (await createChannels(url, 4)) as [string, string, string, string];
  await query(url, `INSERT INTO rooms (channel_id, kind) SELECT unnest($1::uuid[]), 'group'`, [[member, former, foreign]]);
  await query(url, `INSERT INTO room_members (room_id, user_id, role, left_at) VALUES ($1, $3, 'member', NULL), ($2, $3, 'member', now())`, [member, former, user]);
  await query(url, `INSERT INTO grants (channel_id, user_id, role) VALUES ($1, $2, 'editor')`, [page, user]);
  const change = async (set: string) => {
    await query(url, `UPDATE users SET ${set} WHERE id = $1`, [user]);
    return Promise.all([member, page, former, foreign].map(versionOf));
  };
  expect(await change(`display_name = 'y'`)).toEqual([0, 0, 0, 0]);
  expect(await change(`status = 'suspended'`)).toEqual([1, 1, 0, 0]);
  expect(await change(`status = 'active'`)).toEqual([1, 1, 0, 0]);
  expect(await change(`deleted_at = now()`)).toEqual([2, 2, 0, 0]);
  expect(await change(`status = 'inactive'`), 'who was gone already').toEqual([2, 2, 0, 0]);
});
