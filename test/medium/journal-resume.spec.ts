import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaughtUp } from '../../src/journal/resumption.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { createChannels, DeafBus, JournalNode, note, postgresBus, query, UnreliableBus, upTo } from '../support/journal-node.js';

let database: TestDatabase;
let url: string;
let nodes: JournalNode[];
let channel: string;

beforeEach(async () => {
  database = await createDatabase();
  url = database.url;
  await migrate(url, { log: () => undefined });
  nodes = [];
  [channel] = (await createChannels(url, 1)) as [string];
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await database.drop();
});

async function startNode(isUnreliable = false): Promise<JournalNode> {
  const node = await JournalNode.start(url, isUnreliable ? new UnreliableBus(postgresBus(url)) : postgresBus(url));
  nodes.push(node);
  return node;
}

const write = (node: JournalNode, count: number) => Promise.all(upTo(count).map(() => node.journal.append(note(channel))));
const trim = (below: number) => query(url, 'DELETE FROM journal WHERE channel_id = $1 AND seq < $2', [channel, below]);

/** Holds, catches up, and stays subscribed, as a socket does; `live` gets what follows the answer. */
async function resume(node: JournalNode, seq: number): Promise<{ answer: CaughtUp; live: number[] }> {
  const live: number[] = [];
  let isSubscribed = false;
  node.fanOut.addConsumer((entry) => {
    if (isSubscribed && entry.channelId === channel) live.push(entry.seq);
  });
  await node.fanOut.hold([channel]);
  const answers = await node.resumption.catchUp([{ channelId: channel, seq }], () => (isSubscribed = true));
  return { answer: answers.get(channel)!, live };
}

const seqsOf = (answer: CaughtUp) => ('entries' in answer ? answer.entries.map((entry) => entry.seq) : 'reset');

describe('P4: resume', () => {
  it('gives exactly what is missing, from memory and from the journal', async () => {
    const node = await startNode();
    await write(node, 300);
    for (const seq of [0, 1, 150, 299, 300]) expect(seqsOf((await resume(node, seq)).answer)).toEqual(upTo(300).slice(seq));
    await write(node, 30);
    for (const seq of [0, 299, 310, 330]) expect(seqsOf((await resume(node, seq)).answer)).toEqual(upTo(330).slice(seq));
  });

  it('reads no more of large entries than an answer can carry', async () => {
    const node = await startNode();
    const text = 'x'.repeat(200_000);
    for (const _ of upTo(80)) await node.journal.append(note(channel, { payload: { text } }));
    const reader = await startNode();
    expect(seqsOf((await resume(reader, 0)).answer)).toBe('reset');
    const { entries, hasMore } = await reader.repository.readAfter([{ channelId: channel, seq: 0 }], 80);
    expect(entries.get(channel)!.length).toBeLessThan(15);
    expect([...hasMore]).toEqual([channel]);
    const page = await reader.resumption.page(channel, 0, 80);
    expect(page).toMatchObject({ complete: false });
    // A node that has missed them all gets them all the same.
    await reader.fanOut.hold([channel]);
    await node.journal.append(note(channel));
    await eventually('it has arrived', () => reader.seqsOf(channel).at(-1) === 81);
  });

  it('reads of many channels together no more than so many bytes, and says of which there is more', async () => {
    const node = await startNode();
    const channels = [channel, ...(await createChannels(url, 29))];
    const text = 'x'.repeat(300_000);
    for (const id of channels) await node.journal.append(note(id, { payload: { text } }));
    const { entries, hasMore } = await node.repository.readAfter(channels.map((channelId) => ({ channelId, seq: 0 })), 10);
    const read = channels.filter((id) => entries.get(id)!.length === 1);
    expect([read.length > 10, read.length < 16]).toEqual([true, true]);
    for (const id of channels) expect([id, entries.get(id)!.length === 1 || hasMore.has(id)]).toEqual([id, true]);
    const missing = channels.filter((id) => entries.get(id)!.length === 0);
    const rest = await node.repository.readAfter(missing.map((channelId) => ({ channelId, seq: 0 })), 10);
    expect(missing.some((id) => rest.entries.get(id)!.length === 1)).toBe(true);
  });

  it('gives the whole entry', async () => {
    const node = await startNode();
    const actorId = randomUUID();
    const { at } = await node.journal.append(note(channel, { actorId, payload: { text: 'kept', list: [1] } }));
    const { answer } = await resume(node, 0);
    expect(answer).toEqual({ lastSeq: 1, entries: [{ channelId: channel, seq: 1, type: 'note', actorId, at, text: 'kept', list: [1] }] });
  });

  it('answers reset to a reader who is ahead of the journal, too far behind, or behind its trimmed head', async () => {
    const node = await startNode();
    await write(node, LIMITS.resumeEntries + 1);
    const lastSeq = LIMITS.resumeEntries + 1;
    expect((await resume(node, lastSeq + 1)).answer).toEqual({ lastSeq, reset: true });
    expect((await resume(node, 0)).answer).toEqual({ lastSeq, reset: true });
    expect(seqsOf((await resume(node, 1)).answer)).toEqual(upTo(lastSeq).slice(1));
    await trim(500);
    const other = await startNode();
    expect((await resume(other, 498)).answer).toEqual({ lastSeq, reset: true });
    expect(seqsOf((await resume(other, 499)).answer)).toEqual(upTo(lastSeq).slice(499));
  });

  it('knows many channels at once, each with its own answer', async () => {
    const [node, others] = [await startNode(), await createChannels(url, 3)];
    for (const [i, id] of others.entries()) await Promise.all(upTo(i + 1).map(() => node.journal.append(note(id))));
    await node.fanOut.hold(others);
    const subscribed: string[] = [];
    const positions = others.map((channelId, i) => ({ channelId, seq: i === 2 ? 99 : 1 }));
    const answers = await node.resumption.catchUp(positions, (channelId) => subscribed.push(channelId));
    expect(others.map((id) => seqsOf(answers.get(id)!))).toEqual([[], [2], 'reset']);
    expect(subscribed.sort()).toEqual([...others].sort());
  });

  it('joins the live stream without a hole or a double while others write', async () => {
    const [a, b] = await Promise.all([startNode(true), startNode(true)]);
    const state = { done: false };
    const writing = (async () => {
      for (let i = 0; i < 40; i++) await Promise.all([write(a, 10), write(b, 10)]);
    })().finally(() => (state.done = true));
    const readers: { from: number; answer: CaughtUp; live: number[] }[] = [];
    while (!state.done && readers.length < 60) {
      const node = readers.length % 2 ? a : b;
      const from = Math.max(0, (node.fanOut.cursor(channel) ?? 0) - 7 * readers.length);
      readers.push({ from, ...(await resume(node, from)) });
    }
    await writing;
    await eventually('every reader has the last entry', () => readers.every(({ answer, live }) => (live.at(-1) ?? answer.lastSeq) === 800));
    expect(readers.length).toBeGreaterThan(5);
    for (const { from, answer, live } of readers) expect([...(seqsOf(answer) as number[]), ...live]).toEqual(upTo(800).slice(from));
  });

  it('is complete on a node that has not heard of the newest entries yet', async () => {
    const a = await startNode();
    // It hears nothing, and its next look at the database is up to a second away.
    const b = await JournalNode.start(url, new DeafBus(postgresBus(url)));
    nodes.push(b);
    await b.fanOut.hold([channel]);
    const { seq } = (await write(a, 3)).at(-1)!;
    expect((await resume(b, seq)).answer).toEqual({ lastSeq: 3, entries: [] });
  });
});

describe('P4: a page of the journal', () => {
  it('tells what follows, and whether that is all', async () => {
    const node = await startNode();
    await write(node, 10);
    const page = async (after: number, limit: number) => {
      const answer = await node.resumption.page(channel, after, limit);
      return 'reset' in answer ? answer : [answer.entries.map((entry) => entry.seq), answer.complete];
    };
    expect(await page(0, 4)).toEqual([[1, 2, 3, 4], false]);
    expect(await page(6, 4)).toEqual([[7, 8, 9, 10], true]);
    expect(await page(10, 4)).toEqual([[], true]);
    expect(await page(11, 4)).toEqual({ reset: true, lastSeq: 10 });
    await trim(4);
    expect(await page(0, 4)).toEqual({ reset: true, lastSeq: 10 });
    expect(await page(3, 2)).toEqual([[4, 5], false]);
    expect(await node.resumption.page((await createChannels(url, 1))[0]!, 0, 4)).toEqual({ entries: [], complete: true });
  });

  it('never tells a reader at the end to start afresh, also while others write', async () => {
    const [writer, reader] = [await startNode(), await startNode()];
    const state = { done: false };
    const writing = (async () => {
      for (let i = 0; i < 400; i++) await write(writer, 1);
    })().finally(() => (state.done = true));
    let after = 0;
    while (!state.done || after < 400) {
      const answer = await reader.resumption.page(channel, after, 50);
      expect(answer).toHaveProperty('entries');
      const entries = 'entries' in answer ? answer.entries : [];
      expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, i) => after + 1 + i));
      after += entries.length;
    }
    await writing;
    expect(after).toBe(400);
  });
});
