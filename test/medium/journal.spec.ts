import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BodyFingerprints } from '../../src/journal/body-fingerprints.js';
import type { AppendResult } from '../../src/journal/entry.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { createChannels, JournalNode, note, query, storedEntries, upTo } from '../support/journal-node.js';
import { RemoteNode } from '../support/remote-node.js';

const MAX_BATCH = 500;
const MAX_QUEUE = 65_536;

let database: TestDatabase;
let url: string;
let node: JournalNode;
let channel: string;
let remotes: RemoteNode[];

beforeEach(async () => {
  database = await createDatabase();
  url = database.url;
  await migrate(url, { log: () => undefined });
  node = await JournalNode.start(url);
  remotes = [];
  [channel] = (await createChannels(url, 1)) as [string];
});

afterEach(async () => {
  await Promise.all(remotes.map((remote) => remote.kill()));
  await node.stop();
  await database.drop();
});

async function startRemote(): Promise<RemoteNode> {
  const remote = await RemoteNode.start(url);
  remotes.push(remote);
  return remote;
}

const seqsIn = async (channelId: string) => (await storedEntries(url, channelId)).map((entry) => entry.seq);
const settledCodes = (outcomes: PromiseSettledResult<AppendResult>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.seq : (outcome.reason as { code: string }).code));

/** A channel whose entries are committed together with those of `channelId`: the end of its id says by which lane. */
async function anotherOfItsLane(channelId: string): Promise<string> {
  const ids = await createChannels(url, 300);
  return ids.find((id) => id.at(-1) === channelId.at(-1))!;
}

/** Keeps the channel's row locked, so that statements on it wait, while `work` runs. */
async function whileLocked<T>(channelId: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM channels WHERE id = $1 FOR UPDATE', [channelId]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Resolves when a statement of the journal waits for a lock. */
function waitsForLock(): Promise<unknown> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'atrium-journal-%' AND wait_event_type = 'Lock'`;
  return eventually('a commit waits for the lock', async () => (await query(url, waiting)).length > 0);
}

describe('P2: an opId is stored once, for ever', () => {
  const actorId = randomUUID();
  const fingerprints = new BodyFingerprints({ get: () => 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L' } as never);
  const fingerprintOf = (opId: string, text: string) => fingerprints.of({ actorId, opId }, text);
  const op = (opId: string, text = 'hello') => note(channel, { actorId, opId, fingerprint: fingerprintOf(opId, text), payload: { text } });

  it('sent again at once, and again later', async () => {
    const [first, second, third] = await Promise.all([node.journal.append(op('a')), node.journal.append(op('a')), node.journal.append(op('a'))]);
    const later = await node.journal.append(op('a'));
    expect(first.duplicate).toBe(false);
    for (const resend of [second, third, later]) expect(resend).toMatchObject({ seq: first.seq, at: first.at, duplicate: true });
    expect(await seqsIn(channel)).toEqual([1]);
    const [stored] = await storedEntries(url, channel);
    expect(first.at).toBe(stored!.at.toISOString());
  });

  it('with any body when its fingerprint is from before there was a key, or from another one', async () => {
    const first = await node.journal.append(op('a'));
    for (const fingerprint of [null, fingerprintOf('a', 'hello') ^ (1 << 31)]) {
      await query(url, 'UPDATE journal SET fingerprint = $2 WHERE channel_id = $1', [channel, fingerprint]);
      expect(await node.journal.append(op('a', 'good bye'))).toMatchObject({ seq: first.seq, duplicate: true });
    }
    await query(url, 'UPDATE journal SET fingerprint = $2 WHERE channel_id = $1', [channel, fingerprintOf('a', 'hello')]);
    await expect(node.journal.append(op('a', 'good bye'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });

  it('in one batch with new entries, which are numbered as if it were not there', async () => {
    await node.journal.append(op('a'));
    const results = await Promise.all(['b', 'a', 'c', 'a', 'd'].map((id) => node.journal.append(op(id))));
    expect(results.map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [2, false],
      [1, true],
      [3, false],
      [1, true],
      [4, false],
    ]);
    expect((await storedEntries(url, channel)).map((entry) => entry.op_id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('from two processes at the same time', async () => {
    const remote = await startRemote();
    const rounds = 30;
    const ids = upTo(rounds).map((i) => `race-${i}`);
    const [here, there] = await Promise.all([Promise.all(ids.map((id) => node.journal.append(op(id)))), remote.appendAll(ids.map((id) => op(id)))]);
    here.forEach((result, i) => {
      const other = there[i] as AppendResult;
      expect({ seq: other.seq, at: other.at }).toEqual({ seq: result.seq, at: result.at });
      expect([result.duplicate, other.duplicate].sort()).toEqual([false, true]);
    });
    expect(await seqsIn(channel)).toEqual(upTo(rounds));
  });

  it('also when the other process commits it after our statement has looked', async () => {
    const remote = await startRemote();
    const winner = remote.append(op('warm-up'));
    await winner;
    // Ours has taken its snapshot and waits for the row; then the same operation is committed in front of it.
    const [late, stored] = await whileLocked(channel, async (client) => {
      const late = node.journal.append(op('raced'));
      await waitsForLock();
      await client.query(`UPDATE channels SET last_seq = 2 WHERE id = $1`, [channel]);
      const { rows } = await client.query<{ at: Date }>(
        `INSERT INTO journal (channel_id, seq, type, actor_id, op_id, fingerprint, at) VALUES ($1, 2, 'note', $2, 'raced', $3, date_trunc('milliseconds', clock_timestamp())) RETURNING at`,
        [channel, actorId, fingerprintOf('raced', 'hello')],
      );
      await client.query('COMMIT');
      return [late, rows[0]!] as const;
    });
    expect(await late).toMatchObject({ seq: 2, at: stored.at.toISOString(), duplicate: true });
    expect(await seqsIn(channel)).toEqual([1, 2]);
  });

  it('after a restart, and in another process', async () => {
    const first = await node.journal.append(op('a'));
    await node.stop();
    node = await JournalNode.start(url);
    expect(await node.journal.append(op('a'))).toMatchObject({ seq: first.seq, at: first.at, duplicate: true });
    expect(await (await startRemote()).append(op('a'))).toMatchObject({ seq: first.seq, at: first.at, duplicate: true });
  });

  it('refuses another body under the same id, at once and later', async () => {
    const first = node.journal.append(op('a', 'one'));
    await expect(node.journal.append(op('a', 'two'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    await first;
    await expect(node.journal.append(op('a', 'two'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    await expect((await startRemote()).append(op('a', 'two'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    expect(await seqsIn(channel)).toEqual([1]);
  });

  it('takes entries without an id, of another actor, or in another channel for what they are: other entries', async () => {
    const [other] = (await createChannels(url, 1)) as [string];
    const entries = [note(channel), note(channel), op('a'), { ...op('a'), actorId: randomUUID() }, { ...op('a'), channelId: other }];
    const results = await Promise.all(entries.map((entry) => node.journal.append(entry)));
    expect(results.map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [1, false],
    ]);
  });

  it('has no operation of nobody: without an actor an id means nothing, sent together or apart', async () => {
    const nobody = () => node.journal.append(note(channel, { actorId: null, opId: 'a' }));
    const together = await Promise.all([nobody(), nobody()]);
    expect([...together, await nobody()].map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [1, false],
      [2, false],
      [3, false],
    ]);
  });

  it('delivers what was sent again once', async () => {
    await node.fanOut.hold([channel]);
    await Promise.all([node.journal.append(op('a')), node.journal.append(op('a'))]);
    await node.journal.append(op('a'));
    await node.journal.append(op('b'));
    expect(node.seqsOf(channel)).toEqual([1, 2]);
  });
});

describe('P5: appendAt compares and appends', () => {
  it('commits on the next seq and refuses any other', async () => {
    expect(await node.appendAt(1, note(channel))).toMatchObject({ seq: 1 });
    for (const wrong of [1, 3, 0]) await expect(node.appendAt(wrong, note(channel))).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await node.appendAt(2, note(channel))).toMatchObject({ seq: 2 });
    expect(await seqsIn(channel)).toEqual([1, 2]);
  });

  it('takes several that follow one another, and other channels beside them', async () => {
    const others = await createChannels(url, 3);
    const inFlight = [
      ...upTo(20).map((seq) => node.appendAt(seq, note(channel))),
      ...others.map((other) => node.journal.append(note(other))),
      node.appendAt(7, note(others[0]!)),
    ];
    expect(settledCodes(await Promise.allSettled(inFlight))).toEqual([...upTo(20), 1, 1, 1, 'VERSION_CONFLICT']);
    expect(await seqsIn(channel)).toEqual(upTo(20));
  });

  it('lets one of two rivals for a seq win, and refuses the other', async () => {
    const outcomes = await Promise.allSettled([node.appendAt(1, note(channel)), node.appendAt(1, note(channel))]);
    expect(settledCodes(outcomes)).toEqual([1, 'VERSION_CONFLICT']);
  });

  it('mixes with append on the same channel: each is judged by what was sent before it', async () => {
    const outcomes = await Promise.allSettled([
      node.appendAt(1, note(channel)),
      node.journal.append(note(channel)),
      node.appendAt(2, note(channel)),
      node.journal.append(note(channel)),
    ]);
    expect(settledCodes(outcomes)).toEqual([1, 2, 'VERSION_CONFLICT', 3]);
  });

  it('refuses everything that was built upon a loser, even where the seq would fit again', async () => {
    // Somebody else commits seq 1 while ours waits behind the lock; our 2 was made upon our 1, and must not land on theirs.
    const outcomes = await whileLocked(channel, async (client) => {
      const lost = node.appendAt(1, note(channel));
      await waitsForLock();
      const builtUponIt = node.appendAt(2, note(channel, { opId: 'built upon the loser' }));
      await client.query(`UPDATE channels SET last_seq = 1 WHERE id = $1`, [channel]);
      await client.query(`INSERT INTO journal (channel_id, seq, type, at) VALUES ($1, 1, 'note', now())`, [channel]);
      await client.query('COMMIT');
      return Promise.allSettled([lost, builtUponIt]);
    });
    expect(settledCodes(outcomes)).toEqual(['VERSION_CONFLICT', 'VERSION_CONFLICT']);
    expect(await node.appendAt(2, note(channel))).toMatchObject({ seq: 2 });
  });

  it('refuses what was built upon an operation that turned out to be an old one', async () => {
    const actorId = randomUUID();
    await node.appendAt(1, note(channel, { actorId, opId: 'old' }));
    await node.appendAt(2, note(channel));
    // Somebody else has taken 3, so that the seq of what was built upon the resend fits by chance.
    await node.journal.append(note(channel));
    const outcomes = await Promise.allSettled([node.appendAt(3, note(channel, { actorId, opId: 'old' })), node.appendAt(4, note(channel))]);
    expect(settledCodes(outcomes)).toEqual([1, 'VERSION_CONFLICT']);
  });

  it('stores an operation once, also when it is sent twice at the same moment', async () => {
    const operation = note(channel, { actorId: randomUUID(), opId: 'twice' });
    const [first, second, built] = await Promise.allSettled([node.appendAt(1, operation), node.appendAt(2, operation), node.appendAt(3, note(channel))]);
    expect(first).toMatchObject({ value: { seq: 1, duplicate: false } });
    expect(second).toMatchObject({ value: { seq: 1, duplicate: true } });
    // It was made upon an entry that does not exist.
    expect(built).toMatchObject({ reason: { code: 'VERSION_CONFLICT' } });
    expect(await seqsIn(channel)).toEqual([1]);
  });

  it('answers a resend with the first place, also when it is sent for another', async () => {
    const actorId = randomUUID();
    const first = await node.appendAt(1, note(channel, { actorId, opId: 'a' }));
    expect(await node.appendAt(2, note(channel, { actorId, opId: 'a' }))).toMatchObject({ seq: 1, at: first.at, duplicate: true });
  });

  it('takes those of other channels that go with one that is too late', async () => {
    const late = await anotherOfItsLane(channel);
    await node.appendAt(1, note(late));
    const outcomes = await Promise.allSettled([node.appendAt(1, note(late)), ...upTo(3).map((seq) => node.appendAt(seq, note(channel))), node.appendAt(2, note(late))]);
    expect(settledCodes(outcomes)).toEqual(['VERSION_CONFLICT', 1, 2, 3, 'VERSION_CONFLICT']);
    expect([await seqsIn(channel), await seqsIn(late)]).toEqual([upTo(3), [1]]);
  });

  it('takes those of other channels that go with a resend', async () => {
    const resent = await anotherOfItsLane(channel);
    const old = note(resent, { actorId: randomUUID(), opId: 'old' });
    await node.appendAt(1, old);
    const outcomes = await Promise.allSettled([node.appendAt(2, old), ...upTo(3).map((seq) => node.appendAt(seq, note(channel))), node.appendAt(3, note(resent))]);
    expect(settledCodes(outcomes)).toEqual([1, 1, 2, 3, 'VERSION_CONFLICT']);
    expect([await seqsIn(channel), await seqsIn(resent)]).toEqual([upTo(3), [1]]);
  });

  it('numbers what is counted, and stores text and bytes as they are', async () => {
    const [payload, bytes] = [{ text: '引号 " \\ and 😀', nested: [null, { n: 1.5 }] }, Buffer.from([0, 255, 34, 92])];
    expect(await node.appendAt(1, note(channel, { counted: true }))).toMatchObject({ ordinal: 1 });
    const outcomes = await Promise.all([node.appendAt(2, note(channel, { payload })), node.appendAt(3, note(channel, { bytes })), node.appendAt(4, note(channel))]);
    expect(outcomes.map(({ ordinal }) => ordinal)).toEqual([1, 1, 1]);
    const rows = await query(url, 'SELECT payload, bytes FROM journal WHERE channel_id = $1 AND seq > 1 ORDER BY seq', [channel]);
    const plain = { text: 'hello' };
    expect(rows).toEqual([{ payload, bytes: null }, { payload: plain, bytes }, { payload: plain, bytes: null }]);
  });

  it('gives every seq exactly one winner when two processes race', async () => {
    const remote = await startRemote();
    const rounds = 25;
    for (let seq = 1; seq <= rounds; seq++) {
      const [here, there] = await Promise.all([
        node.appendAt(seq, note(channel)).then(
          () => 'won',
          (error: { code: string }) => error.code,
        ),
        remote.appendAllAt(seq, [note(channel)]).then(([answer]) => ('error' in answer! ? answer.error : 'won')),
      ]);
      expect([here, there].sort()).toEqual(['VERSION_CONFLICT', 'won']);
    }
    expect(await seqsIn(channel)).toEqual(upTo(rounds));
  });
});

describe('a batch', () => {
  const NUL = '\u0000';

  it('does not suffer from an entry that PostgreSQL refuses', async () => {
    const [other] = (await createChannels(url, 1)) as [string];
    const outcomes = await Promise.allSettled([
      node.journal.append(note(channel)),
      node.journal.append(note(channel, { payload: { text: NUL } })),
      node.journal.append(note(other)),
      node.journal.append(note(channel)),
    ]);
    expect(settledCodes(outcomes)).toEqual([1, 'INVALID_INPUT', 1, 2]);
    expect(await seqsIn(channel)).toEqual([1, 2]);
  });

  it('does not suffer from channels that are missing or deleted', async () => {
    const [deleted] = (await createChannels(url, 1)) as [string];
    await query(url, 'UPDATE channels SET deleted_at = now() WHERE id = $1', [deleted]);
    const outcomes = await Promise.allSettled([deleted, randomUUID(), channel].map((id) => node.journal.append(note(id))));
    expect(settledCodes(outcomes)).toEqual(['ROOM_NOT_FOUND', 'ROOM_NOT_FOUND', 1]);
  });

  it('does not wait for a channel that a stalled process keeps locked', async () => {
    // Ids that end alike take the same lane.
    const stalled = randomUUID().slice(0, -1) + '0';
    const other = randomUUID().slice(0, -1) + '0';
    for (const id of [stalled, other]) await query(url, `INSERT INTO channels (id, kind) VALUES ($1, 'room')`, [id]);
    const outcomes = await whileLocked(stalled, () => Promise.allSettled([stalled, other, stalled].map((id) => node.journal.append(note(id)))));
    expect(settledCodes(outcomes)).toEqual(['UNAVAILABLE', 1, 'UNAVAILABLE']);
    // The connection was not given up for it, and what was refused is not stored.
    expect(await node.journal.append(note(stalled))).toMatchObject({ seq: 1 });
  });

  it('is no larger than a statement can be in its time, however large the entries are', async () => {
    const bytes = Buffer.alloc(900_000, 1);
    const results = await Promise.all(upTo(100).map(() => node.journal.append(note(channel, { bytes }))));
    expect(results.map(({ seq }) => seq)).toEqual(upTo(100));
  });

  it('P12: does not let the largest entries fill the memory while they wait', async () => {
    const bytes = Buffer.alloc(1_000_000, 1);
    const outcomes = await whileLocked(channel, async (client) => {
      const sent = upTo(200).map(() => node.journal.append(note(channel, { bytes })));
      const settled = Promise.allSettled(sent);
      await expect(sent.at(-1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await client.query('ROLLBACK');
      return settled;
    });
    const stored = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(settledCodes(outcomes)).toEqual([...upTo(stored), ...Array.from({ length: 200 - stored }, () => 'UNAVAILABLE')]);
    expect(stored).toBeGreaterThan(100);
  });

  it('keeps what it is given: text beyond the BMP, quotes, nested values, bytes', async () => {
    const payload = { text: `"'\\{},NULL 😀 ünïcode\n\t\u0001\u007f\u2028`, nested: { list: [1, null, 'x'], empty: {} } };
    const bytes = Buffer.from([0, 1, 255, 92, 34]);
    await Promise.all([node.journal.append(note(channel)), node.journal.append(note(channel, { payload, bytes })), node.journal.append(note(channel, { type: 'empty' }))]);
    const rows = await query<{ payload: unknown; bytes: Buffer | null }>(url, 'SELECT payload, bytes FROM journal WHERE channel_id = $1 ORDER BY seq', [channel]);
    expect(rows[1]).toEqual({ payload, bytes });
    expect(rows[0]!.bytes).toBeNull();
  });

  it('hands out ordinals to counted entries alone', async () => {
    const results = await Promise.all([true, false, true, true, false].map((counted) => node.journal.append(note(channel, { counted }))));
    expect(results.map(({ ordinal }) => ordinal)).toEqual([1, 1, 2, 3, 3]);
    expect(await node.journal.append(note(channel, { counted: true }))).toMatchObject({ seq: 6, ordinal: 4 });
  });

  it('P12: refuses at once what the queue has no room for, and stores all that it took', async () => {
    const [taken, refused] = await whileLocked(channel, async (client) => {
      const underWay = upTo(MAX_BATCH).map(() => node.journal.append(note(channel)));
      await waitsForLock();
      const queued = upTo(MAX_QUEUE).map(() => node.journal.append(note(channel)));
      const refused = await Promise.allSettled([node.journal.append(note(channel))]);
      await client.query('ROLLBACK');
      return [[...underWay, ...queued], refused] as const;
    });
    expect(settledCodes(refused)).toEqual(['UNAVAILABLE']);
    expect((await Promise.all(taken)).map(({ seq }) => seq)).toEqual(upTo(MAX_BATCH + MAX_QUEUE));
  });
});

describe('a consumer that throws', () => {
  it('costs neither the ack nor the other consumers, and nothing is stored twice', async () => {
    const thrower = await JournalNode.start(url);
    try {
      thrower.fanOut.addConsumer(() => {
        throw new Error('a consumer is broken');
      });
      await thrower.fanOut.hold([channel]);
      const results = await Promise.all(upTo(3).map(() => thrower.journal.append(note(channel))));
      expect(results.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(thrower.seqsOf(channel)).toEqual([1, 2, 3]);
      expect(await seqsIn(channel)).toEqual([1, 2, 3]);
    } finally {
      await thrower.stop();
    }
  });
});

describe('transact', () => {
  it('publishes its entries after the commit, and nothing of a rollback', async () => {
    await node.fanOut.hold([channel]);
    const failed = node.journal.transact(channel, async (tx) => {
      await tx.append({ type: 'note', actorId: null, payload: { text: 'lost' } });
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    const seen = await node.journal.transact(channel, async (tx) => {
      await tx.append({ type: 'note', actorId: null, payload: { text: 'first' } });
      await tx.append({ type: 'note', actorId: null, payload: { text: 'second' }, counted: true });
      return node.seqsOf(channel).length;
    });
    expect(seen).toBe(0);
    expect(node.streamOf(channel).map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'first'],
      [2, 'second'],
    ]);
    expect(await seqsIn(channel)).toEqual([1, 2]);
  });

  it('keeps the order with appends that wait behind it', async () => {
    await node.fanOut.hold([channel]);
    let appended: Promise<AppendResult> | undefined;
    await node.journal.transact(channel, async (tx) => {
      await tx.append({ type: 'note', actorId: null });
      appended = node.journal.append(note(channel));
      await waitsForLock();
      await tx.append({ type: 'note', actorId: null });
    });
    expect(await appended).toMatchObject({ seq: 3 });
    await eventually('all three came out', () => node.seqsOf(channel).length === 3);
    expect(node.seqsOf(channel)).toEqual([1, 2, 3]);
  });

  it('takes part in the order of many writers', async () => {
    await node.fanOut.hold([channel]);
    const work = upTo(40).map((i) =>
      i % 4 === 0 ? node.journal.transact(channel, (tx) => tx.append({ type: 'note', actorId: null })) : node.journal.append(note(channel)),
    );
    await Promise.all(work);
    await eventually('all came out', () => node.seqsOf(channel).length === 40);
    expect(node.seqsOf(channel)).toEqual(upTo(40));
    expect(await seqsIn(channel)).toEqual(upTo(40));
  });

  it('answers NOT_FOUND for a channel that is not there', async () => {
    await expect(node.journal.transact(randomUUID(), () => Promise.resolve())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
