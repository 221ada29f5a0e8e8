import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Entries } from '../../src/protocol/entries.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { History, Message, MessageAck } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import type { z } from 'zod';
import { Crowd, expectEvent, expectShape, type Person } from '../support/client.js';
import { makeAdministrator } from '../support/administrator.js';
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

/** A room with these members, the first one its owner. */
async function roomOf(...[owner, ...members]: Person[]): Promise<string> {
  const { id } = await owner!.post<MyRoom>('/rooms', { name: 'Chat', isPrivate: true });
  for (const member of members) await owner!.put(`/rooms/${id}/members/${member.id}`, { role: 'member' });
  return id;
}

const say = (sender: Person, roomId: string, content = 'hello', more: Record<string, unknown> = {}) =>
  sender.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content, ...more });

describe('sending', () => {
  it('means the same by REST and by socket, and is told to everyone in the room', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [a, b] = await Promise.all([ada.connect(), bob.connect()]);
    for (const socket of [a, b]) await socket.ask('room-join', { roomId });

    const posted = await say(ada, roomId, 'by REST', { clientMsgId: 'r1' });
    expectShape(Message, posted);
    expect(posted).toMatchObject({ roomId, senderId: ada.id, type: 'text', content: 'by REST', replyTo: null, clientMsgId: 'r1', editedAt: null, deletedAt: null });
    const ack = await a.ask<MessageAck>('send-message', { roomId, clientMsgId: 's1', content: 'by socket', replyTo: posted.id, type: 'text' });
    expectShape(MessageAck, ack);
    expect(ack).toMatchObject({ seq: posted.seq + 1, clientMsgId: 's1' });

    for (const socket of [a, b]) {
      for (const [id, expected] of [
        [posted.id, { seq: posted.seq, content: 'by REST', replyTo: null, clientMsgId: 'r1', createdAt: posted.createdAt }],
        [ack.messageId, { seq: ack.seq, content: 'by socket', replyTo: posted.id, clientMsgId: 's1', createdAt: ack.createdAt }],
      ] as const) {
        const event = await socket.event('new-message', (body) => body.id === id);
        expectEvent(SERVER_EVENTS.newMessage, event);
        expect(event).toEqual({ ...expected, id, channelId: roomId, roomId, type: 'new-message', messageType: 'text', actorId: ada.id, senderId: ada.id, at: expected.createdAt, editedAt: null, deletedAt: null });
      }
    }
    expect(await bob.get(`/messages/${ack.messageId}`)).toMatchObject({ id: ack.messageId, content: 'by socket', replyTo: posted.id });
    const { items } = await bob.get<History>(`/rooms/${roomId}/messages`);
    for (const item of items) expectShape(Message, item);
    expect(items.map(({ id }) => id)).toEqual([posted.id, ack.messageId]);
    expect(items[0]).toEqual(posted);
  });

  it('keeps every character as it was written, up to the last one allowed', async () => {
    const ada = await crowd.person('ada');
    const roomId = await roomOf(ada);
    const socket = await ada.connect();
    for (const content of ['<script>alert(1)</script>', 'NULL', '{a,b}', `'; DROP TABLE messages; --`, '明天下午三点开会 👩‍👩‍👧‍👦 e\u0301', '\ttabs\r\nand lines\n', '  spaces  ', '\\u0000 %s $1 {}', 'lines\u2028and \u200fdirections', '😀'.repeat(LIMITS.messageChars)]) {
      const { messageId } = await socket.ask<MessageAck>('send-message', { roomId, clientMsgId: crypto.randomUUID(), content });
      expect((await ada.get<Message>(`/messages/${messageId}`)).content).toBe(content);
      expect((await say(ada, roomId, content)).content).toBe(content);
    }
    for (const content of ['😀'.repeat(LIMITS.messageChars + 1), '', ' \n\t', '\u2028\u200f', '\u200b\u3164', 'a\u202eb', `z${'\u0301'.repeat(9)}`, 'a\u0000b', '\u0007', '\ud800', 'x\udc00']) {
      const body = { clientMsgId: 'bad', content };
      expect(await ada.call('POST', `/rooms/${roomId}/messages`, { body })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'content' }] } });
      expect(await socket.emit('send-message', { roomId, ...body })).toMatchObject({ error: { code: 'INVALID_INPUT', errors: [{ path: 'content' }] } });
    }
  });

  it('has types; the one for announcements is for administrators', async () => {
    const ada = await crowd.person('ada');
    const roomId = await roomOf(ada);
    const socket = await ada.connect();
    await socket.ask('room-join', { roomId });
    for (const type of ['image', 'file'] as const) {
      const { messageId } = await socket.ask<MessageAck>('send-message', { roomId, clientMsgId: type, content: `https://example.org/${type}`, type });
      expect(await ada.get(`/messages/${messageId}`)).toMatchObject({ type });
      expect(await socket.event('new-message', ({ id }) => id === messageId)).toMatchObject({ type: 'new-message', messageType: type });
    }
    expect(await socket.refusal('send-message', { roomId, clientMsgId: 's', content: 'x', type: 'system' })).toBe('PERMISSION_DENIED');
    expect(await ada.refusal('POST', `/rooms/${roomId}/messages`, { clientMsgId: 's', content: 'x', type: 'system' })).toBe('PERMISSION_DENIED');

    const root = await crowd.person('root');
    await makeAdministrator(product, root);
    await ada.put(`/rooms/${roomId}/members/${root.id}`, { role: 'member' });
    expect(await say(root, roomId, 'Maintenance at noon', { type: 'system' })).toMatchObject({ type: 'system' });
  });

  it('shows no picture or file at an address with a user or password, nor becomes one', async () => {
    const ada = await crowd.person('ada');
    const roomId = await roomOf(ada);
    const content = 'https://bank.example@evil.example/a.png';
    for (const type of ['image', 'file']) {
      const body = { clientMsgId: `userinfo-${type}`, type };
      expect(await ada.call('POST', `/rooms/${roomId}/messages`, { body: { ...body, content } })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'content' }] } });
      const { id } = await ada.post<Message>(`/rooms/${roomId}/messages`, { ...body, content: 'https://pics.example/a.png' });
      expect(await ada.call('PATCH', `/messages/${id}`, { body: { content } })).toMatchObject({ status: 400, body: { errors: [{ path: 'content' }] } });
    }
    expect((await ada.call('POST', `/rooms/${roomId}/messages`, { body: { clientMsgId: 'userinfo-text', content } })).status).toBe(201);
  });

  it('replies to messages of the same room only, and says nothing about others', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [ours, theirs] = [await roomOf(ada), await roomOf(bob)];
    const [own, foreign] = [await say(ada, ours), await say(bob, theirs)];
    const socket = await ada.connect();
    const refusals = [];
    for (const replyTo of [foreign.id, crypto.randomUUID()]) {
      const answer = await ada.call<Record<string, unknown>>('POST', `/rooms/${ours}/messages`, { body: { clientMsgId: 'r', content: 'x', replyTo } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'replyTo' }] } });
      refusals.push({ ...answer.body, requestId: '' });
      expect(await socket.emit('send-message', { roomId: ours, clientMsgId: 'r', content: 'x', replyTo })).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    }
    expect(refusals[0]).toEqual(refusals[1]);
    await ada.delete(`/messages/${own.id}`);
    expect(await say(ada, ours, 'to one that is gone', { replyTo: own.id.toUpperCase() })).toMatchObject({ replyTo: own.id });
  });
});

describe('a message sent again', () => {
  it('keeps the order of one sender, who waits for no answer', async () => {
    const [ada] = await crowd.group('ada');
    const roomId = await roomOf(ada);
    const socket = await ada.connect();
    const first = await say(ada, roomId);
    // A reply has its message looked up first, and every other one is a reply.
    const sent = Array.from({ length: 60 }, (_, i) => ({ roomId, clientMsgId: `${i}`, content: `${i}`, ...(i % 2 === 0 && { replyTo: first.id }) }));
    const acks = await Promise.all(sent.map((body) => socket.ask<MessageAck>('send-message', body)));
    expect(acks.map(({ seq }) => seq)).toEqual(sent.map((_, i) => first.seq + 1 + i));
  });

  it('is the same message, by either way, at the same time and later', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [a, other] = [await ada.connect(), await ada.connect()];
    const watcher = await bob.connect();
    await watcher.ask('room-join', { roomId });
    const body = { clientMsgId: 'once', content: 'only once' };
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => a.ask<MessageAck>('send-message', { roomId, ...body })),
      ...Array.from({ length: 5 }, () => other.ask<MessageAck>('send-message', { roomId, ...body, type: 'text', replyTo: null })),
      ...Array.from({ length: 5 }, async () => {
        const { id, ...message } = await ada.post<Message>(`/rooms/${roomId}/messages`, body);
        return { messageId: id, ...message };
      }),
    ]);
    expect(new Set(answers.map(({ messageId, seq, createdAt }) => `${messageId} ${seq} ${createdAt}`)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => duplicate === undefined)).toHaveLength(1);
    expect(answers.filter(({ duplicate }) => duplicate === true)).toHaveLength(14);

    const { messageId, seq } = answers[0]!;
    await ada.patch(`/messages/${messageId}`, { content: 'edited' });
    expect(await a.ask('send-message', { roomId, ...body })).toMatchObject({ messageId, seq, duplicate: true });
    expect(await ada.call('POST', `/rooms/${roomId}/messages`, { body })).toMatchObject({ status: 201, body: { id: messageId, seq, content: 'edited', duplicate: true } });
    await ada.delete(`/messages/${messageId}`);
    expect(await ada.post(`/rooms/${roomId}/messages`, body)).toMatchObject({ id: messageId, content: null, duplicate: true });
    await watcher.fence();
    expect(watcher.events('new-message')).toHaveLength(1);
    expect((await bob.get<History>(`/rooms/${roomId}/messages`)).items).toHaveLength(1);
  });

  it('with another body is refused; the id of another person, or in another room, is another id', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [roomId, otherRoom] = [await roomOf(ada, bob), await roomOf(ada)];
    const socket = await ada.connect();
    const first = await say(ada, roomId, 'first');
    const body = { clientMsgId: 'same', content: 'one' };
    await ada.post(`/rooms/${roomId}/messages`, body);
    for (const change of [{ content: 'two' }, { type: 'image' }, { replyTo: first.id }]) {
      expect(await ada.call('POST', `/rooms/${roomId}/messages`, { body: { ...body, ...change } })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_MISMATCH' } });
      expect(await socket.refusal('send-message', { roomId, ...body, ...change })).toBe('IDEMPOTENCY_MISMATCH');
    }
    // At the same time, too: one of the two is stored, and only one.
    const race = await Promise.all(['x', 'y'].map((content) => socket.emit('send-message', { roomId, clientMsgId: 'race', content })));
    expect(race.map(({ error }) => error?.code)).toEqual([undefined, 'IDEMPOTENCY_MISMATCH']);
    expect(await bob.post(`/rooms/${roomId}/messages`, { ...body, content: 'bob’s' })).not.toHaveProperty('duplicate');
    expect(await ada.post(`/rooms/${otherRoom}/messages`, { ...body, content: 'elsewhere' })).not.toHaveProperty('duplicate');
  });
});

describe('editing', () => {
  it('is told to everyone, by either way', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [a, b] = await Promise.all([ada.connect(), bob.connect()]);
    await b.ask('room-join', { roomId });
    const message = await say(ada, roomId, 'draft');
    const edits = [
      () => ada.patch<Message>(`/messages/${message.id}`, { content: 'by REST' }),
      () => a.ask<Message>('edit-message', { messageId: message.id, content: 'by socket' }),
    ];
    for (const edit of edits) {
      const edited = await edit();
      expectShape(Message, edited);
      expect(edited).toMatchObject({ id: message.id, seq: message.seq, createdAt: message.createdAt });
      expect(edited.editedAt).not.toBeNull();
      const event = await b.event('message-edited', ({ content }) => content === edited.content);
      expectEvent(SERVER_EVENTS.messageEdited, event);
      expect(event).toMatchObject({ messageId: message.id, messageSeq: message.seq, roomId, actorId: ada.id, editedAt: edited.editedAt });
      expect(await bob.get(`/messages/${message.id}`)).toEqual(edited);
    }
    // Nothing changed: nothing is told.
    await a.ask('edit-message', { messageId: message.id, content: 'by socket' });
    await b.fence();
    expect(b.events('message-edited')).toHaveLength(2);
  });

  it('again and again, without waiting for answers, ends with the last one', async () => {
    const [ada] = await crowd.group('ada');
    const roomId = await roomOf(ada);
    const socket = await ada.connect();
    await socket.ask('room-join', { roomId });
    const { id } = await say(ada, roomId);
    const contents = Array.from({ length: 30 }, (_, i) => `so far ${i}`);
    await Promise.all(contents.map((content) => socket.ask('edit-message', { messageId: id, content })));
    await socket.fence();
    expect(socket.events('message-edited').map(({ content }) => content)).toEqual(contents);
    expect(await ada.get(`/messages/${id}`)).toMatchObject({ content: contents.at(-1) });
  });

  it('by many at once ends with what the last event says', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [a, b] = await Promise.all([ada.connect(), bob.connect()]);
    await b.ask('room-join', { roomId });
    const { id } = await say(ada, roomId);
    await Promise.all(Array.from({ length: 20 }, (_, i) => a.ask('edit-message', { messageId: id, content: `edit ${i}` })));
    await b.until(() => b.events('message-edited').length === 20, '20 edits');
    const events = b.events<{ seq: number; content: string; editedAt: string }>('message-edited');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => events[0]!.seq + i));
    expect(await ada.get(`/messages/${id}`)).toMatchObject({ content: events.at(-1)!.content, editedAt: events.at(-1)!.editedAt });
  });
});

describe('deleting', () => {
  it('erases the content wherever one looks, and keeps the place', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const [a, b] = await Promise.all([ada.connect(), bob.connect()]);
    await b.ask('room-join', { roomId });
    const secret = 'kept in no place';
    const [byRest, bySocket] = [await say(ada, roomId, secret), await say(bob, roomId, secret)];
    await ada.patch(`/messages/${byRest.id}`, { content: `${secret}, edited` });
    for (const [message, remove] of [
      [byRest, () => ada.delete<Message>(`/messages/${byRest.id}`)],
      // The owner of the room may.
      [bySocket, () => a.ask<Message>('delete-message', { messageId: bySocket.id })],
    ] as const) {
      const deleted = await remove();
      expectShape(Message, deleted);
      expect(deleted).toMatchObject({ id: message.id, seq: message.seq, content: null });
      expect(deleted.deletedAt).not.toBeNull();
      const event = await b.event('message-deleted', ({ messageId }) => messageId === message.id);
      expectEvent(SERVER_EVENTS.messageDeleted, event);
      expect(event).toMatchObject({ messageSeq: message.seq, actorId: ada.id, deletedAt: deleted.deletedAt });
      expect(await remove()).toEqual(deleted);
      expect(await ada.refusal('PATCH', `/messages/${message.id}`, { content: 'back' })).toMatch(/MESSAGE_NOT_FOUND|PERMISSION_DENIED/);
    }
    expect(await ada.refusal('PATCH', `/messages/${byRest.id}`, { content: 'back' })).toBe('MESSAGE_NOT_FOUND');
    const places = [
      await bob.get(`/rooms/${roomId}/messages`),
      await bob.get(`/messages/${byRest.id}`),
      await bob.get(`/rooms/${roomId}/entries`),
      await bob.get('/rooms'),
      await b.ask('room-join', { roomId, after: 0 }),
      await (await bob.connect()).ask('resume', { positions: [{ channelId: roomId, seq: 0 }] }),
    ];
    for (const place of places) expect(JSON.stringify(place)).not.toContain(secret);
    const { entries } = (await bob.get<z.output<typeof Entries>>(`/rooms/${roomId}/entries`)) as { entries: unknown[] };
    expect(entries).toHaveLength(6);
    expect((await bob.get<History>(`/rooms/${roomId}/messages`)).items.map(({ content, deletedAt }) => [content, deletedAt !== null])).toEqual([[null, true], [null, true]]);
    await b.fence();
    expect(b.events('message-deleted')).toHaveLength(2);
  });
});

describe('history', () => {
  const COUNT = 500;
  let ada: Person;
  let roomId: string;
  let all: number[];

  beforeAll(async () => {
    ada = await crowd.person('historian');
    roomId = await roomOf(ada);
    const socket = await ada.connect();
    // Entries that are no messages lie between: seqs of messages have gaps.
    const acks = await Promise.all(
      Array.from({ length: COUNT }, async (_, i) => {
        if (i % 50 === 0) await ada.patch(`/rooms/${roomId}`, { name: `Chat ${i}` });
        return socket.ask<MessageAck>('send-message', { roomId, clientMsgId: `h${i}`, content: `message ${i}` });
      }),
    );
    all = acks.map(({ seq }) => seq).sort((x, y) => x - y);
    expect(all.at(-1)! - all[0]! + 1).toBeGreaterThan(COUNT);
  });

  const page = (query: string) => ada.get<History>(`/rooms/${roomId}/messages?${query}`);
  const seqsOf = ({ items }: History) => items.map(({ seq }) => seq);

  it('begins with the newest, ascending', async () => {
    const newest = await page('');
    expectShape(History, newest);
    expect(seqsOf(newest)).toEqual(all.slice(-50));
    expect(newest).toMatchObject({ hasBefore: true, hasAfter: false, nextCursor: String(all.at(-50)) });
  });

  it.each([1, 7, 50, 200])('pages backwards and forwards by %i, no message twice or missing', async (limit) => {
    const backwards: number[] = [];
    for (let query = ''; ; ) {
      const part = await page(`limit=${limit}${query}`);
      expect(part.items.length).toBeLessThanOrEqual(limit);
      backwards.unshift(...seqsOf(part));
      expect(part.hasBefore).toBe(part.nextCursor !== null);
      if (part.nextCursor === null) break;
      query = `&before=${part.nextCursor}`;
    }
    expect(backwards).toEqual(all);
    const forwards: number[] = [];
    for (let after = '0'; ; ) {
      const part = await page(`limit=${limit}&after=${after}`);
      forwards.push(...seqsOf(part));
      expect(part.hasAfter).toBe(part.nextCursor !== null);
      if (part.nextCursor === null) break;
      after = part.nextCursor;
    }
    expect(forwards).toEqual(all);
  });

  it('shows what is around a message, and fills the page at both ends', async () => {
    const around = async (index: number, limit: number) => seqsOf(await page(`around=${all[index]}&limit=${limit}`));
    expect(await around(250, 10)).toEqual(all.slice(246, 256));
    expect(await around(250, 11)).toEqual(all.slice(245, 256));
    expect(await around(250, 1)).toEqual([all[250]]);
    expect(await around(0, 10)).toEqual(all.slice(0, 10));
    expect(await around(2, 10)).toEqual(all.slice(0, 10));
    expect(await around(COUNT - 1, 10)).toEqual(all.slice(-10));
    expect(await around(COUNT - 3, 10)).toEqual(all.slice(-10));
    expect(seqsOf(await page('around=0&limit=5'))).toEqual(all.slice(0, 5));
    expect(seqsOf(await page(`around=${Number.MAX_SAFE_INTEGER}&limit=5`))).toEqual(all.slice(-5));
    expect(await page(`around=${all[250]}&limit=10`)).toMatchObject({ hasBefore: true, hasAfter: true });
  });

  it('has edges', async () => {
    expect(await page(`before=${all[0]}`)).toEqual({ items: [], nextCursor: null, hasBefore: false, hasAfter: true });
    expect(await page('before=1')).toEqual({ items: [], nextCursor: null, hasBefore: false, hasAfter: true });
    expect(await page(`after=${all.at(-1)}`)).toEqual({ items: [], nextCursor: null, hasBefore: true, hasAfter: false });
    expect(await page(`after=${Number.MAX_SAFE_INTEGER}`)).toEqual({ items: [], nextCursor: null, hasBefore: true, hasAfter: false });
    expect(seqsOf(await page(`before=${Number.MAX_SAFE_INTEGER}&limit=1`))).toEqual(all.slice(-1));
    const empty = await roomOf(ada);
    expect(await ada.get(`/rooms/${empty}/messages`)).toEqual({ items: [], nextCursor: null, hasBefore: false, hasAfter: false });
    const { seq } = await say(ada, empty, 'the only one');
    expect(await ada.get(`/rooms/${empty}/messages?after=${seq}`)).toMatchObject({ items: [], hasBefore: true, hasAfter: false });
    expect(await ada.get(`/rooms/${empty}/messages?before=${seq}`)).toMatchObject({ items: [], hasBefore: false, hasAfter: true });
  });

  it.each(['limit=0', 'limit=201', 'limit=-1', 'limit=1.5', 'limit=x', 'before=0', 'before=-1', 'after=-1', 'after=1.5', 'around=abc', 'before=1e30', 'limit=1&limit=2', 'seq=1'])('refuses ?%s, naming the field', async (query) => {
    const field = /^\w+/.exec(query)![0];
    expect(await ada.call('GET', `/rooms/${roomId}/messages?${query}`)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: field }] } });
  });

  it('goes in one direction at a time', async () => {
    expect(await ada.refusal('GET', `/rooms/${roomId}/messages?before=5&after=1`)).toBe('INVALID_INPUT');
  });
});

describe('the list of rooms', () => {
  it('shows the last message as it is now', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf(ada, bob);
    const last = async () => (await bob.get<Page<MyRoom>>('/rooms?limit=1')).items[0]?.lastMessage;
    const { id } = await say(ada, roomId, 'one');
    expect(await last()).toMatchObject({ id, content: 'one' });
    await ada.patch(`/messages/${id}`, { content: 'uno' });
    expect(await last()).toMatchObject({ id, content: 'uno' });
    const deleted = await ada.delete<Message>(`/messages/${id}`);
    expect(await last()).toEqual(deleted);
  });
});
