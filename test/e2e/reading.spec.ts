import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EntryView } from '../../src/protocol/entries.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { History, Message, Receipt } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom, ReadState } from '../../src/protocol/rooms.js';
import { Crowd, expectEvent, type Person } from '../support/client.js';
import { createDatabase, execute, type TestDatabase } from '../support/database.js';
import { type Product, startProduct } from '../support/product.js';
import { type SqlMeter, startSqlMeter } from '../support/sql-meter.js';

let database: TestDatabase;
let meter: SqlMeter;
let product: Product;
let crowd: Crowd;

beforeAll(async () => {
  database = await createDatabase();
  meter = await startSqlMeter(database.url);
  product = await startProduct({ DATABASE_URL: meter.url });
  crowd = new Crowd(product.url);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
  meter.close();
  await database.drop();
});

async function roomOf(...[owner, ...members]: Person[]): Promise<string> {
  const { id } = await owner!.post<MyRoom>('/rooms', { name: 'Reading room' });
  for (const member of members) await member.post(`/rooms/${id}/join`);
  return id;
}

const say = (sender: Person, roomId: string, content = 'hello') => sender.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content });
const read = (reader: Person, roomId: string, seq: number) => reader.post<ReadState>(`/rooms/${roomId}/read`, { seq });
const unreadOf = async (reader: Person, roomId: string) => {
  const [alone, listed] = await Promise.all([reader.get<MyRoom>(`/rooms/${roomId}`), reader.get<Page<MyRoom>>('/rooms?limit=200')]);
  expect(listed.items.find(({ id }) => id === roomId)?.unread, 'the same alone and in the list').toBe(alone.unread);
  return alone.unread;
};

describe('what is unread', () => {
  it('counts messages of others after the read position, whatever happens to them', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const messages: Message[] = [];
    for (let i = 0; i < 6; i++) messages.push(await say(ada, roomId, `message ${i}`));
    expect(await unreadOf(bob, roomId)).toBe(6);
    expect(await unreadOf(ada, roomId)).toBe(0);
    expect(await read(bob, roomId, messages[1]!.seq)).toEqual({ lastReadSeq: messages[1]!.seq, unread: 4 });
    await ada.patch(`/messages/${messages[4]!.id}`, { content: 'edited' });
    await ada.patch(`/rooms/${roomId}`, { name: 'Renamed' });
    expect(await unreadOf(bob, roomId)).toBe(4);
    await ada.delete(`/messages/${messages[0]!.id}`);
    expect(await unreadOf(bob, roomId), 'a read one was deleted').toBe(4);
    await ada.delete(`/messages/${messages[3]!.id}`);
    await ada.delete(`/messages/${messages[3]!.id}`);
    expect(await unreadOf(bob, roomId), 'an unread one was deleted').toBe(3);
    expect(await read(bob, roomId, messages[3]!.seq)).toEqual({ lastReadSeq: messages[3]!.seq, unread: 2 });
    expect(await read(bob, roomId, messages[5]!.seq)).toMatchObject({ unread: 0 });
    await ada.delete(`/messages/${messages[5]!.id}`);
    expect(await unreadOf(bob, roomId)).toBe(0);
    await say(ada, roomId);
    expect(await unreadOf(bob, roomId)).toBe(1);
    await say(bob, roomId, 'who answers has read');
    expect(await unreadOf(bob, roomId)).toBe(0);
    expect(await unreadOf(ada, roomId)).toBe(1);
  });

  it('is nothing for who has just come', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada);
    for (let i = 0; i < 3; i++) await say(ada, roomId);
    await bob.post(`/rooms/${roomId}/join`);
    expect(await unreadOf(bob, roomId)).toBe(0);
    await say(ada, roomId);
    expect(await unreadOf(bob, roomId)).toBe(1);
  });
});

describe('a read position', () => {
  it('moves forwards only, to a message that is there, by REST and by socket', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [first, second, third] = [await say(ada, roomId), await say(ada, roomId), await say(ada, roomId)];
    const [a, b] = await Promise.all([ada.connect(), bob.connect()]);
    for (const socket of [a, b]) await socket.ask('room-join', { roomId });
    expect(await b.ask('mark-read', { roomId, seq: second.seq })).toEqual({ lastReadSeq: second.seq, unread: 1 });
    const event = await a.event('read');
    expectEvent(SERVER_EVENTS.read, event);
    expect(event).toMatchObject({ userId: bob.id, actorId: bob.id, lastReadSeq: second.seq, roomId });
    expect(await b.event('read'), 'one’s own devices hear of it too').toEqual(event);
    for (const backwards of [0, first.seq, second.seq]) {
      expect(await b.ask('mark-read', { roomId, seq: backwards })).toEqual({ lastReadSeq: second.seq, unread: 1 });
      expect(await read(bob, roomId, backwards)).toEqual({ lastReadSeq: second.seq, unread: 1 });
    }
    // The last message, not the last entry, nor what is beyond the end.
    expect(await read(bob, roomId, Number.MAX_SAFE_INTEGER)).toEqual({ lastReadSeq: third.seq, unread: 0 });
    await say(ada, roomId);
    expect(await unreadOf(bob, roomId), 'what comes later is unread').toBe(1);
    await a.fence();
    expect(a.events<{ lastReadSeq: number }>('read').map(({ lastReadSeq }) => lastReadSeq)).toEqual([second.seq, third.seq]);
  });

  it('ends at the furthest when many arrive at once', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const seqs: number[] = [];
    for (let i = 0; i < 20; i++) seqs.push((await say(ada, roomId)).seq);
    const b = await bob.connect();
    await Promise.all([...seqs].reverse().map((seq) => b.ask('mark-read', { roomId, seq })));
    expect(await bob.get(`/rooms/${roomId}`)).toMatchObject({ lastReadSeq: seqs.at(-1), unread: 0 });
  });
});

describe('receipts', () => {
  it('name the readers, the latest first, and not the sender', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const roomId = await roomOf(ada, bob, cleo);
    const message = await say(ada, roomId);
    const receipts = async () => (await ada.get<Page<Receipt>>(`/rooms/${roomId}/messages/${message.seq}/receipts`)).items;
    expect(await receipts()).toEqual([]);
    await read(bob, roomId, message.seq);
    await read(ada, roomId, message.seq);
    await read(cleo, roomId, message.seq);
    const items = await receipts();
    expect(items.map(({ userId }) => userId)).toEqual([cleo.id, bob.id]);
    expect(Date.parse(items[0]!.readAt!)).toBeGreaterThanOrEqual(Date.parse(items[1]!.readAt!));
    const later = await say(ada, roomId);
    expect((await ada.get<Page<Receipt>>(`/rooms/${roomId}/messages/${later.seq}/receipts`)).items).toEqual([]);
    await cleo.post(`/rooms/${roomId}/leave`);
    expect((await receipts()).map(({ userId }) => userId)).toEqual([bob.id]);
    expect(await ada.refusal('GET', `/rooms/${roomId}/messages/${later.seq + 100}/receipts`)).toBe('MESSAGE_NOT_FOUND');
  });
});

describe('P16: a receipt is a fact', () => {
  const receiptsOf = async (reader: Person, roomId: string, { seq }: Pick<Message, 'seq'>) => {
    const { items } = await reader.get<Page<Receipt>>(`/rooms/${roomId}/messages/${seq}/receipts`);
    return Object.fromEntries(items.map(({ userId, readAt }) => [userId, readAt]));
  };

  it('whose time is that of the first read that passed the message, and does not move', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const roomId = await roomOf(ada, bob, cleo);
    const [first, second] = [await say(ada, roomId), await say(ada, roomId)];
    await read(bob, roomId, first.seq);
    const early = await receiptsOf(ada, roomId, first);
    expect(Object.keys(early)).toEqual([bob.id]);
    expect(await receiptsOf(ada, roomId, second)).toEqual({});
    await read(bob, roomId, second.seq);
    const answer = await say(cleo, roomId, 'who answers has read both');
    await say(cleo, roomId);
    await read(bob, roomId, answer.seq);
    await read(cleo, roomId, answer.seq + 1);
    const late = await receiptsOf(ada, roomId, first);
    expect(late).toEqual({ [bob.id]: early[bob.id], [cleo.id]: answer.createdAt });
    const [entry] = (await ada.get<{ entries: EntryView[] }>(`/rooms/${roomId}/entries?after=${second.seq}`)).entries.filter(({ type, lastReadSeq }) => type === 'read' && lastReadSeq === second.seq);
    expect(await receiptsOf(ada, roomId, second)).toEqual({ [bob.id]: entry!.at, [cleo.id]: answer.createdAt });
  });

  it('and never from before the message, also where the sender of the next one could not have seen it', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [a, b] = await Promise.all([ada.connect(), bob.connect()]);
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? a : b).ask('send-message', { roomId, clientMsgId: `m${i}`, content: 'hello' })));
    for (const message of (await ada.get<History>(`/rooms/${roomId}/messages`)).items) {
      for (const readAt of Object.values(await receiptsOf(ada, roomId, message))) expect(Date.parse(readAt!)).toBeGreaterThanOrEqual(Date.parse(message.createdAt));
    }
  });

  it('of nobody who came later, or was away', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const roomId = await roomOf(ada, bob);
    const seen = await say(ada, roomId, 'Bob sees this');
    await read(bob, roomId, seen.seq);
    expect(Object.keys(await receiptsOf(ada, roomId, seen))).toEqual([bob.id]);
    await bob.post(`/rooms/${roomId}/leave`);
    const missed = await say(ada, roomId, 'nobody is here');
    expect(await receiptsOf(ada, roomId, missed)).toEqual({});
    for (const comer of [bob, cleo]) await comer.post(`/rooms/${roomId}/join`);
    const next = await say(ada, roomId, 'both are here');
    for (const comer of [bob, cleo]) await read(comer, roomId, next.seq);
    await say(cleo, roomId);
    expect(Object.keys(await receiptsOf(ada, roomId, next)).sort()).toEqual([bob.id, cleo.id].sort());
    expect(await receiptsOf(ada, roomId, missed), 'a join is no reading').toEqual({});
    expect(await receiptsOf(ada, roomId, seen), 'as a member he has come after it').toEqual({});
  });

  it('whose time is not known where it would have to be guessed', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const roomId = await roomOf(ada, bob, cleo);
    const message = await say(ada, roomId);
    await read(cleo, roomId, message.seq);
    const known = await receiptsOf(ada, roomId, message);
    // So many messages later that nobody looks through them all: by rows, because they say nothing.
    await execute(
      database.url,
      `WITH said AS (
         INSERT INTO messages (id, room_id, seq, ordinal, sender_id, type, content, created_at)
         SELECT gen_random_uuid(), '${roomId}', ${message.seq} + 10 + n, 1 + n, '${ada.id}', 'text', 'hello', now() FROM generate_series(1, 2000) n
       ) UPDATE channels SET last_seq = last_seq + 2100, last_ordinal = last_ordinal + 2000 WHERE id = '${roomId}'`,
    );
    await read(bob, roomId, (await say(ada, roomId)).seq);
    expect(await receiptsOf(ada, roomId, message)).toEqual({ ...known, [bob.id]: null });
  });

  it('of each reader, the latest first, page by page', async () => {
    const [ada, ...others] = (await crowd.group('ada', ...Array.from({ length: 9 }, (_, i) => `r${i}`))) as [Person, ...Person[]];
    const roomId = await roomOf(ada, ...others);
    const message = await say(ada, roomId);
    for (const other of others) await read(other, roomId, message.seq);
    const pages: Receipt[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Receipt> = await ada.get(`/rooms/${roomId}/messages/${message.seq}/receipts?limit=2${cursor && `&cursor=${cursor}`}`);
      pages.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(pages.map(({ userId }) => userId)).toEqual(others.map(({ id }) => id).reverse());
  });
});

describe('a large room', () => {
  it('keeps read positions to oneself, and the times of its receipts unknown', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const extras = LIMITS.announcedReaders + 20;
    // People who are only there: rows, because a registration costs a password hash.
    await execute(
      database.url,
      `WITH crowd AS (
         INSERT INTO users (id, email, email_key, username, username_key, display_name)
         SELECT ('00000000-0000-7000-9000-' || lpad(i::text, 12, '0'))::uuid, i || '@crowd.test', i || '@crowd.test', 'crowd' || i, 'crowd' || i, 'Crowd' FROM generate_series(1, ${extras}) i RETURNING id
       ), joined AS (INSERT INTO room_members (room_id, user_id, role) SELECT '${roomId}', id, 'member' FROM crowd)
       UPDATE rooms SET member_count = member_count + ${extras} WHERE channel_id = '${roomId}'`,
    );
    const [a, phone, laptop] = [await ada.connect(), await bob.connect(), await bob.connect()];
    for (const socket of [a, phone]) await socket.ask('room-join', { roomId });
    const message = await say(ada, roomId);
    const { lastSeq } = await ada.get<MyRoom>(`/rooms/${roomId}`);
    expect(await phone.ask('mark-read', { roomId, seq: message.seq })).toEqual({ lastReadSeq: message.seq, unread: 0 });
    for (const socket of [phone, laptop]) {
      const event = await socket.event('read');
      expectEvent(SERVER_EVENTS.read, event);
      expect(event).toMatchObject({ channelId: roomId, roomId, userId: bob.id, lastReadSeq: message.seq });
    }
    await a.fence();
    expect(a.events('read')).toEqual([]);
    expect(await ada.get(`/rooms/${roomId}`)).toMatchObject({ lastSeq });

    // Who joins a room when it is large was not there before; who is in it reads without an entry, so that nobody knows when.
    const cleo = await crowd.person('cleo');
    await cleo.post(`/rooms/${roomId}/join`);
    await execute(database.url, `UPDATE room_members SET last_read_seq = ${message.seq}, unannounced_after = 0 WHERE room_id = '${roomId}' AND user_id::text LIKE '00000000-0000-7000-9000-%'`);
    const readers: Receipt[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Receipt> = await ada.get(`/rooms/${roomId}/messages/${message.seq}/receipts?limit=7${cursor && `&cursor=${cursor}`}`);
      readers.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(new Set(readers.map(({ userId }) => userId)).size).toBe(extras + 1);
    expect(readers.map(({ readAt }) => readAt)).toEqual(Array.from({ length: extras + 1 }, () => null));
    await say(bob, roomId, 'an answer, long after he has read it');
    const { items } = await ada.get<Page<Receipt>>(`/rooms/${roomId}/messages/${message.seq}/receipts?limit=200`);
    expect(items.find(({ userId }) => userId === bob.id)).toEqual({ userId: bob.id, readAt: null });
  });
});

describe('GET /rooms', () => {
  it('asks the database once, however many rooms there are', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const onRooms = async () => {
      const executed = await meter.during(() => ada.get('/rooms?limit=200'));
      return executed.filter((text) => /\bFROM rooms\b/.test(text));
    };
    await roomOf(ada, bob);
    expect(await onRooms()).toHaveLength(1);
    for (let i = 0; i < 30; i++) await say(bob, await roomOf(ada, bob));
    expect(await onRooms()).toHaveLength(1);
  });
});
