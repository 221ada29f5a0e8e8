import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptedInvite, CreatedInvite } from '../../src/protocol/access.js';
import type { Problem } from '../../src/protocol/errors.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { Message } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { Member, MyRoom } from '../../src/protocol/rooms.js';
import { Block, type User, type WhoMayAdd } from '../../src/protocol/users.js';
import { Crowd, expectEvent, expectShape, type Person } from '../support/client.js';
import { query, upTo } from '../support/journal-node.js';
import { letIn, makePage } from '../support/pages.js';
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

const block = (person: Person, other: Person) => person.put(`/users/me/blocks/${other.id}`);
const unblock = (person: Person, other: Person) => person.delete(`/users/me/blocks/${other.id}`);
const blockedBy = async (person: Person) => (await person.get<Page<Block>>('/users/me/blocks?limit=200')).items.map(({ user }) => user.id);
const openDirect = (person: Person, peer: Person) => person.call<MyRoom & Problem>('POST', '/rooms/direct', { body: { userId: peer.id } });
const makeRoom = (owner: Person) => owner.post<MyRoom>('/rooms', { name: 'Team', isPrivate: true });
const say = (sender: Person, roomId: string, content = 'hello') => sender.call<Message & Problem>('POST', `/rooms/${roomId}/messages`, { body: { clientMsgId: crypto.randomUUID(), content } });
const setWhoMayAdd = (person: Person, whoMayAdd: WhoMayAdd) => person.patch<User>('/users/me', { whoMayAdd });

/** Every way to make somebody a member without being asked. */
const WAYS: Record<string, (actor: Person, target: Person) => Promise<{ status: number; body: unknown }>> = {
  'a direct room': openDirect,
  'a room': async (actor, target) => actor.call('PUT', `/rooms/${(await makeRoom(actor)).id}/members/${target.id}`, { body: { role: 'member' } }),
  'a room, as an admin': async (actor, target) => actor.call('PUT', `/rooms/${(await makeRoom(actor)).id}/members/${target.id}`, { body: { role: 'admin' } }),
  'a page': async (actor, target) => actor.call('PUT', `/pages/${(await makePage(actor)).pageId}/members/${target.id}`, { body: { role: 'viewer' } }),
};
const REFUSED = { status: 403, body: { code: 'PERMISSION_DENIED' } };

describe('the list of blocked people', () => {
  it('has whom one has blocked, the last one first, each once', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    for (const other of [bob, cleo, bob]) expect((await ada.call('PUT', `/users/me/blocks/${other.id}`)).status).toBe(204);
    expect(await blockedBy(ada)).toEqual([cleo.id, bob.id]);
    expect(await blockedBy(bob)).toEqual([]);
    const first = await ada.get<Page<Block>>('/users/me/blocks?limit=1');
    const second = await ada.get<Page<Block>>(`/users/me/blocks?limit=1&cursor=${first.nextCursor}`);
    expect([first.items[0]!.user.id, second.items[0]!.user.id, second.nextCursor]).toEqual([cleo.id, bob.id, null]);
    expectShape(Block, first.items[0]);
    expectShape(Block, await ada.get(`/users/me/blocks/${bob.id}`));
    for (const _ of upTo(2)) expect((await ada.call('DELETE', `/users/me/blocks/${bob.id}`)).status).toBe(204);
    expect(await ada.refusal('GET', `/users/me/blocks/${bob.id}`)).toBe('NOT_FOUND');
    expect(await blockedBy(ada)).toEqual([cleo.id]);
  });

  it('cannot have oneself or nobody, nor without end', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    expect(await ada.call('PUT', `/users/me/blocks/${ada.id}`)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'userId' }] } });
    for (const method of ['PUT', 'DELETE']) expect(await ada.refusal(method, `/users/me/blocks/${crypto.randomUUID()}`)).toBe('USER_NOT_FOUND');
    await query(
      product.databaseUrl,
      `WITH many AS (
         INSERT INTO users (id, email, email_key, username, username_key, display_name)
         SELECT gen_random_uuid(), 'many-' || n, 'many-' || n, 'many-' || n, 'many-' || n, 'many' FROM generate_series(1, $2::int) n RETURNING id
       ) INSERT INTO user_blocks (user_id, blocked_id) SELECT $1, id FROM many`,
      [ada.id, LIMITS.blocks - 1],
    );
    await block(ada, bob);
    const cleo = await crowd.person('cleo');
    expect(await ada.call('PUT', `/users/me/blocks/${cleo.id}`)).toMatchObject({ status: 403, body: { code: 'QUOTA_EXCEEDED' } });
    await unblock(ada, bob);
    await block(ada, cleo);
  });

  it('is told to one’s own devices alone', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [phone, other] = [await ada.connect(), await bob.connect()];
    await block(ada, bob);
    const event = await phone.event('block-changed');
    expectEvent(SERVER_EVENTS.blockChanged, event);
    expect(event).toEqual({ userId: bob.id, blocked: true });
    await unblock(ada, bob);
    await phone.event('block-changed', ({ blocked }: { blocked: boolean }) => !blocked);
    await other.fence();
    expect(other.events('block-changed')).toEqual([]);
  });
});

describe('who is blocked', () => {
  it.each(Object.entries(WAYS))('cannot put one into %s, and is told no more than if one let nobody', async (_name, add) => {
    const [ada, bob, cleo, dan] = await crowd.group('ada', 'bob', 'cleo', 'dan');
    await block(ada, bob);
    await setWhoMayAdd(dan, 'nobody');
    const refused = await add(bob, ada);
    expect(refused).toMatchObject(REFUSED);
    const withoutId = (body: unknown) => ({ ...(body as Problem), requestId: '' });
    expect(withoutId(refused.body)).toEqual(withoutId((await add(bob, dan)).body));
    // Nobody else is kept out, and afterwards nobody at all.
    expect((await add(cleo, ada)).status).toBeLessThan(300);
    await unblock(ada, bob);
    expect((await add(bob, ada)).status).toBeLessThan(300);
  });

  it('may be put into rooms and pages by oneself; to write to them one must unblock them', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    await block(ada, bob);
    for (const name of ['a room', 'a page']) expect((await WAYS[name]!(ada, bob)).status).toBe(204);
    expect(await openDirect(ada, bob)).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED', detail: 'You have blocked this person' } });
  });

  it('stays in the rooms that both are in, and may change roles there', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const room = await makeRoom(bob);
    await bob.put(`/rooms/${room.id}/members/${ada.id}`, { role: 'member' });
    await block(ada, bob);
    expect((await say(bob, room.id)).status).toBe(201);
    expect((await say(ada, room.id)).status).toBe(201);
    expect((await bob.call('PUT', `/rooms/${room.id}/members/${ada.id}`, { body: { role: 'admin' } })).status).toBe(204);
    // But who has left cannot be fetched back.
    await ada.post(`/rooms/${room.id}/leave`);
    expect(await bob.refusal('PUT', `/rooms/${room.id}/members/${ada.id}`, { role: 'member' })).toBe('PERMISSION_DENIED');
  });
});

describe('in the direct room of two, one of whom has blocked the other', () => {
  async function pair(): Promise<{ ada: Person; bob: Person; roomId: string }> {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { body } = await openDirect(ada, bob);
    return { ada, bob, roomId: body.id };
  }
  const onlineIn = async (person: Person, roomId: string) => (await person.get<Page<Member>>(`/rooms/${roomId}/members`)).items.filter(({ online }) => online).map(({ user }) => user.id).sort();

  it('neither can write, by REST or by socket; both can read, and delete what is theirs', async () => {
    const { ada, bob, roomId } = await pair();
    const [before, own] = [(await say(bob, roomId, 'before')).body, (await say(ada, roomId, 'own')).body];
    const [fromAda, fromBob] = [await ada.connect(), await bob.connect()];
    await block(ada, bob);
    for (const [person, socket, message, detail] of [
      [bob, fromBob, before, 'You cannot write to this person'],
      [ada, fromAda, own, 'You have blocked this person'],
    ] as const) {
      expect(await say(person, roomId)).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED', detail } });
      expect(await socket.emit('send-message', { roomId, clientMsgId: 'by-socket', content: 'x' })).toMatchObject({ error: { code: 'PERMISSION_DENIED', message: detail } });
      expect(await person.refusal('PATCH', `/messages/${message.id}`, { content: 'changed' })).toBe('PERMISSION_DENIED');
      expect(await socket.refusal('edit-message', { messageId: message.id, content: 'changed' })).toBe('PERMISSION_DENIED');
      expect(await socket.refusal('typing', { roomId, on: true })).toBe('PERMISSION_DENIED');
      expect((await person.get<{ items: Message[] }>(`/rooms/${roomId}/messages`)).items.map(({ content }) => content)).toContain(message.content);
      expect((await openDirect(person, person === ada ? bob : ada)).body.id).toBe(roomId);
      await person.delete(`/messages/${message.id}`);
    }
    await unblock(ada, bob);
    for (const person of [ada, bob]) expect((await say(person, roomId)).status).toBe(201);
  });

  it('nobody can write until both have taken it back', async () => {
    const { ada, bob, roomId } = await pair();
    await block(ada, bob);
    await block(bob, ada);
    expect((await say(ada, roomId)).body.detail).toBe('You have blocked this person');
    await unblock(ada, bob);
    expect((await say(ada, roomId)).body.detail).toBe('You cannot write to this person');
    expect((await say(bob, roomId)).body.detail).toBe('You have blocked this person');
    await unblock(bob, ada);
    expect((await say(bob, roomId)).status).toBe(201);
  });

  it('neither sees whether the other is there, or typing', async () => {
    const { ada, bob, roomId } = await pair();
    const [mine, theirs] = [await ada.connect(), await bob.connect()];
    for (const socket of [mine, theirs]) await socket.ask('room-join', { roomId });
    await mine.event('user-join', ({ userId }: { userId: string }) => userId === bob.id);
    await block(ada, bob);
    // Who was shown is gone at once, for both.
    expect(await mine.event('user-leave')).toEqual({ roomId, userId: bob.id });
    expect(await theirs.event('user-leave')).toEqual({ roomId, userId: ada.id });
    expect([await onlineIn(ada, roomId), await onlineIn(bob, roomId)]).toEqual([[ada.id], [bob.id]]);
    const count = mine.received.length;
    theirs.close();
    const again = await bob.connect();
    expect((await again.ask<{ online: string[] }>('room-join', { roomId })).online).toEqual([bob.id]);
    await again.emit('typing', { roomId, on: true });
    await again.fence();
    await mine.fence();
    expect(mine.received.slice(count)).toEqual([]);
    await unblock(ada, bob);
    expect(await mine.event('user-join', ({ userId }: { userId: string }) => userId === bob.id)).toEqual({ roomId, userId: bob.id });
    expect(await onlineIn(ada, roomId)).toEqual([ada.id, bob.id].sort());
    await again.ask('typing', { roomId, on: true });
    expect(await mine.event('typing')).toEqual({ roomId, userId: bob.id, on: true });
  });

  it('holds also when the room is opened while one blocks the other', async () => {
    for (const _ of upTo(10)) {
      const [ada, bob] = await crowd.group('ada', 'bob');
      const [opened] = await Promise.all([openDirect(bob, ada), block(ada, bob)]);
      if (opened.status !== 201) expect(opened).toMatchObject(REFUSED);
      else expect(await say(bob, opened.body.id)).toMatchObject(REFUSED);
    }
  });
});

describe('whoMayAdd', () => {
  it('is part of what one sees of oneself, and of nobody else', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    expect(ada.user.whoMayAdd).toBe('anyone');
    expect((await setWhoMayAdd(ada, 'shared')).whoMayAdd).toBe('shared');
    expect((await ada.get<User>('/users/me')).whoMayAdd).toBe('shared');
    expect(await bob.get(`/users/${ada.id}`)).not.toHaveProperty('whoMayAdd');
    expect(await ada.call('PATCH', '/users/me', { body: { whoMayAdd: 'friends' } })).toMatchObject({ status: 400, body: { errors: [{ path: 'whoMayAdd' }] } });
  });

  it.each(Object.entries(WAYS))('decides who may put one into %s', async (_name, add) => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    await setWhoMayAdd(ada, 'nobody');
    expect(await add(bob, ada)).toMatchObject(REFUSED);
    await setWhoMayAdd(ada, 'shared');
    expect(await add(bob, ada)).toMatchObject(REFUSED);
    const common = await makeRoom(ada);
    await ada.put(`/rooms/${common.id}/members/${bob.id}`, { role: 'member' });
    expect((await add(bob, ada)).status).toBeLessThan(300);
    expect(await add(cleo, ada)).toMatchObject(REFUSED);
    await setWhoMayAdd(ada, 'anyone');
    expect((await add(cleo, ada)).status).toBeLessThan(300);
  });

  it('counts as shared what both are in now: a page as well as a room, but neither the world nor what is left or deleted', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    await setWhoMayAdd(ada, 'shared');
    for (const person of [ada, bob]) await person.post('/rooms/world/join');
    const addToRoom = async () => (await WAYS['a room']!(bob, ada)).status;
    expect(await addToRoom()).toBe(403);
    const [left, deleted] = [await makeRoom(ada), await makeRoom(ada)];
    for (const { id } of [left, deleted]) await ada.put(`/rooms/${id}/members/${bob.id}`, { role: 'member' });
    await bob.post(`/rooms/${left.id}/leave`);
    await ada.delete(`/rooms/${deleted.id}`);
    const gone = await makePage(ada);
    await letIn(ada, gone, [[bob, 'viewer']]);
    await ada.delete(`/pages/${gone.pageId}`);
    expect(await addToRoom()).toBe(403);
    await letIn(ada, await makePage(ada), [[bob, 'viewer']]);
    expect(await addToRoom()).toBe(204);
  });

  it('does not keep one from what one opens, joins or accepts by oneself', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    await setWhoMayAdd(ada, 'nobody');
    await block(ada, bob);
    expect((await ada.call('POST', `/rooms/${(await bob.post<MyRoom>('/rooms', { name: 'Open' })).id}/join`)).status).toBe(200);
    const page = await makePage(bob);
    const invites = [await bob.post<CreatedInvite>(`/rooms/${(await makeRoom(bob)).id}/invite`, {}), await bob.post<CreatedInvite>(`/pages/${page.pageId}/invite`, { role: 'editor' })];
    for (const { token, kind } of invites) expect(await ada.post<AcceptedInvite>(`/invites/${token}/accept`)).toMatchObject({ kind });
    await unblock(ada, bob);
    await setWhoMayAdd(bob, 'anyone');
    expect((await openDirect(ada, bob)).status).toBe(201);
  });

  it('leaves the roles of members to those who manage them', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(bob);
    await letIn(bob, page, [[ada, 'viewer']]);
    await setWhoMayAdd(ada, 'nobody');
    await letIn(bob, page, [[ada, 'editor']]);
    // A member already: what the client asked for has not happened, and it is not a refusal of theirs.
    expect((await bob.call('PUT', `/pages/${page.pageId}/members/${ada.id}`, { body: { role: 'viewer' }, headers: { 'if-none-match': '*' } })).status).toBe(412);
  });
});
