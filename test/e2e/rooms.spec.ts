import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import type { Page } from '../../src/protocol/primitives.js';
import { type Member, MyRoom, Room } from '../../src/protocol/rooms.js';
import { LIMITS_BY_NAME } from '../../src/platform/rate-limit/rate-limits.js';
import { type Ack, Crowd, expectEvent, expectShape, type Person } from '../support/client.js';
import { makeAdministrator } from '../support/administrator.js';
import { type Product, startProduct } from '../support/product.js';

const WORLD_ID = '00000000-0000-7000-8000-000000000001';

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

const makeRoom = (owner: Person, body: Record<string, unknown> = {}) => owner.post<MyRoom>('/rooms', { name: 'Harbour', ...body });
const say = (sender: Person, roomId: string, content = 'hello') => sender.post(`/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content });
const membersOf = async (reader: Person, roomId: string) => (await reader.get<Page<Member>>(`/rooms/${roomId}/members?limit=200`)).items;

describe('a direct room', () => {
  it('is one for a pair, whoever asks first', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const first = await ada.call<MyRoom>('POST', '/rooms/direct', { body: { userId: bob.id } });
    expect(first).toMatchObject({ status: 201, body: { kind: 'direct', name: null, isPrivate: true, memberCount: 2, role: 'member', unread: 0, peer: { id: bob.id } } });
    expectShape(MyRoom, first.body);
    const again = await ada.call<MyRoom>('POST', '/rooms/direct', { body: { userId: bob.id.toUpperCase() } });
    const back = await bob.call<MyRoom>('POST', '/rooms/direct', { body: { userId: ada.id } });
    expect([again.status, back.status]).toEqual([200, 200]);
    expect([again.body.id, back.body.id]).toEqual([first.body.id, first.body.id]);
    expect(back.body.peer?.id).toBe(ada.id);
  });

  it('is one when both ask at the same time, many times', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? ada.call<MyRoom>('POST', '/rooms/direct', { body: { userId: bob.id } }) : bob.call<MyRoom>('POST', '/rooms/direct', { body: { userId: ada.id } }))),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 11 }, () => 200), 201]);
  });

  it('needs somebody else, who exists and is active; one that is there stays open to read', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const root = await rootOf();
    const room = await ada.post<MyRoom>('/rooms/direct', { userId: bob.id });
    await root.patch(`/admin/users/${bob.id}`, { status: 'suspended' });
    expect(await ada.call('POST', '/rooms/direct', { body: { userId: ada.id } })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'userId' }] } });
    expect(await ada.refusal('POST', '/rooms/direct', { userId: crypto.randomUUID() })).toBe('USER_NOT_FOUND');
    expect(await cleo.refusal('POST', '/rooms/direct', { userId: bob.id })).toBe('USER_NOT_FOUND');
    expect((await ada.post<MyRoom>('/rooms/direct', { userId: bob.id })).id).toBe(room.id);
  });

  it('is nobody else’s, and has nothing to govern', async () => {
    const [ada, bob, eve] = await crowd.group('ada', 'bob', 'eve');
    const { id } = await ada.post<MyRoom>('/rooms/direct', { userId: bob.id });
    expect(await eve.refusal('GET', `/rooms/${id}`)).toBe('ROOM_NOT_FOUND');
    expect(await eve.refusal('POST', `/rooms/${id}/join`, {})).toBe('ROOM_NOT_FOUND');
    expect(await (await eve.connect()).refusal('room-join', { roomId: id })).toBe('ROOM_NOT_FOUND');
    for (const [method, path, body] of [
      ['PATCH', '', { name: 'Ours' }],
      ['DELETE', '', undefined],
      ['POST', '/leave', undefined],
      ['PUT', `/members/${eve.id}`, { role: 'member' }],
      ['DELETE', `/members/${bob.id}`, undefined],
      ['POST', `/members/${bob.id}/mute`, {}],
      ['POST', `/members/${bob.id}/ban`, {}],
    ] as const) {
      expect(await ada.refusal(method, `/rooms/${id}${path}`, body), `${method} ${path}`).toBe('PERMISSION_DENIED');
    }
  });
});

let root: Promise<Person> | undefined;
/** The administrator. */
function rootOf(): Promise<Person> {
  root ??= (async () => {
    const person = await crowd.person('root');
    await makeAdministrator(product, person);
    return person;
  })();
  return root;
}

describe('a public group', () => {
  it('is seen and joined by anyone, by REST and by socket', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const room = await makeRoom(ada, { name: '港口 Harbour', maxMembers: 10 });
    expectShape(MyRoom, room);
    expect(room).toMatchObject({ kind: 'group', name: '港口 Harbour', isPrivate: false, hasPassword: false, ownerId: ada.id, role: 'owner', maxMembers: 10, memberCount: 1, unread: 0, lastMessage: null });
    const seen = await bob.get<Room>(`/rooms/${room.id}`);
    expectShape(Room, seen);
    expect(seen).not.toHaveProperty('role');

    const adaSocket = await ada.connect();
    await adaSocket.ask('room-join', { roomId: room.id });
    const joined = await bob.post<MyRoom>(`/rooms/${room.id}/join`);
    expect(joined).toMatchObject({ role: 'member', memberCount: 2, unread: 0 });
    const cleoSocket = await cleo.connect();
    const ack = await cleoSocket.ask<{ room: Room; role: string; online: string[] }>('room-join', { roomId: room.id.toUpperCase() });
    expect(ack).toMatchObject({ role: 'member', room: { id: room.id, memberCount: 3 } });
    expectShape(Room, ack.room);

    for (const person of [bob, cleo]) {
      const event = await adaSocket.event('member-joined', ({ userId }) => userId === person.id);
      expectEvent(SERVER_EVENTS.memberJoined, event);
      expect(event).toMatchObject({ actorId: person.id, role: 'member', roomId: room.id, channelId: room.id });
    }
    expect((await membersOf(ada, room.id)).map(({ user, role }) => [user.id, role])).toEqual([[ada.id, 'owner'], [bob.id, 'member'], [cleo.id, 'member']]);
  });

  it('is joined once, however often one asks', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const room = await makeRoom(ada);
    const socket = await bob.connect();
    await Promise.all([bob.post(`/rooms/${room.id}/join`), bob.post(`/rooms/${room.id}/join`, {}), socket.ask('room-join', { roomId: room.id }), socket.ask('room-join', { roomId: room.id })]);
    expect(await ada.get(`/rooms/${room.id}`)).toMatchObject({ memberCount: 2, lastSeq: 1 });
    expect(await membersOf(ada, room.id)).toHaveLength(2);
  });

  it('with a password wants the right one', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const room = await makeRoom(ada, { password: 'café' });
    expect(room).toMatchObject({ hasPassword: true });
    expect(room).not.toHaveProperty('password');
    const socket = await cleo.connect();
    for (const [password, message] of [[undefined, 'is required'], ['cafe', 'is wrong']] as const) {
      const expected = { code: 'PERMISSION_DENIED', errors: [{ path: 'password', message }] };
      expect(await bob.call('POST', `/rooms/${room.id}/join`, { body: { password } })).toMatchObject({ status: 403, body: expected });
      expect(await socket.emit('room-join', { roomId: room.id, password })).toMatchObject({ error: expected });
    }
    expect(await bob.refusal('GET', `/rooms/${room.id}/messages`)).toBe('ROOM_NOT_FOUND');
    // Composed or not, it is the same password.
    expect(await bob.post(`/rooms/${room.id}/join`, { password: 'cafe\u0301' })).toMatchObject({ role: 'member' });
    expect(await socket.ask('room-join', { roomId: room.id, password: 'café' })).toMatchObject({ role: 'member' });
    // Who is in needs none, and a changed one keeps nobody out who is in.
    await ada.patch(`/rooms/${room.id}`, { password: 'other' });
    expect(await socket.ask('room-join', { roomId: room.id })).toMatchObject({ role: 'member' });
    await ada.patch(`/rooms/${room.id}`, { password: null });
    expect(await (await crowd.person('dan')).post(`/rooms/${room.id}/join`)).toMatchObject({ hasPassword: false });
  });

  it('takes exactly as many as it holds when twenty come at once', async () => {
    const ada = await crowd.person('ada');
    const room = await makeRoom(ada, { maxMembers: 8 });
    const people = await Promise.all(Array.from({ length: 20 }, () => crowd.person('guest')));
    const outcomes = await Promise.all(
      people.map(async (guest, i) => {
        if (i % 2) return (await guest.call<{ code?: string }>('POST', `/rooms/${room.id}/join`, { body: {} })).body.code ?? 'in';
        return (await (await guest.connect()).emit('room-join', { roomId: room.id })).error?.code ?? 'in';
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'GROUP_FULL')).toHaveLength(13);
    expect(await ada.get(`/rooms/${room.id}`)).toMatchObject({ memberCount: 8, lastSeq: 7 });
    expect(await membersOf(ada, room.id)).toHaveLength(8);

    const member = people[outcomes.indexOf('in')]!;
    await member.post(`/rooms/${room.id}/leave`);
    const late = people[outcomes.indexOf('GROUP_FULL')]!;
    expect(await ada.call('PUT', `/rooms/${room.id}/members/${late.id}`, { body: { role: 'member' } })).toMatchObject({ status: 204 });
    expect(await member.call('POST', `/rooms/${room.id}/join`, { body: {} })).toMatchObject({ status: 409, body: { code: 'GROUP_FULL', maxMembers: 8 } });
  });
});

describe('a private group', () => {
  it('is not there for strangers, in any way', async () => {
    const [ada, eve] = await crowd.group('ada', 'eve');
    const room = await makeRoom(ada, { isPrivate: true });
    const { id: messageId } = (await say(ada, room.id)) as { id: string };
    const socket = await eve.connect();
    for (const [method, path, body] of [
      ['GET', `/rooms/${room.id}`],
      ['PATCH', `/rooms/${room.id}`, { name: 'Mine' }],
      ['DELETE', `/rooms/${room.id}`],
      ['POST', `/rooms/${room.id}/join`, {}],
      ['POST', `/rooms/${room.id}/join`, { password: 'guess' }],
      ['POST', `/rooms/${room.id}/leave`],
      ['GET', `/rooms/${room.id}/entries`],
      ['GET', `/rooms/${room.id}/members`],
      ['PUT', `/rooms/${room.id}/members/${eve.id}`, { role: 'owner' }],
      ['DELETE', `/rooms/${room.id}/members/${ada.id}`],
      ['POST', `/rooms/${room.id}/members/${ada.id}/mute`, {}],
      ['POST', `/rooms/${room.id}/members/${ada.id}/ban`, {}],
      ['GET', `/rooms/${room.id}/messages`],
      ['POST', `/rooms/${room.id}/messages`, { clientMsgId: '1', content: 'hi' }],
      ['POST', `/rooms/${room.id}/read`, { seq: 1 }],
      ['GET', `/rooms/${room.id}/messages/1/receipts`],
    ] as const) {
      expect(await eve.refusal(method, path, body), `${method} ${path}`).toBe('ROOM_NOT_FOUND');
    }
    for (const [method, body] of [['GET'], ['PATCH', { content: 'x' }], ['DELETE']] as const) {
      expect(await eve.refusal(method, `/messages/${messageId}`, body), method).toBe('MESSAGE_NOT_FOUND');
    }
    for (const [name, body, code] of [
      ['room-join', { roomId: room.id }, 'ROOM_NOT_FOUND'],
      ['room-join', { roomId: room.id, after: 0, password: 'guess' }, 'ROOM_NOT_FOUND'],
      ['send-message', { roomId: room.id, clientMsgId: '1', content: 'hi' }, 'ROOM_NOT_FOUND'],
      ['mark-read', { roomId: room.id, seq: 1 }, 'ROOM_NOT_FOUND'],
      ['typing', { roomId: room.id, on: true }, 'ROOM_NOT_FOUND'],
      ['edit-message', { messageId, content: 'x' }, 'MESSAGE_NOT_FOUND'],
      ['delete-message', { messageId }, 'MESSAGE_NOT_FOUND'],
    ] as const) {
      expect(await socket.refusal(name, body), name).toBe(code);
    }
    expect(await socket.ask('resume', { positions: [{ channelId: room.id, seq: 0 }] })).toMatchObject([{ channelId: room.id, error: { code: 'NOT_FOUND' } }]);
    expect((await eve.get<Page<Room>>('/rooms/discover?limit=200')).items.map(({ id }) => id)).not.toContain(room.id);
    // None of it has left a trace, and what happens in the room stays there.
    await say(ada, room.id, 'still ours');
    await socket.fence();
    expect(socket.received.filter(({ name }) => name !== 'session')).toEqual([]);
    expect(await ada.get(`/rooms/${room.id}`)).toMatchObject({ memberCount: 1, lastSeq: 2 });
  });

  it('opens to those whom an admin adds, or who know its password', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const room = await makeRoom(ada, { isPrivate: true });
    await ada.put(`/rooms/${room.id}/members/${bob.id}`, { role: 'member' });
    expect(await bob.get(`/rooms/${room.id}`)).toMatchObject({ role: 'member', unread: 0 });
    expect(await cleo.refusal('POST', `/rooms/${room.id}/join`, {})).toBe('ROOM_NOT_FOUND');
    await ada.patch(`/rooms/${room.id}`, { password: 'sesame' });
    expect(await cleo.refusal('GET', `/rooms/${room.id}`)).toBe('ROOM_NOT_FOUND');
    expect(await cleo.post(`/rooms/${room.id}/join`, { password: 'sesame' })).toMatchObject({ role: 'member', memberCount: 3 });
  });
});

describe('the world', () => {
  it('is everyone’s, by its alias and by its id, and nobody governs it', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const socket = await ada.connect();
    const { room } = await socket.ask<{ room: Room }>('room-join', { roomId: 'world' });
    expect(room).toMatchObject({ id: WORLD_ID, kind: 'world', ownerId: null });
    const sent = (await say(bob, 'world', 'hello world')) as { id: string; seq: number };
    expect(await socket.event('new-message', ({ id }) => id === sent.id)).toMatchObject({ roomId: WORLD_ID, senderId: bob.id });
    expect(await socket.ask('send-message', { roomId: 'world', clientMsgId: 'w1', content: 'hi' })).toMatchObject({ seq: sent.seq + 1 });
    expect(await socket.ask('typing', { roomId: 'world', on: true })).toEqual({});
    expect(await socket.ask('mark-read', { roomId: 'world', seq: sent.seq + 1 })).toEqual({ lastReadSeq: sent.seq + 1, unread: 0 });
    expect(await bob.get('/rooms/world/messages?limit=1')).toMatchObject({ items: [{ content: 'hi' }] });
    expect((await bob.get<Page<MyRoom>>('/rooms')).items.map(({ id }) => id)).toContain(WORLD_ID);
    expect((await bob.get<Page<Room>>('/rooms/discover?limit=200')).items.map(({ id }) => id)).not.toContain(WORLD_ID);
    for (const [method, path, body] of [
      ['PATCH', '', { name: 'Mine' }],
      ['DELETE', ''],
      ['POST', '/leave'],
      ['PUT', `/members/${bob.id}`, { role: 'admin' }],
      ['DELETE', `/members/${bob.id}`],
      ['POST', `/members/${bob.id}/ban`, {}],
    ] as const) {
      expect(await ada.refusal(method, `/rooms/world${path}`, body), `${method} ${path}`).toBe('PERMISSION_DENIED');
    }
  });

  it('is kept in order by the administrators of the server', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = (await say(bob, 'world', 'spam')) as { id: string };
    expect(await ada.refusal('DELETE', `/messages/${id}`)).toBe('PERMISSION_DENIED');
    const root = await rootOf();
    expect(await root.delete(`/messages/${id}`)).toMatchObject({ id, content: null });
  });

  it('remembers what somebody has read who never listed their rooms', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const sent = (await say(ada, 'world', 'read me')) as { seq: number };
    expect(await bob.post('/rooms/world/read', { seq: sent.seq })).toEqual({ lastReadSeq: sent.seq, unread: 0 });
    await say(ada, 'world', 'and me');
    expect(await bob.get('/rooms/world')).toMatchObject({ lastReadSeq: sent.seq, unread: 1 });
  });
});

describe('changing a room', () => {
  it('tells everyone in it, and changes what was named alone', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const room = await makeRoom(ada, { password: 'x', maxMembers: 5 });
    await bob.post(`/rooms/${room.id}/join`, { password: 'x' });
    const socket = await bob.connect();
    await socket.ask('room-join', { roomId: room.id });
    const changed = await ada.patch<MyRoom>(`/rooms/${room.id}`, { name: '海边', isPrivate: true, maxMembers: null });
    expect(changed).toMatchObject({ name: '海边', isPrivate: true, maxMembers: null, hasPassword: true });
    const event = await socket.event<{ room: Room; seq: number }>('room-updated');
    expectEvent(SERVER_EVENTS.roomUpdated, event);
    expect(event).toMatchObject({ actorId: ada.id, roomId: room.id, room: { name: '海边', isPrivate: true, maxMembers: null, hasPassword: true } });
    expect(JSON.stringify(event)).not.toMatch(/argon|"password/i);
    expect(await ada.patch(`/rooms/${room.id}`, {})).toMatchObject({ name: '海边', lastSeq: event.seq });
  });

  it('deletes it for everyone at once, on open sockets too', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const room = await makeRoom(ada);
    await bob.post(`/rooms/${room.id}/join`);
    const { id: messageId } = (await say(bob, room.id)) as { id: string };
    const [adaSocket, bobSocket] = await Promise.all([ada.connect(), bob.connect()]);
    await Promise.all([adaSocket, bobSocket].map((socket) => socket.ask('room-join', { roomId: room.id })));
    await ada.delete(`/rooms/${room.id}`);
    const event = await bobSocket.event('room-updated');
    expectEvent(SERVER_EVENTS.roomUpdated, event);
    expect(event).toMatchObject({ deleted: true, roomId: room.id });
    for (const person of [ada, bob]) {
      for (const path of ['', '/messages', '/entries', '/members']) expect(await person.refusal('GET', `/rooms/${room.id}${path}`), path).toBe('ROOM_NOT_FOUND');
      expect(await person.refusal('GET', `/messages/${messageId}`)).toBe('MESSAGE_NOT_FOUND');
      expect(await person.refusal('POST', `/rooms/${room.id}/join`, {})).toBe('ROOM_NOT_FOUND');
      expect((await person.get<Page<MyRoom>>('/rooms')).items.map(({ id }) => id)).not.toContain(room.id);
    }
    expect(await ada.refusal('DELETE', `/rooms/${room.id}`)).toBe('ROOM_NOT_FOUND');
    expect(await bobSocket.refusal('send-message', { roomId: room.id, clientMsgId: 'late', content: 'hello?' })).toBe('ROOM_NOT_FOUND');
    expect(await bobSocket.refusal('room-join', { roomId: room.id })).toBe('ROOM_NOT_FOUND');
    expect(await bobSocket.ask('resume', { positions: [{ channelId: room.id, seq: 0 }] })).toMatchObject([{ error: { code: 'NOT_FOUND' } }]);
    expect((await bob.get<Page<Room>>('/rooms/discover?limit=200')).items.map(({ id }) => id)).not.toContain(room.id);
  });

  it('is refused to sends that meet the deletion: each is stored before it, or answered with an error', async () => {
    const ada = await crowd.person('ada');
    const room = await makeRoom(ada);
    const socket = await ada.connect();
    await socket.ask('room-join', { roomId: room.id });
    const sends = Array.from({ length: 50 }, (_, i) => socket.emit<{ seq: number }>('send-message', { roomId: room.id, clientMsgId: `m${i}`, content: 'now' }));
    const [acks] = await Promise.all([Promise.all(sends), ada.delete(`/rooms/${room.id}`)]);
    const end = await socket.event<{ seq: number; deleted?: true }>('room-updated', ({ deleted }) => deleted === true);
    for (const ack of acks) {
      if (ack.data) expect(ack.data.seq).toBeLessThan(end.seq);
      else expect(ack.error?.code).toMatch(/^(ROOM_)?NOT_FOUND$/);
    }
  });
});

describe('a new member', () => {
  it('hears of the room on every device, whoever let them in', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const devices = [await bob.connect(), await bob.connect()];
    const added = await makeRoom(ada, { name: 'Added', isPrivate: true });
    await ada.put(`/rooms/${added.id}/members/${bob.id}`, { role: 'member' });
    const open = await makeRoom(ada, { name: 'Joined' });
    await bob.post(`/rooms/${open.id}/join`);
    const direct = await ada.post<MyRoom>('/rooms/direct', { userId: bob.id });
    const own = await makeRoom(bob, { name: 'Own' });
    for (const device of devices) {
      for (const [{ id, kind, name }, addedBy] of [[added, ada.id], [open], [direct, ada.id], [own]] as const) {
        const event = await device.event(SERVER_EVENTS.roomAdded.name, ({ roomId }: { roomId: string }) => roomId === id);
        expectEvent(SERVER_EVENTS.roomAdded, event);
        expect(event).toEqual({ roomId: id, kind, name, ...(addedBy && { addedBy }) });
      }
    }
    // A change of role is not a new room, nor is asking for the same direct one again.
    await ada.put(`/rooms/${added.id}/members/${bob.id}`, { role: 'admin' });
    await ada.post('/rooms/direct', { userId: bob.id });
    await devices[0]!.fence();
    expect(devices[0]!.events(SERVER_EVENTS.roomAdded.name)).toHaveLength(4);
  });
});

describe('my rooms', () => {
  it('come with the most recently active first, their last message and what is unread, page by page', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const rooms: MyRoom[] = [];
    for (let i = 0; i < 9; i++) {
      const room = await makeRoom(ada, { name: `Room ${i}` });
      await bob.post(`/rooms/${room.id}/join`);
      rooms.push(room);
    }
    const direct = await ada.post<MyRoom>('/rooms/direct', { userId: bob.id });
    const order = [3, 7, 1, 8, 0, 5, 2, 6, 4].map((i) => rooms[i]!);
    for (const room of order) await say(ada, room.id, `in ${room.name}`);
    await say(ada, direct.id, '你好');
    const expected = [direct, ...order.reverse()].map(({ id }) => id);

    const listed: MyRoom[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<MyRoom> = await bob.get(`/rooms?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      listed.push(...page.items);
      cursor = page.nextCursor;
    }
    for (const room of listed) expectShape(MyRoom, room);
    expect(listed.map(({ id }) => id).filter((id) => id !== WORLD_ID)).toEqual(expected);
    expect(listed.filter(({ id }) => id === WORLD_ID)).toHaveLength(1);
    expect(listed.find(({ id }) => id === direct.id)).toMatchObject({ peer: { id: ada.id }, unread: 1, lastMessage: { content: '你好', senderId: ada.id } });
    expect(listed.find(({ id }) => id === rooms[4]!.id)).toMatchObject({ peer: null, unread: 1, role: 'member', lastMessage: { content: 'in Room 4' } });
    expect((await ada.get<Page<MyRoom>>('/rooms?limit=1')).items[0]).toMatchObject({ id: direct.id, unread: 0, peer: { id: bob.id } });
  });

  it('are not those that one has left', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const room = await makeRoom(ada);
    await bob.post(`/rooms/${room.id}/join`);
    await bob.post(`/rooms/${room.id}/leave`);
    expect((await bob.get<Page<MyRoom>>('/rooms')).items.map(({ id }) => id)).toEqual([WORLD_ID]);
  });
});

describe('discovery', () => {
  it('finds public groups by a part of the name, in which nothing is a wildcard', async () => {
    const ada = await crowd.person('ada');
    const names = ['100% cotton', '100 percent', 'snake_case', 'snakeXcase', 'back\\slash', 'backslash', '产品设计讨论', '产品发布', 'Ünïcode Club'];
    const rooms = new Map<string, string>();
    for (const name of names) rooms.set(name, (await makeRoom(ada, { name })).id);
    const find = async (q: string) => (await ada.get<Page<Room>>(`/rooms/discover?limit=200&q=${encodeURIComponent(q)}`)).items.map(({ name }) => name);
    expect(await find('100%')).toEqual(['100% cotton']);
    expect(await find('%')).toEqual(['100% cotton']);
    expect(await find('snake_')).toEqual(['snake_case']);
    expect(await find('k\\s')).toEqual(['back\\slash']);
    expect(await find('产品')).toEqual(['产品发布', '产品设计讨论']);
    expect(await find('设计')).toEqual(['产品设计讨论']);
    expect(await find('SNAKEX')).toEqual(['snakeXcase']);
    // Case is folded by the application: the locale of the database may be C.
    expect(await find('ünÏ')).toEqual(['Ünïcode Club']);
    expect(await find(`'; DROP TABLE rooms; --`)).toEqual([]);
    await ada.patch(`/rooms/${rooms.get('产品发布')}`, { isPrivate: true });
    expect(await find('产品')).toEqual(['产品设计讨论']);
  });

  it('pages through all of them, the newest first, each once', async () => {
    const ada = await crowd.person('ada');
    const made: string[] = [];
    for (let i = 0; i < 11; i++) made.unshift((await makeRoom(ada, { name: `paged ${i}` })).id);
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Room> = await ada.get(`/rooms/discover?q=paged&limit=4${cursor && `&cursor=${cursor}`}`);
      for (const room of page.items) expectShape(Room, room);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(made);
  });
});

describe('who is here', () => {
  it('is told in every room that somebody enters at once', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const rooms = await Promise.all(['One', 'Two', 'Three'].map((name) => makeRoom(ada, { name })));
    const watcher = await ada.connect();
    for (const { id } of rooms) {
      await bob.post(`/rooms/${id}/join`);
      await watcher.ask('room-join', { roomId: id });
    }
    const newcomer = await bob.connect();
    await newcomer.ask('resume', { positions: rooms.map(({ id }) => ({ channelId: id, seq: 1 })) });
    for (const { id } of rooms) await watcher.event('user-join', (event: { roomId: string }) => event.roomId === id);
  });

  it('is told to those in the room, once a person, however many sockets they have', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const room = await makeRoom(ada);
    await bob.post(`/rooms/${room.id}/join`);
    const watcher = await ada.connect();
    expect(await watcher.ask('room-join', { roomId: room.id })).toMatchObject({ online: [ada.id] });
    const [first, second] = [await bob.connect(), await bob.connect(['polling'])];
    expect(new Set((await first.ask<{ online: string[] }>('room-join', { roomId: room.id })).online)).toEqual(new Set([ada.id, bob.id]));
    const joined = await watcher.event('user-join');
    expectEvent(SERVER_EVENTS.userJoin, joined);
    expect(joined).toEqual({ roomId: room.id, userId: bob.id });
    await second.ask('room-join', { roomId: room.id });
    expect((await membersOf(ada, room.id)).map(({ user, online }) => [user.id, online])).toEqual([[ada.id, true], [bob.id, true]]);

    expect(await first.ask('room-leave', { roomId: room.id })).toEqual({});
    await watcher.fence();
    expect(watcher.events('user-leave')).toEqual([]);
    second.close();
    const left = await watcher.event('user-leave');
    expectEvent(SERVER_EVENTS.userLeave, left);
    expect(left).toEqual({ roomId: room.id, userId: bob.id });
    expect(watcher.events('user-join')).toHaveLength(1);
    expect((await membersOf(ada, room.id)).map(({ online }) => online)).toEqual([true, false]);
    // Leaving the room on a socket is not leaving it as a member.
    expect(await bob.get(`/rooms/${room.id}`)).toMatchObject({ role: 'member' });
    await say(ada, room.id);
    await first.fence();
    expect(first.events('new-message')).toEqual([]);
  });

  it('hears who is typing, but not oneself, and not in rooms that one has not joined', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const room = await makeRoom(ada);
    for (const person of [bob, cleo]) await person.post(`/rooms/${room.id}/join`);
    const [a, b, c] = await Promise.all([ada.connect(), bob.connect(), cleo.connect()]);
    for (const socket of [a, b]) await socket.ask('room-join', { roomId: room.id });
    expect(await a.ask('typing', { roomId: room.id, on: true })).toEqual({});
    const typing = await b.event('typing');
    expectEvent(SERVER_EVENTS.typing, typing);
    expect(typing).toEqual({ roomId: room.id, userId: ada.id, on: true });
    await a.ask('typing', { roomId: room.id, on: false });
    expect(await b.event('typing', ({ on }) => on === false)).toEqual({ roomId: room.id, userId: ada.id, on: false });
    await Promise.all([a.fence(), c.fence()]);
    expect([...a.events('typing'), ...c.events('typing')]).toEqual([]);
  });
});

describe('guessing a room’s password', () => {
  it('is limited, a person and a room, by REST and socket together', async () => {
    const strict = await startProduct({ RATE_LIMITS: 'on' });
    try {
      const strangers = new Crowd(strict.url);
      const [ada, eve, bob] = await strangers.group('ada', 'eve', 'bob');
      const [room, other] = [await makeRoom(ada, { password: 'sesame' }), await makeRoom(ada, { password: 'sesame' })];
      const socket = await eve.connect();
      const codes: string[] = [];
      for (let i = 0; i < LIMITS_BY_NAME.roomPassword.burst; i++) {
        const roomId = room.id;
        codes.push(i % 2 ? await eve.refusal('POST', `/rooms/${roomId}/join`, { password: `guess${i}` }) : await socket.refusal('room-join', { roomId, password: `guess${i}` }));
      }
      expect(new Set(codes)).toEqual(new Set(['PERMISSION_DENIED']));
      const answer = await eve.call('POST', `/rooms/${room.id}/join`, { body: { password: 'sesame' } });
      expect(answer).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const ack: Ack = await socket.emit('room-join', { roomId: room.id, password: 'sesame' });
      expect(ack.error).toMatchObject({ code: 'RATE_LIMITED' });
      expect(ack.error!.retryAfterMs).toBeGreaterThan(0);
      // Neither others nor other rooms suffer.
      expect(await bob.post(`/rooms/${room.id}/join`, { password: 'sesame' })).toMatchObject({ role: 'member' });
      expect(await eve.post(`/rooms/${other.id}/join`, { password: 'sesame' })).toMatchObject({ role: 'member' });
      strangers.disperse();
    } finally {
      await strict.stop();
    }
  });
});
