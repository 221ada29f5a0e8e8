import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/platform/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { createChannels, JournalNode, note, postgresBus, query, storedEntries, UnreliableBus, upTo } from '../support/journal-node.js';
import { type Acked, RemoteNode } from '../support/remote-node.js';

const ENTRIES_EACH = 150;
const CONNECTIONS = ['atrium-bus', 'atrium-journal-0', 'atrium-journal-1'];

let database: TestDatabase;
let url: string;
let nodes: JournalNode[];
let remotes: RemoteNode[];

beforeEach(async () => {
  database = await createDatabase();
  url = database.url;
  await migrate(url, { log: () => undefined });
  nodes = [];
  remotes = [];
});

afterEach(async () => {
  await Promise.all([...remotes.map((remote) => remote.kill()), ...nodes.map((node) => node.stop())]);
  await database.drop();
});

async function startRemote(bus: 'local' | 'postgres' = 'local'): Promise<RemoteNode> {
  const remote = await RemoteNode.start(url, bus);
  remotes.push(remote);
  return remote;
}

/** A node whose bus loses, doubles and reorders what it hears. */
async function startUnreliable(): Promise<JournalNode> {
  const node = await JournalNode.start(url, new UnreliableBus(postgresBus(url)));
  nodes.push(node);
  return node;
}

const lastSeqOf = async (channelId: string) =>
  (await query<{ last_seq: string; last_ordinal: string }>(url, 'SELECT last_seq, last_ordinal FROM channels WHERE id = $1', [channelId]))[0]!;

/** The channel's stream must go on from `start` without a hole, a double or an inversion, up to the journal's end. */
async function expectWhole(name: string, seqsOf: () => number[] | Promise<number[]>, channelId: string, start: number): Promise<void> {
  const last = Number((await lastSeqOf(channelId)).last_seq);
  await eventually(`${name} has everything of ${channelId} up to ${last}`, async () => ((await seqsOf()).at(-1) ?? start) >= last);
  expect(await seqsOf(), name).toEqual(upTo(last).slice(start));
}

/** Ends the connections of bus and journal, as a failing network or an operator would. */
function terminateConnections(): Promise<unknown> {
  return query(url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ANY($1)', [CONNECTIONS]);
}

async function countConnections(): Promise<number> {
  const text = 'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = ANY($1)';
  return (await query(url, text, [CONNECTIONS])).length;
}

describe('P3: seq has no holes and equals commit order', () => {
  it('with 16 writers in 2 processes on shared channels', async () => {
    const channels = await createChannels(url, 5);
    const writing = { channelIds: channels, writers: 8, entriesEach: 250, countedEvery: 3 };
    const acked = (await Promise.all([await startRemote(), await startRemote()].map((remote) => remote.write(writing)))).flat();
    expect(acked).toHaveLength(4_000);
    for (const channelId of channels) {
      const stored = await storedEntries(url, channelId);
      expect(stored.map((entry) => entry.seq)).toEqual(upTo(stored.length));
      const mine = acked.filter((ack) => ack.channelId === channelId).sort((a, b) => a.seq - b.seq);
      expect(mine.map(({ opId, seq }) => [seq, opId])).toEqual(stored.map((entry) => [entry.seq, entry.op_id]));
      expectOrdinals(mine);
      expect(await lastSeqOf(channelId)).toEqual({ last_seq: stored.length, last_ordinal: mine.at(-1)!.ordinal });
    }
    expect(await deadlocks()).toBe(0);
  });
});

/** A counted entry has the next ordinal, any other repeats the last one. */
function expectOrdinals(acked: Acked[]): void {
  let ordinal = 0;
  expect(acked.map((ack) => ack.ordinal)).toEqual(acked.map((ack) => (ack.counted ? ++ordinal : ordinal)));
}

async function deadlocks(): Promise<number> {
  // A backend hands its figures over when it has been idle for a moment, at the latest when it ends.
  await Promise.all(remotes.map((remote) => remote.kill()));
  const rows = await query<{ deadlocks: number }>(url, 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
  return Number(rows[0]!.deadlocks);
}

describe('P4, P7: every listener gets every entry once and in order', () => {
  it('on nodes whose bus loses, doubles and reorders messages, also the very last entry', async () => {
    const channels = await createChannels(url, 4);
    const [a, b] = await Promise.all([startUnreliable(), startUnreliable()]);
    const remote = await startRemote('postgres');
    await Promise.all([a.fanOut.hold(channels), b.fanOut.hold(channels), remote.hold(channels)]);
    await Promise.all([writeOn(a, channels), writeOn(b, channels), remote.write({ channelIds: channels, writers: 4, entriesEach: ENTRIES_EACH })]);
    for (const channelId of channels) {
      await expectWhole('a', () => a.seqsOf(channelId), channelId, 0);
      await expectWhole('b', () => b.seqsOf(channelId), channelId, 0);
      await expectWhole('remote', async () => (await remote.streams())[channelId] ?? [], channelId, 0);
    }
  });

  it('when the connections of bus and journal are killed again and again', async () => {
    const channels = await createChannels(url, 3);
    const [a, b] = await Promise.all([startUnreliable(), startUnreliable()]);
    await Promise.all([a.fanOut.hold(channels), b.fanOut.hold(channels)]);
    const state = { done: false };
    const writing = Promise.all([writeOn(a, channels), writeOn(b, channels)]).finally(() => (state.done = true));
    let kills = 0;
    for (; !state.done && kills < 15; kills++) {
      await terminateConnections();
      await eventually('both nodes are connected again', async () => state.done || (await countConnections()) === nodes.length * CONNECTIONS.length);
    }
    await writing;
    expect(kills).toBeGreaterThan(3);
    for (const channelId of channels) {
      await expectWhole('a', () => a.seqsOf(channelId), channelId, 0);
      await expectWhole('b', () => b.seqsOf(channelId), channelId, 0);
      const stored = await storedEntries(url, channelId);
      expect(new Set(stored.map((entry) => entry.op_id)).size).toBe(stored.length);
    }
  });

  it('from the position that hold names, while others write', async () => {
    const [channelId] = (await createChannels(url, 1)) as [string];
    const [a, b] = await Promise.all([startUnreliable(), startUnreliable()]);
    const writing = Promise.all([writeOn(a, [channelId]), writeOn(b, [channelId])]);
    const starts: number[] = [];
    for (let watch = 0; watch < 15; watch++) {
      const late = await startUnreliable();
      starts.push((await late.fanOut.hold([channelId])).get(channelId)!);
      await a.journal.append(note(channelId));
    }
    await writing;
    for (const [i, start] of starts.entries()) {
      const seqsOf = () => nodes[i + 2]!.seqsOf(channelId);
      // What came in while `hold` still looked for the position may go out before it answers: earlier is allowed, a hole is not.
      const first = seqsOf()[0] ?? start + 1;
      expect(first, `watcher ${i}`).toBeLessThanOrEqual(start + 1);
      await expectWhole(`watcher ${i}`, seqsOf, channelId, first - 1);
    }
  });

  it('again after it was released and held anew', async () => {
    const [channelId] = (await createChannels(url, 1)) as [string];
    const [a, b] = await Promise.all([startUnreliable(), startUnreliable()]);
    const state = { done: false };
    const writing = writeOn(b, [channelId]).finally(() => (state.done = true));
    while (!state.done) {
      const start = (await a.fanOut.hold([channelId])).get(channelId)!;
      a.streams.clear();
      await b.journal.append(note(channelId));
      await eventually('something has come', () => a.seqsOf(channelId).length > 3 || state.done);
      const seqs = a.seqsOf(channelId);
      expect(seqs).toEqual(seqs.map((_, i) => start + 1 + i));
      a.fanOut.release(channelId);
    }
    await writing;
  });

  it('of entries too large for the bus', async () => {
    const [channelId] = (await createChannels(url, 1)) as [string];
    const a = await JournalNode.start(url, postgresBus(url));
    const b = await JournalNode.start(url, postgresBus(url));
    nodes.push(a, b);
    await b.fanOut.hold([channelId]);
    const text = 'ü'.repeat(10_000);
    await Promise.all([note(channelId), note(channelId, { payload: { text } }), note(channelId)].map((entry) => a.journal.append(entry)));
    await expectWhole('b', () => b.seqsOf(channelId), channelId, 0);
    expect(b.streamOf(channelId)[1]!.text).toBe(text);
  });
});

/** Four writers at work side by side; what is answered UNAVAILABLE is sent again with its id. */
async function writeOn(node: JournalNode, channels: string[]): Promise<void> {
  const write = async (writer: number) => {
    for (let i = 0; i < ENTRIES_EACH; i++) {
      const entry = note(channels[(writer + i) % channels.length]!, { opId: randomUUID() });
      await eventually('the entry is acknowledged', () => node.journal.append(entry));
    }
  };
  await Promise.all(upTo(4).map(write));
}
