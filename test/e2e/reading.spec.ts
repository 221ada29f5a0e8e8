import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { Message, Receipt } from '../../src/protocol/messages.js';
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

describe('a large room', () => {
  it('keeps read positions to oneself, and pages its receipts', async () => {
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

    await execute(
      database.url,
      `UPDATE room_members SET last_read_seq = ${message.seq}, last_read_at = date_trunc('milliseconds', now()) - interval '1 second' * (('x' || right(user_id::text, 2))::bit(8)::int % 4)
       WHERE room_id = '${roomId}' AND user_id::text LIKE '00000000-0000-7000-9000-%'`,
    );
    const readers: Receipt[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Receipt> = await ada.get(`/rooms/${roomId}/messages/${message.seq}/receipts?limit=7${cursor && `&cursor=${cursor}`}`);
      readers.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(readers).toHaveLength(extras + 1);
    expect(new Set(readers.map(({ userId }) => userId)).size).toBe(extras + 1);
    const times = readers.map(({ readAt }) => Date.parse(readAt!));
    expect(times).toEqual([...times].sort((x, y) => y - x));
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
