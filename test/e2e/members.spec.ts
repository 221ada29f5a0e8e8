import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import type { Message } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import { Member, type MyRoom } from '../../src/protocol/rooms.js';
import { Crowd, expectEvent, expectShape, type Person } from '../support/client.js';
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

const makeRoom = (owner: Person, body: Record<string, unknown> = {}) => owner.post<MyRoom>('/rooms', { name: 'Council', ...body });
const say = (sender: Person, roomId: string, content = 'hello') => sender.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content });
const membersOf = async (reader: Person, roomId: string) => (await reader.get<Page<Member>>(`/rooms/${roomId}/members?limit=200`)).items;
const roleOf = async (reader: Person, roomId: string, person: Person) => (await membersOf(reader, roomId)).find(({ user }) => user.id === person.id)?.role;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe('what a role may do', () => {
  interface Cast {
    owner: Person;
    admin: Person;
    member: Person;
    stranger: Person;
    /** A member that everyone of a higher rank may act on. */
    target: Person;
    /** Somebody who is not in the room yet. */
    newcomer: Person;
  }
  type Actor = 'owner' | 'admin' | 'member' | 'stranger';
  type Attempt = (actor: Person, room: string, cast: Cast) => Promise<{ status: number; body: unknown }>;

  const ACTIONS: Record<string, { allowed: Actor[]; attempt: Attempt }> = {
    'read the history': { allowed: ['owner', 'admin', 'member'], attempt: (actor, room) => actor.call('GET', `/rooms/${room}/messages`) },
    'list the members': { allowed: ['owner', 'admin', 'member'], attempt: (actor, room) => actor.call('GET', `/rooms/${room}/members`) },
    'read the journal': { allowed: ['owner', 'admin', 'member'], attempt: (actor, room) => actor.call('GET', `/rooms/${room}/entries`) },
    'mark as read': { allowed: ['owner', 'admin', 'member'], attempt: (actor, room) => actor.call('POST', `/rooms/${room}/read`, { body: { seq: 1 } }) },
    send: { allowed: ['owner', 'admin', 'member'], attempt: (actor, room) => actor.call('POST', `/rooms/${room}/messages`, { body: { clientMsgId: 'once', content: 'me' } }) },
    leave: { allowed: ['admin', 'member'], attempt: (actor, room) => actor.call('POST', `/rooms/${room}/leave`) },
    'edit somebody else’s message': { allowed: [], attempt: async (actor, room, { target }) => actor.call('PATCH', `/messages/${(await say(target, room)).id}`, { body: { content: 'forged' } }) },
    'delete somebody else’s message': { allowed: ['owner', 'admin'], attempt: async (actor, room, { target }) => actor.call('DELETE', `/messages/${(await say(target, room)).id}`) },
    'send a system message': { allowed: [], attempt: (actor, room) => actor.call('POST', `/rooms/${room}/messages`, { body: { clientMsgId: 'once', content: 'We are the system', type: 'system' } }) },
    'add a member': { allowed: ['owner', 'admin'], attempt: (actor, room, { newcomer }) => actor.call('PUT', `/rooms/${room}/members/${newcomer.id}`, { body: { role: 'member' } }) },
    'add an admin': { allowed: ['owner'], attempt: (actor, room, { newcomer }) => actor.call('PUT', `/rooms/${room}/members/${newcomer.id}`, { body: { role: 'admin' } }) },
    'add an owner': { allowed: [], attempt: (actor, room, { newcomer }) => actor.call('PUT', `/rooms/${room}/members/${newcomer.id}`, { body: { role: 'owner' } }) },
    'promote a member': { allowed: ['owner'], attempt: (actor, room, { target }) => actor.call('PUT', `/rooms/${room}/members/${target.id}`, { body: { role: 'admin' } }) },
    'hand the room over': { allowed: ['owner'], attempt: (actor, room, { target }) => actor.call('PUT', `/rooms/${room}/members/${target.id}`, { body: { role: 'owner' } }) },
    'take the room': { allowed: [], attempt: async (actor, room, cast) => (actor === cast.owner ? refused() : actor.call('PUT', `/rooms/${room}/members/${actor.id}`, { body: { role: 'owner' } })) },
    'demote the owner': { allowed: [], attempt: (actor, room, { owner }) => actor.call('PUT', `/rooms/${room}/members/${owner.id}`, { body: { role: 'member' } }) },
    'mute a member': { allowed: ['owner', 'admin'], attempt: (actor, room, { target }) => actor.call('POST', `/rooms/${room}/members/${target.id}/mute`, { body: {} }) },
    'kick a member': { allowed: ['owner', 'admin'], attempt: (actor, room, { target }) => actor.call('DELETE', `/rooms/${room}/members/${target.id}`) },
    'ban a member': { allowed: ['owner', 'admin'], attempt: (actor, room, { target }) => actor.call('POST', `/rooms/${room}/members/${target.id}/ban`, { body: {} }) },
    'ban somebody who is not in it': { allowed: ['owner', 'admin'], attempt: (actor, room, { newcomer }) => actor.call('POST', `/rooms/${room}/members/${newcomer.id}/ban`, { body: {} }) },
    'mute an admin': { allowed: ['owner'], attempt: (actor, room, { admin }) => actor.call('POST', `/rooms/${room}/members/${admin.id}/mute`, { body: {} }) },
    'kick an admin': { allowed: ['owner'], attempt: (actor, room, { admin }) => actor.call('DELETE', `/rooms/${room}/members/${admin.id}`) },
    'ban an admin': { allowed: ['owner'], attempt: (actor, room, { admin }) => actor.call('POST', `/rooms/${room}/members/${admin.id}/ban`, { body: {} }) },
    'kick the owner': { allowed: [], attempt: (actor, room, { owner }) => actor.call('DELETE', `/rooms/${room}/members/${owner.id}`) },
    'ban the owner': { allowed: [], attempt: (actor, room, { owner }) => actor.call('POST', `/rooms/${room}/members/${owner.id}/ban`, { body: {} }) },
    rename: { allowed: ['owner', 'admin'], attempt: (actor, room) => actor.call('PATCH', `/rooms/${room}`, { body: { name: 'Senate' } }) },
    delete: { allowed: ['owner'], attempt: (actor, room) => actor.call('DELETE', `/rooms/${room}`) },
  };
  const refused = () => Promise.resolve({ status: 403, body: { code: 'PERMISSION_DENIED' } });

  let cast: Cast;
  beforeAll(async () => {
    const [owner, admin, member, stranger, target, newcomer] = await crowd.group('owner', 'admin', 'member', 'stranger', 'target', 'newcomer');
    cast = { owner, admin, member, stranger, target, newcomer };
  });

  it.each(Object.entries(ACTIONS))('%s', async (_name, { allowed, attempt }) => {
    for (const role of ['owner', 'admin', 'member', 'stranger'] as const) {
      const { id } = await makeRoom(cast.owner, { isPrivate: true });
      await cast.owner.put(`/rooms/${id}/members/${cast.admin.id}`, { role: 'admin' });
      for (const person of [cast.member, cast.target]) await cast.owner.put(`/rooms/${id}/members/${person.id}`, { role: 'member' });
      const answer = await attempt(cast[role], id, cast);
      const label = `${role}: ${answer.status} ${JSON.stringify(answer.body)}`;
      if (allowed.includes(role)) expect([200, 201, 204], label).toContain(answer.status);
      else if (role === 'stranger') expect(answer, label).toMatchObject({ status: 404, body: { code: expect.stringMatching(/^(ROOM|MESSAGE)_NOT_FOUND$/) as string } });
      else expect(answer, label).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    }
  });
});

describe('adding somebody and nothing else', () => {
  it('leaves the role of whoever is a member already', async () => {
    const [owner, admin, newcomer] = await crowd.group('owner', 'admin', 'newcomer');
    const { id } = await makeRoom(owner);
    await owner.put(`/rooms/${id}/members/${admin.id}`, { role: 'admin' });
    const add = (person: Person) => owner.call('PUT', `/rooms/${id}/members/${person.id}`, { body: { role: 'member' }, headers: { 'if-none-match': '*' } });
    expect(await add(admin)).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    expect(await roleOf(owner, id, admin)).toBe('admin');
    expect(await add(newcomer)).toMatchObject({ status: 204 });
    expect(await add(newcomer)).toMatchObject({ status: 412 });
    await newcomer.post(`/rooms/${id}/leave`);
    expect(await add(newcomer)).toMatchObject({ status: 204 });
    expect(await roleOf(owner, id, newcomer)).toBe('member');
  });
});

describe('leaving', () => {
  it('is told to the others, and ends what one gets', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = await makeRoom(ada);
    await bob.post(`/rooms/${id}/join`);
    const [adaSocket, bobSocket] = await Promise.all([ada.connect(), bob.connect()]);
    for (const socket of [adaSocket, bobSocket]) await socket.ask('room-join', { roomId: id });
    await bob.post(`/rooms/${id}/leave`);
    for (const socket of [adaSocket, bobSocket]) {
      const event = await socket.event('member-left');
      expectEvent(SERVER_EVENTS.memberLeft, event);
      expect(event).toMatchObject({ userId: bob.id, actorId: bob.id, reason: 'left' });
    }
    await say(ada, id);
    await bobSocket.fence();
    expect(bobSocket.events('new-message')).toEqual([]);
    expect(await bob.refusal('POST', `/rooms/${id}/leave`)).toBe('ROOM_NOT_FOUND');
    expect(await bob.refusal('GET', `/rooms/${id}/messages`)).toBe('ROOM_NOT_FOUND');
    expect(await ada.get(`/rooms/${id}`)).toMatchObject({ memberCount: 1 });
    // Who comes back has nothing unread, and the history.
    expect(await bob.post(`/rooms/${id}/join`)).toMatchObject({ role: 'member', unread: 0, memberCount: 2 });
    expect((await bob.get<Page<Message>>(`/rooms/${id}/messages`)).items).toHaveLength(1);
  });

  it('asks the owner to hand over first; the last one out deletes the room', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = await makeRoom(ada);
    await bob.post(`/rooms/${id}/join`);
    expect(await ada.refusal('POST', `/rooms/${id}/leave`)).toBe('PERMISSION_DENIED');
    expect(await ada.refusal('PUT', `/rooms/${id}/members/${ada.id}`, { role: 'member' })).toBe('PERMISSION_DENIED');
    await ada.put(`/rooms/${id}/members/${bob.id}`, { role: 'owner' });
    expect([await roleOf(bob, id, ada), await roleOf(bob, id, bob)]).toEqual(['admin', 'owner']);
    expect(await bob.get(`/rooms/${id}`)).toMatchObject({ ownerId: bob.id });
    await ada.post(`/rooms/${id}/leave`);
    await bob.post(`/rooms/${id}/leave`);
    expect(await bob.refusal('GET', `/rooms/${id}`)).toBe('ROOM_NOT_FOUND');
    expect(await ada.refusal('POST', `/rooms/${id}/join`, {})).toBe('ROOM_NOT_FOUND');
  });

  it('leaves nobody in a room without an owner when all go at once', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const { id } = await makeRoom(ada);
    for (const person of [bob, cleo]) await person.post(`/rooms/${id}/join`);
    const answers = await Promise.all([ada, bob, cleo, ada, bob].map((person) => person.call('POST', `/rooms/${id}/leave`)));
    expect(answers.map(({ status }) => status).every((status) => [204, 403, 404].includes(status))).toBe(true);
    const stays = await ada.call<MyRoom>('GET', `/rooms/${id}`);
    if (stays.status === 200) expect(stays.body).toMatchObject({ memberCount: 1, ownerId: ada.id, role: 'owner' });
    else expect(stays).toMatchObject({ status: 404 });
  });
});

describe('handing over', () => {
  it('tells everyone both changes', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = await makeRoom(ada);
    await bob.post(`/rooms/${id}/join`);
    const socket = await bob.connect();
    await socket.ask('room-join', { roomId: id });
    await ada.put(`/rooms/${id}/members/${bob.id}`, { role: 'owner' });
    const promoted = await socket.event('member-updated', ({ userId }) => userId === bob.id);
    for (const event of socket.events('member-updated')) expectEvent(SERVER_EVENTS.memberUpdated, event);
    expect(promoted).toMatchObject({ role: 'owner', mutedUntil: null, actorId: ada.id });
    expect(socket.events('member-updated', ({ userId }) => userId === ada.id)).toMatchObject([{ role: 'admin' }]);
  });

  it('happens once when two are offered the room at the same time', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const { id } = await makeRoom(ada);
    for (const person of [bob, cleo]) await person.post(`/rooms/${id}/join`);
    const answers = await Promise.all([bob, cleo].map((person) => ada.call('PUT', `/rooms/${id}/members/${person.id}`, { body: { role: 'owner' } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
    const owners = (await membersOf(ada, id)).filter(({ role }) => role === 'owner');
    expect(owners).toHaveLength(1);
    expect(await ada.get(`/rooms/${id}`)).toMatchObject({ ownerId: owners[0]!.user.id });
  });
});

describe('kick and ban', () => {
  it('take the room from open sockets at once', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    for (const [reason, remove] of [
      ['kicked', (id: string) => ada.delete(`/rooms/${id}/members/${bob.id}`)],
      ['banned', (id: string) => ada.post(`/rooms/${id}/members/${bob.id}/ban`)],
    ] as const) {
      const { id } = await makeRoom(ada);
      await bob.post(`/rooms/${id}/join`);
      const message = await say(bob, id);
      const [first, second, watcher] = await Promise.all([bob.connect(), bob.connect(['polling']), ada.connect()]);
      for (const socket of [first, second, watcher]) await socket.ask('room-join', { roomId: id });
      await remove(id);
      for (const socket of [first, second, watcher]) {
        const event = await socket.event('member-left', ({ roomId }) => roomId === id);
        expectEvent(SERVER_EVENTS.memberLeft, event);
        expect(event).toMatchObject({ userId: bob.id, actorId: ada.id, reason });
      }
      expect(await watcher.event('user-leave', ({ roomId }) => roomId === id)).toEqual({ roomId: id, userId: bob.id });
      await say(ada, id, 'they are gone');
      await Promise.all([first.fence(), second.fence()]);
      expect([...first.events('new-message', ({ roomId }) => roomId === id), ...second.events('new-message', ({ roomId }) => roomId === id)]).toEqual([]);
      expect(await first.refusal('send-message', { roomId: id, clientMsgId: 'x', content: 'still here' })).toBe('ROOM_NOT_FOUND');
      expect(await first.refusal('typing', { roomId: id, on: true })).toBe('ROOM_NOT_FOUND');
      expect(await first.refusal('mark-read', { roomId: id, seq: 1 })).toBe('ROOM_NOT_FOUND');
      expect(await first.refusal('edit-message', { messageId: message.id, content: 'x' })).toBe('MESSAGE_NOT_FOUND');
      expect(await first.refusal('delete-message', { messageId: message.id })).toBe('MESSAGE_NOT_FOUND');
      expect(await first.ask('resume', { positions: [{ channelId: id, seq: 0 }] })).toMatchObject([{ channelId: id, error: { code: 'NOT_FOUND' } }]);
      for (const path of ['messages', 'entries', 'members']) expect(await bob.refusal('GET', `/rooms/${id}/${path}`)).toBe('ROOM_NOT_FOUND');
      expect(await bob.refusal('GET', `/messages/${message.id}`)).toBe('MESSAGE_NOT_FOUND');
      expect((await bob.get<Page<MyRoom>>('/rooms')).items.map((room) => room.id)).not.toContain(id);
    }
  });

  it('differ: the kicked may come back, the banned may not until it is lifted or over', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = await makeRoom(ada);
    const socket = await bob.connect();
    await bob.post(`/rooms/${id}/join`);
    await ada.delete(`/rooms/${id}/members/${bob.id}`);
    expect(await bob.post(`/rooms/${id}/join`)).toMatchObject({ role: 'member' });
    expect(await ada.refusal('DELETE', `/rooms/${id}/members/${(await crowd.person('nobody')).id}`)).toBe('USER_NOT_FOUND');

    for (const until of [undefined, null, inHours(1)]) {
      await ada.post(`/rooms/${id}/members/${bob.id}/ban`, { until });
      expect(await bob.refusal('POST', `/rooms/${id}/join`, {})).toBe('PERMISSION_DENIED');
      expect(await socket.refusal('room-join', { roomId: id })).toBe('PERMISSION_DENIED');
      await ada.post(`/rooms/${id}/members/${bob.id}/ban`, { until: inHours(-1) });
      expect(await socket.ask('room-join', { roomId: id })).toMatchObject({ role: 'member' });
    }
    expect(await ada.get(`/rooms/${id}`)).toMatchObject({ memberCount: 2 });
  });

  it('keeps out who was never in, and who tries at the very moment', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    for (let round = 0; round < 10; round++) {
      const { id } = await makeRoom(ada);
      const socket = await bob.connect();
      await Promise.all([socket.emit('room-join', { roomId: id }), bob.call('POST', `/rooms/${id}/join`, { body: {} }), ada.post(`/rooms/${id}/members/${bob.id}/ban`)]);
      // Whoever was first: at rest the ban holds.
      expect(await bob.refusal('POST', `/rooms/${id}/join`, {})).toBe('PERMISSION_DENIED');
      expect(await ada.get(`/rooms/${id}`)).toMatchObject({ memberCount: 1 });
      await say(ada, id);
      await socket.fence();
      expect(socket.events('new-message', ({ roomId }) => roomId === id)).toEqual([]);
      expect(await bob.refusal('GET', `/rooms/${id}/messages`)).toBe('ROOM_NOT_FOUND');
    }
  });

  it('does not wait for itself when many are banned at once', async () => {
    const [ada, ...people] = await crowd.group('ada', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n');
    const { id } = await makeRoom(ada);
    const answers = await Promise.all(people.map((person) => ada.call('POST', `/rooms/${id}/members/${person.id}/ban`, { body: {} })));
    expect(answers.map(({ status }) => status)).toEqual(people.map(() => 204));
    expect(await ada.refusal('POST', `/rooms/${id}/members/${crypto.randomUUID()}/ban`, {})).toBe('USER_NOT_FOUND');
  });

  it('is undone when an admin adds the banned', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = await makeRoom(ada);
    await ada.post(`/rooms/${id}/members/${bob.id}/ban`);
    await ada.put(`/rooms/${id}/members/${bob.id}`, { role: 'member' });
    expect(await bob.get(`/rooms/${id}`)).toMatchObject({ role: 'member' });
  });
});

describe('a mute', () => {
  it('lets read and not write, until it is lifted or over', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id } = await makeRoom(ada);
    await bob.post(`/rooms/${id}/join`);
    const message = await say(bob, id, 'before');
    const socket = await bob.connect();
    await socket.ask('room-join', { roomId: id });
    const until = inHours(1);
    await ada.post(`/rooms/${id}/members/${bob.id}/mute`, { until });
    const event = await socket.event('member-updated');
    expectEvent(SERVER_EVENTS.memberUpdated, event);
    expect(event).toMatchObject({ userId: bob.id, role: 'member', mutedUntil: until, actorId: ada.id });
    expect(await socket.emit('send-message', { roomId: id, clientMsgId: '1', content: 'x' })).toMatchObject({ error: { code: 'PERMISSION_DENIED', mutedUntil: until } });
    expect(await bob.call('POST', `/rooms/${id}/messages`, { body: { clientMsgId: '1', content: 'x' } })).toMatchObject({ status: 403, body: { mutedUntil: until } });
    expect(await socket.refusal('edit-message', { messageId: message.id, content: 'x' })).toBe('PERMISSION_DENIED');
    expect(await socket.refusal('typing', { roomId: id, on: true })).toBe('PERMISSION_DENIED');
    const heard = await say(ada, id, 'listen');
    await socket.event('new-message', (body) => body.id === heard.id);
    expect(await socket.ask('mark-read', { roomId: id, seq: heard.seq })).toMatchObject({ unread: 0 });
    expect(await bob.get(`/rooms/${id}`)).toMatchObject({ mutedUntil: until });
    // Leaving and coming back is no way around it.
    await bob.post(`/rooms/${id}/leave`);
    await bob.post(`/rooms/${id}/join`);
    expect(await bob.refusal('POST', `/rooms/${id}/messages`, { clientMsgId: '1', content: 'x' })).toBe('PERMISSION_DENIED');
    await ada.post(`/rooms/${id}/members/${bob.id}/mute`, { until: inHours(-1) });
    expect(await bob.post(`/rooms/${id}/messages`, { clientMsgId: '1', content: 'x' })).toMatchObject({ content: 'x' });
    expect((await membersOf(ada, id)).find(({ user }) => user.id === bob.id)?.mutedUntil).toBeNull();
  });
});

describe('the list of members', () => {
  it('comes in the order in which they joined, page by page, each once', async () => {
    const ada = await crowd.person('ada');
    const { id } = await makeRoom(ada);
    const people = [ada];
    for (let i = 0; i < 10; i++) {
      people.push(await crowd.person('guest'));
      await people.at(-1)!.post(`/rooms/${id}/join`);
    }
    const found: Member[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Member> = await ada.get(`/rooms/${id}/members?limit=4${cursor && `&cursor=${cursor}`}`);
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    for (const member of found) expectShape(Member, member);
    expect(found.map(({ user }) => user.id)).toEqual(people.map((person) => person.id));
    expect(JSON.stringify(found)).not.toContain('@example.org');
  });

  it('finds members by a part of either name, in which nothing is a wildcard', async () => {
    const [ada, stranger] = await crowd.group('ada', 'stranger');
    const { id } = await makeRoom(ada, { isPrivate: true });
    const names = ['Łukasz 100%', 'Zoë_Ünïcode', '本杰明·富兰克林', '富兰克林夫人', 'ＦＵＬＬ width'];
    for (const [i, name] of names.entries()) await ada.put(`/rooms/${id}/members/${(await crowd.person(`sailor${i}`, name)).id}`, { role: 'member' });
    await crowd.person('sailor-ashore', '富兰克林');
    const ask = (reader: Person, q: string) => reader.call<Page<Member>>('GET', `/rooms/${id}/members?q=${encodeURIComponent(q)}`);
    const find = async (q: string) => (await ask(ada, q)).body.items.map(({ user }) => user.displayName);
    expect(await find('富兰')).toEqual(['本杰明·富兰克林', '富兰克林夫人']);
    expect(await find('LOR3-')).toEqual(['富兰克林夫人']);
    expect(await find('zoË_ünÏ')).toEqual(['Zoë_Ünïcode']);
    expect(await find('full')).toEqual(['ＦＵＬＬ width']);
    expect(await find('%')).toEqual(['Łukasz 100%']);
    expect(await find('_')).toEqual(['Zoë_Ünïcode']);
    expect(await find('nobody')).toEqual([]);
    expect(await find('')).toHaveLength(6);
    expect(await ask(stranger, '富')).toMatchObject({ status: 404, body: { code: 'ROOM_NOT_FOUND' } });
    for (const q of ['x'.repeat(65), 'a\0b']) expect(await ask(ada, q)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'q' }] } });
  });

  it('pages through those who match, and leaves out who has left', async () => {
    const ada = await crowd.person('ada');
    const { id } = await makeRoom(ada);
    const sailors: Person[] = [];
    for (let i = 0; i < 6; i++) {
      sailors.push(await crowd.person('rower'));
      for (const person of [sailors.at(-1)!, await crowd.person('guest')]) await person.post(`/rooms/${id}/join`);
    }
    await sailors.shift()!.post(`/rooms/${id}/leave`);
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<Member> = await ada.get(`/rooms/${id}/members?q=ROWER&limit=2${cursor && `&cursor=${cursor}`}`);
      for (const member of page.items) expectShape(Member, member);
      pages.push(page.items.map(({ user }) => user.id));
      cursor = page.nextCursor;
    }
    const [a, b, c, d, e] = sailors.map((sailor) => sailor.id);
    expect(pages).toEqual([[a, b], [c, d], [e]]);
  });
});
