import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EntryView, ResumedChannel } from '../../src/protocol/entries.js';
import { ENTRY, SERVER_EVENTS, type ServerEvent } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { History, Message, MessageAck } from '../../src/protocol/messages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Crowd, expectEvent, type Person, type TestSocket } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';

let product: Product;
let crowd: Crowd;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const EVENT_OF_TYPE = new Map<string, ServerEvent>(Object.values(SERVER_EVENTS).map((event) => [event.name, event]));
const ENTRY_TYPES = new Set<string>(Object.values(ENTRY));

async function roomOf(...[owner, ...members]: Person[]): Promise<string> {
  const { id } = await owner!.post<MyRoom>('/rooms', { name: 'Log', isPrivate: true });
  for (const member of members) await owner!.put(`/rooms/${id}/members/${member.id}`, { role: 'member' });
  return id;
}

const say = (sender: Person, roomId: string, content = 'hello') => sender.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content });
const resume = (socket: TestSocket, positions: { channelId: string; seq: number }[]) => socket.ask<ResumedChannel[]>('resume', { positions });
const lastSeqOf = async (person: Person, roomId: string) => (await person.get<MyRoom>(`/rooms/${roomId}`)).lastSeq;

/** The entries of a channel that a socket was told live, in the order of their arrival. */
const liveEntries = (socket: TestSocket, channelId: string) =>
  socket.received.filter(({ name, body }) => ENTRY_TYPES.has(name) && body['channelId'] === channelId).map(({ body }) => body as unknown as EntryView);

function expectComplete(answer: ResumedChannel | undefined): EntryView[] {
  if (!answer || !('entries' in answer)) throw new Error(`not complete: ${JSON.stringify(answer)}`);
  return answer.entries;
}

const numbers = (first: number, last: number) => Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
const seqsOf = (entries: EntryView[]) => entries.map(({ seq }) => seq);

/** What a client that follows the entries shows. */
function contentsAfter(entries: EntryView[]): Map<string, string | null> {
  const contents = new Map<string, string | null>();
  for (const entry of entries) {
    if (entry.type === ENTRY.newMessage) contents.set(entry['id'] as string, entry['content'] as string | null);
    if (entry.type === ENTRY.messageEdited) contents.set(entry['messageId'] as string, entry['content'] as string | null);
    if (entry.type === ENTRY.messageDeleted) contents.set(entry['messageId'] as string, null);
  }
  return contents;
}

async function contentsNow(person: Person, roomId: string): Promise<Map<string, string | null>> {
  const { items } = await person.get<History>(`/rooms/${roomId}/messages?limit=200`);
  return new Map(items.map(({ id, content }) => [id, content]));
}

describe('a client that was away', () => {
  it('asks once for all its rooms, and has exactly what it missed', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const rooms: string[] = [];
    for (let i = 0; i < 6; i++) rooms.push(await roomOf(ada, bob));
    const early = await Promise.all(rooms.map((roomId) => say(ada, roomId, 'seen before')));
    const positions = await Promise.all(rooms.map(async (channelId) => ({ channelId, seq: await lastSeqOf(bob, channelId) })));
    const witness = await ada.connect();
    for (const roomId of rooms) await witness.ask('room-join', { roomId });

    const secret = 'nobody shall read this again';
    for (const [i, roomId] of rooms.slice(0, 5).entries()) {
      const messages = await Promise.all(numbers(0, i).map((n) => say(ada, roomId, `message ${n}`)));
      await ada.patch(`/messages/${messages[0]!.id}`, { content: `edited in ${i}` });
      await ada.delete(`/messages/${early[i]!.id}`);
      const gone = await say(ada, roomId, secret);
      await ada.patch(`/messages/${gone.id}`, { content: `${secret}!` });
      await ada.delete(`/messages/${gone.id}`);
      await ada.patch(`/rooms/${roomId}`, { name: `Log ${i}` });
      await ada.put(`/rooms/${roomId}/members/${cleo.id}`, { role: 'admin' });
      await ada.post(`/rooms/${roomId}/members/${cleo.id}/mute`, {});
      await cleo.post(`/rooms/${roomId}/read`, { seq: gone.seq });
      await cleo.post(`/rooms/${roomId}/leave`);
    }
    const before = await Promise.all(rooms.map((roomId) => contentsBefore(roomId)));
    async function contentsBefore(roomId: string) {
      return { roomId, now: await contentsNow(bob, roomId), last: await lastSeqOf(bob, roomId) };
    }

    const socket = await bob.connect();
    const answers = await resume(socket, positions);
    expect(answers.map(({ channelId }) => channelId)).toEqual(rooms);
    for (const [i, answer] of answers.entries()) {
      const entries = expectComplete(answer);
      const { now, last } = before[i]!;
      expect(seqsOf(entries)).toEqual(numbers(positions[i]!.seq + 1, last));
      for (const entry of entries) expectEvent(EVENT_OF_TYPE.get(entry.type)!, entry);
      // The same entries as somebody got who was there; but what was deleted meanwhile has no content any more.
      await witness.until(() => liveEntries(witness, rooms[i]!).at(-1)?.seq === last || last === positions[i]!.seq, 'the last live entry');
      expect(entries.map(({ seq, type, actorId, at }) => ({ seq, type, actorId, at }))).toEqual(liveEntries(witness, rooms[i]!).map(({ seq, type, actorId, at }) => ({ seq, type, actorId, at })));
      const shown = contentsAfter([{ type: ENTRY.newMessage, id: early[i]!.id, content: 'seen before' } as unknown as EntryView, ...entries]);
      expect(shown).toEqual(now);
    }
    expect(JSON.stringify(answers)).not.toContain(secret);
    // From memory or from the journal: the same answer.
    expect(await resume(await bob.connect(), positions)).toEqual(answers);
    // And it follows from here.
    const next = await say(ada, rooms[5]!, 'live');
    expect(await socket.event('new-message', ({ id }) => id === next.id)).toMatchObject({ seq: positions[5]!.seq + 1 });
  });

  it('gets nothing when it missed nothing, and everything from the beginning', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    for (let i = 0; i < 3; i++) await say(ada, roomId);
    const last = await lastSeqOf(bob, roomId);
    const socket = await bob.connect();
    expect(await resume(socket, [{ channelId: roomId, seq: last }])).toEqual([{ channelId: roomId, complete: true, entries: [] }]);
    expect(seqsOf(expectComplete((await resume(socket, [{ channelId: roomId, seq: 0 }]))[0]))).toEqual(numbers(1, last));
    // Asking again does not subscribe twice.
    await say(ada, roomId);
    await socket.fence();
    expect(seqsOf(liveEntries(socket, roomId))).toEqual([last + 1]);
  });

  it('is told to load afresh when it claims more than there is, or missed too much', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const writer = await ada.connect();
    const send = (n: number) => writer.ask<MessageAck>('send-message', { roomId, clientMsgId: `m${n}`, content: `message ${n}` });
    // In two parts, because a socket may have only so many events under way.
    await Promise.all(numbers(1, LIMITS.unackedEvents / 2).map(send));
    const acks = await Promise.all(numbers(LIMITS.unackedEvents / 2 + 1, LIMITS.resumeEntries + 5).map(send));
    const last = Math.max(...acks.map(({ seq }) => seq));
    const socket = await bob.connect();
    for (const seq of [last + 1, Number.MAX_SAFE_INTEGER, 0, last - LIMITS.resumeEntries - 1]) {
      expect(await resume(socket, [{ channelId: roomId, seq }]), `from ${seq}`).toEqual([{ channelId: roomId, reset: true, lastSeq: last }]);
    }
    const most = expectComplete((await resume(await bob.connect(), [{ channelId: roomId, seq: last - LIMITS.resumeEntries }]))[0]);
    expect(seqsOf(most)).toEqual(numbers(last - LIMITS.resumeEntries + 1, last));
    // After a reset, too, it follows from `lastSeq`.
    const next = await say(ada, roomId);
    await socket.event('new-message', ({ id }) => id === next.id);
    expect(seqsOf(liveEntries(socket, roomId))).toEqual([last + 1]);
  });

  it('gets no more than a line can carry: rooms that miss least come first, the others are to be loaded afresh', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const long = 'x'.repeat(16_000);
    const [much, little] = [await roomOf(ada, bob), await roomOf(ada, bob)];
    for (const room of [much, little]) await say(ada, room);
    const [beforeMuch, beforeLittle] = [await lastSeqOf(ada, much), await lastSeqOf(ada, little)];
    const writer = await ada.connect();
    await Promise.all(numbers(1, 100).map((n) => writer.ask('send-message', { roomId: much, clientMsgId: `m${n}`, content: long })));
    await say(ada, little, 'short');
    const socket = await bob.connect();
    const [first, second] = await resume(socket, [
      { channelId: much, seq: beforeMuch },
      { channelId: little, seq: beforeLittle },
    ]);
    expect(first).toEqual({ channelId: much, reset: true, lastSeq: beforeMuch + 100 });
    expect(seqsOf(expectComplete(second))).toEqual([beforeLittle + 1]);
    // It follows both all the same.
    const next = await say(ada, much, 'next');
    await socket.event('new-message', ({ id }) => id === next.id);
  });

  it('is refused rooms that are not, or no longer, its own, and gets the others all the same', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [ours, left, kicked, deleted, never] = [await roomOf(ada, bob), await roomOf(ada, bob), await roomOf(ada, bob), await roomOf(ada, bob), await roomOf(ada)];
    await bob.post(`/rooms/${left}/leave`);
    await ada.delete(`/rooms/${kicked}/members/${bob.id}`);
    await ada.delete(`/rooms/${deleted}`);
    const socket = await bob.connect();
    const unknown = crypto.randomUUID();
    const answers = await resume(socket, [left, ours, kicked, deleted, never, unknown].map((channelId) => ({ channelId, seq: 0 })));
    const error = expect.objectContaining({ code: 'NOT_FOUND' }) as unknown;
    expect(answers).toEqual([
      { channelId: left, error },
      { channelId: ours, complete: true, entries: expect.any(Array) as unknown },
      ...[kicked, deleted, never, unknown].map((channelId) => ({ channelId, error })),
    ]);
    for (const roomId of [left, kicked, never, ours]) await say(ada, roomId);
    await socket.fence();
    expect(socket.events('new-message').map(({ roomId }) => roomId)).toEqual([ours]);
  });

  it('that names a room twice gets an answer without a hole for both', async () => {
    const [ada] = await crowd.group('ada');
    const roomId = await roomOf(ada);
    for (let i = 0; i < 5; i++) await say(ada, roomId);
    const socket = await ada.connect();
    const answers = await resume(socket, [{ channelId: roomId, seq: 2 }, { channelId: roomId, seq: 4 }]);
    for (const [i, seq] of [2, 4].entries()) expect(seqsOf(expectComplete(answers[i]))).toEqual(expect.arrayContaining(numbers(seq + 1, 5)));
  });

  it('resumes 300 rooms at once', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const rooms: string[] = [];
    for (let i = 0; i < 300; i++) rooms.push(await roomOf(ada, bob));
    const positions = rooms.map((channelId) => ({ channelId, seq: 1 }));
    const writer = await ada.connect();
    await Promise.all(rooms.flatMap((roomId, i) => numbers(1, i % 7).map((n) => writer.ask('send-message', { roomId, clientMsgId: `m${n}`, content: `message ${n}` }))));
    const socket = await bob.connect();
    const answers = await resume(socket, positions);
    for (const [i, answer] of answers.entries()) expect(seqsOf(expectComplete(answer)), `room ${i}`).toEqual(numbers(2, 1 + (i % 7)));
    await Promise.all(rooms.map((roomId) => writer.ask('send-message', { roomId, clientMsgId: 'live', content: 'live' })));
    await socket.until(() => socket.events('new-message').length === 300, '300 live messages');
    expect(new Set(socket.events('new-message').map(({ roomId }) => roomId))).toEqual(new Set(rooms));
  });
});

describe('an answer and the live events after it', () => {
  it('have no hole and no doubles between them, while others keep writing', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const rooms = [await roomOf(ada, bob, cleo), await roomOf(bob, ada, cleo), await roomOf(ada, bob, cleo)];
    const writers = await Promise.all([ada.connect(), bob.connect()]);
    let writing = true;
    let written = 0;
    const write = async (socket: TestSocket) => {
      while (writing) {
        await Promise.all(rooms.map((roomId) => socket.ask('send-message', { roomId, clientMsgId: crypto.randomUUID(), content: `message ${++written}` })));
        const { messageId } = await socket.ask<MessageAck>('send-message', { roomId: rooms[0]!, clientMsgId: crypto.randomUUID(), content: 'first draft' });
        await socket.ask('edit-message', { messageId, content: 'second draft' });
      }
    };
    const writes = writers.map(write);
    const readers: { socket: TestSocket; roomId: string; told: EntryView[]; from: number }[] = [];
    const seen = new Map(rooms.map((roomId) => [roomId, 0]));
    for (let round = 0; round < 25; round++) {
      const socket = await cleo.connect(round % 5 === 4 ? ['polling'] : undefined);
      if (round % 2) {
        const answers = await resume(socket, rooms.map((channelId) => ({ channelId, seq: Math.max(0, seen.get(channelId)! - 3) })));
        for (const answer of answers) readers.push({ socket, roomId: answer.channelId, told: expectComplete(answer), from: Math.max(0, seen.get(answer.channelId)! - 3) });
      } else {
        for (const roomId of rooms) {
          const from = seen.get(roomId)!;
          const { entries, lastSeq } = await socket.ask<{ entries: EntryView[]; lastSeq: number }>('room-join', { roomId, after: from });
          expect(entries.at(-1)?.seq ?? from).toBe(lastSeq);
          readers.push({ socket, roomId, told: entries, from });
        }
      }
      for (const { roomId, told } of readers) seen.set(roomId, Math.max(seen.get(roomId)!, told.at(-1)?.seq ?? 0));
    }
    writing = false;
    await Promise.all(writes);
    const last = new Map(await Promise.all(rooms.map(async (roomId) => [roomId, await lastSeqOf(cleo, roomId)] as const)));
    for (const { socket, roomId, told, from } of readers) {
      const all = () => [...told, ...liveEntries(socket, roomId)];
      await socket.until(() => (all().at(-1)?.seq ?? from) >= last.get(roomId)!, `entry ${last.get(roomId)} of the room`);
      expect(seqsOf(all())).toEqual(numbers(from + 1, last.get(roomId)!));
    }
    const longest = readers.find(({ from, roomId }) => from === 0 && roomId === rooms[0])!;
    const shown = contentsAfter([...longest.told, ...liveEntries(longest.socket, rooms[0]!)]);
    for (const [id, content] of await contentsNow(cleo, rooms[0]!)) expect(shown.get(id)).toBe(content);
  });

  it('survive that a subscriber is removed and comes back meanwhile', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [writer, socket] = [await ada.connect(), await bob.connect()];
    for (let round = 0; round < 10; round++) {
      await ada.put(`/rooms/${roomId}/members/${bob.id}`, { role: 'member' });
      const [, ack] = await Promise.all([
        ada.delete(`/rooms/${roomId}/members/${bob.id}`),
        socket.emit<ResumedChannel[]>('resume', { positions: [{ channelId: roomId, seq: 0 }] }),
        writer.ask('send-message', { roomId, clientMsgId: `a${round}`, content: 'maybe heard' }),
      ]);
      expect(ack.error).toBeUndefined();
      await writer.ask('send-message', { roomId, clientMsgId: `b${round}`, content: 'not to be heard' });
      await socket.fence();
      expect(socket.events('new-message', ({ content }) => content === 'not to be heard')).toEqual([]);
    }
  });
});

describe('room-join', () => {
  it('gives what is after a position, nothing without one, and `reset` beyond the end', async () => {
    const ada = await crowd.person('ada');
    const roomId = await roomOf(ada);
    for (let i = 0; i < 4; i++) await say(ada, roomId);
    const join = async (after?: number) => (await ada.connect()).ask<{ entries?: EntryView[]; reset?: true; lastSeq: number; room: { lastSeq: number } }>('room-join', { roomId, after });
    const fresh = await join();
    expect(fresh).toMatchObject({ lastSeq: 4, room: { lastSeq: 4 } });
    expect(fresh).not.toHaveProperty('entries');
    expect(seqsOf((await join(1)).entries!)).toEqual([2, 3, 4]);
    expect((await join(4)).entries).toEqual([]);
    const beyond = await join(5);
    expect(beyond).toMatchObject({ reset: true, lastSeq: 4 });
    expect(beyond).not.toHaveProperty('entries');
  });
});

describe('the journal by REST', () => {
  it('gives the same entries, page by page', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const { id } = await say(ada, roomId, 'to be deleted');
    await ada.patch(`/messages/${id}`, { content: 'still to be deleted' });
    for (let i = 0; i < 9; i++) await say(ada, roomId, `message ${i}`);
    await ada.delete(`/messages/${id}`);
    const expected = expectComplete((await resume(await bob.connect(), [{ channelId: roomId, seq: 0 }]))[0]);
    const paged: EntryView[] = [];
    for (let complete = false; !complete; ) {
      const page = await bob.get<{ entries: EntryView[]; complete: boolean }>(`/rooms/${roomId}/entries?limit=5&after=${paged.at(-1)?.seq ?? 0}`);
      expect(page.entries.length).toBeLessThanOrEqual(5);
      paged.push(...page.entries);
      complete = page.complete;
    }
    expect(paged).toEqual(expected);
    expect(JSON.stringify(paged)).not.toContain('to be deleted');
    const last = paged.at(-1)!.seq;
    expect(await bob.get(`/rooms/${roomId}/entries?after=${last}`)).toEqual({ entries: [], complete: true });
    expect(await bob.get(`/rooms/${roomId}/entries?after=${last + 1}`)).toEqual({ reset: true, lastSeq: last });
  });
});
