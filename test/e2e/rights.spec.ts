import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Invite } from '../../src/protocol/access.js';
import type { Message, MessageAck } from '../../src/protocol/messages.js';
import type { PageDocument as PageBody, PageSummary, PatchResult } from '../../src/protocol/pages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Api, Crowd, type Person, TestSocket } from '../support/client.js';
import { createDatabase, execute, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { query, upTo } from '../support/journal-node.js';
import { letIn, makePage } from '../support/pages.js';
import { Server } from '../support/server.js';

const ROUNDS = 3;
/** As many as a socket may have under way. */
const FLOOD = 800;

let database: TestDatabase;
let here: Server;
let there: Server;
let crowd: Crowd;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  database = await createDatabase();
  const env = { DATABASE_URL: database.url, BUS: 'postgres', JWT_SECRET: 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA' };
  here = await Server.start(env);
  there = await Server.start(env);
  crowd = new Crowd(here.url);
});
afterEach(() => {
  crowd.disperse();
  for (const socket of sockets.splice(0)) socket.close();
});
afterAll(async () => {
  await Promise.all([here, there].map((server) => server?.remove()));
  await database.drop();
});

async function connect(server: Server, person: Person): Promise<TestSocket> {
  const socket = await TestSocket.open(server.url, person.token);
  sockets.push(socket);
  return socket;
}

const at = (server: Server, person: Person) => new Api(server.url, person.token);
const makeRoom = (owner: Person) => owner.post<MyRoom>('/rooms', { name: 'Rights' });
const say = (socket: TestSocket, roomId: string, content: string) => socket.emit<MessageAck>('send-message', { roomId, clientMsgId: crypto.randomUUID(), content });

interface Entry {
  seq: number;
  type: string;
  actor_id: string;
  user_id: string | null;
}

const journalOf = (channelId: string) =>
  query<Entry>(database.url, `SELECT seq::int, type, actor_id, payload->>'userId' AS user_id FROM journal WHERE channel_id = $1 ORDER BY seq`, [channelId]);

/** What the person has in the channel's journal behind the entry that put them out, and how much before it. */
async function tracesOf(person: Person, channelId: string, types: string[]): Promise<{ before: number; after: string[] }> {
  const entries = await journalOf(channelId);
  const out = entries.findLast(({ type, user_id }) => (type === 'member-left' || type === 'member-updated') && user_id === person.id)!.seq;
  const own = entries.filter(({ actor_id, type }) => actor_id === person.id && types.includes(type));
  return { before: own.filter(({ seq }) => seq < out).length, after: own.filter(({ seq }) => seq > out).map(({ seq, type }) => `${type} ${seq} after ${out}`) };
}

/** Events that are sent without waiting; what becomes of them is known when the promise resolves: how many were done, and the codes of the others. */
async function flood(count: number, send: (i: number) => Promise<{ error?: { code: string } | undefined }>): Promise<{ done: number; codes: Set<string> }> {
  const answers = await Promise.all(upTo(count).map(send));
  const refused = answers.flatMap(({ error }) => error?.code ?? []);
  return { done: count - refused.length, codes: new Set(refused) };
}

const SPEECH = ['new-message', 'message-edited', 'message-deleted', 'read'];

/** How somebody is put out, or silenced, and what they are told then. */
const REMOVALS = {
  kicked: { put: (owner: Api, room: string, user: string) => owner.delete(`/rooms/${room}/members/${user}`), code: 'ROOM_NOT_FOUND', isSilentOnly: false },
  banned: { put: (owner: Api, room: string, user: string) => owner.post(`/rooms/${room}/members/${user}/ban`, {}), code: 'ROOM_NOT_FOUND', isSilentOnly: false },
  muted: { put: (owner: Api, room: string, user: string) => owner.post(`/rooms/${room}/members/${user}/mute`, {}), code: 'PERMISSION_DENIED', isSilentOnly: true },
} as const;

describe('P8: nothing that somebody has under way lands behind the entry that put them out', () => {
  const cases = Object.entries(REMOVALS).flatMap(([how, removal]) => (['the same node', 'another node'] as const).map((where) => ({ how, where, ...removal })));

  it.each(cases)('messages of somebody who is $how on $where', async ({ where, put, code }) => {
    for (const round of upTo(ROUNDS)) {
      const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
      const { id: roomId } = await makeRoom(ada);
      for (const person of [bob, cleo]) await person.post(`/rooms/${roomId}/join`);
      const [speaker, listener] = [await connect(there, bob), await connect(there, cleo)];
      await listener.ask('room-join', { roomId });
      const sending = flood(FLOOD, (i) => say(speaker, roomId, `${round} ${i}`));
      const meanwhile = flood(100, (i) => say(listener, roomId, `cleo ${i}`));
      await listener.event('new-message', (entry: { senderId: string }) => entry.senderId === bob.id);
      await put(at(where === 'the same node' ? there : here, ada), roomId, bob.id);
      const { done, codes } = await sending;
      const { before, after } = await tracesOf(bob, roomId, SPEECH);
      expect(after).toEqual([]);
      expect(before, 'what was acknowledged, and nothing else').toBe(done);
      expect([...codes].filter((other) => other !== code)).toEqual([]);
      expect(await meanwhile, 'nobody else is kept from speaking').toEqual({ done: 100, codes: new Set() });
      // Neither does anything afterwards, from the moment of the answer.
      for (const server of [here, there]) expect(await at(server, bob).refusal('POST', `/rooms/${roomId}/messages`, { clientMsgId: crypto.randomUUID(), content: 'still here' })).toBe(code);
    }
  });

  it.each(cases)('edits, deletions and read positions of somebody who is $how on $where', async ({ where, put, isSilentOnly }) => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id: roomId } = await makeRoom(ada);
    await bob.post(`/rooms/${roomId}/join`);
    const socket = await connect(there, bob);
    const mine: string[] = [];
    for (const i of upTo(60)) mine.push((await socket.ask<MessageAck>('send-message', { roomId, clientMsgId: `m${i}`, content: `${i}` })).messageId);
    const marks: number[] = [];
    for (const i of upTo(100)) marks.push((await ada.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: `a${i}`, content: `${i}` })).seq);
    const sending = Promise.all([
      flood(200, (i) => socket.emit('edit-message', { messageId: mine[i % 40], content: `edit ${i}` })),
      flood(20, (i) => socket.emit('delete-message', { messageId: mine[39 + i] })),
      flood(100, (i) => socket.emit('mark-read', { roomId, seq: marks[i - 1] })),
    ]);
    await eventually('one is edited', async () => (await journalOf(roomId)).some(({ type }) => type === 'message-edited'));
    await put(at(where === 'the same node' ? there : here, ada), roomId, bob.id);
    await sending;
    // A mute takes speaking away; what one has said one may still take back, and read what others say.
    expect((await tracesOf(bob, roomId, isSilentOnly ? ['new-message', 'message-edited'] : SPEECH)).after).toEqual([]);
  });

  it('what an admin does who is one no more', async () => {
    for (const server of [here, there]) {
      const [ada, bob, cleo, dan] = await crowd.group('ada', 'bob', 'cleo', 'dan');
      const { id: roomId } = await makeRoom(ada);
      await cleo.post(`/rooms/${roomId}/join`);
      await ada.put(`/rooms/${roomId}/members/${bob.id}`, { role: 'admin' });
      const said: string[] = [];
      for (const i of upTo(30)) said.push((await cleo.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: `c${i}`, content: `${i}` })).id);
      const [socket, rest] = [await connect(there, bob), at(there, bob)];
      const attempt = async (method: string, path: string, body?: unknown) => {
        const { status, body: answer } = await rest.call<{ code: string }>(method, path, { body });
        return status < 400 ? {} : { error: { code: answer.code } };
      };
      const ruling = Promise.all([
        flood(30, (i) => socket.emit('delete-message', { messageId: said[i - 1] })),
        flood(30, (i) => attempt('PATCH', `/rooms/${roomId}`, { name: `Room ${i}` })),
        flood(30, (i) => attempt('POST', `/rooms/${roomId}/members/${cleo.id}/mute`, i % 2 ? {} : { until: '2020-01-01T00:00:00.000Z' })),
        flood(10, () => attempt('PUT', `/rooms/${roomId}/members/${dan.id}`, { role: 'member' })),
        flood(30, () => attempt('POST', `/rooms/${roomId}/invite`, { role: 'member' })),
      ]);
      await eventually('he rules', async () => (await journalOf(roomId)).some(({ actor_id }) => actor_id === bob.id));
      // As any client does: so many at once may have all connections to the database for longer than one request waits for one.
      await eventually('he is lowered', async () => (await at(server, ada).call('PUT', `/rooms/${roomId}/members/${bob.id}`, { body: { role: 'member' } })).status < 400);
      const invitesThen = (await ada.get<{ items: Invite[] }>(`/rooms/${roomId}/invites?limit=200`)).items.length;
      await ruling;
      expect((await tracesOf(bob, roomId, ['message-deleted', 'room-updated', 'member-updated', 'member-joined', 'member-left'])).after).toEqual([]);
      expect((await ada.get<{ items: Invite[] }>(`/rooms/${roomId}/invites?limit=200`)).items.length, 'no invite was made afterwards').toBe(invitesThen);
    }
  });

  const WAYS = {
    kicked: { put: (owner: Api, page: PageSummary, user: string) => owner.delete(`/pages/${page.pageId}/members/${user}`), code: 'PAGE_NOT_FOUND' },
    lowered: { put: (owner: Api, page: PageSummary, user: string) => owner.put(`/pages/${page.pageId}/members/${user}`, { role: 'viewer' }), code: 'PERMISSION_DENIED' },
  };
  const onPages = Object.entries(WAYS).flatMap(([how, way]) => (['the same node', 'another node'] as const).map((where) => ({ how, where, ...way })));

  it.each(onPages)('edits of a page by somebody who is $how on $where', async ({ where, put, code }) => {
    for (const _ of upTo(ROUNDS)) {
      const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
      const page = await makePage(ada);
      await letIn(ada, page, [[bob, 'editor'], [cleo, 'editor']]);
      const { pageId } = page;
      const [one, other] = [await connect(there, bob), await connect(there, cleo)];
      const edit = (socket: TestSocket, who: string) => (i: number) =>
        socket.emit<PatchResult>('op-patch', { pageId, version: 0, opId: crypto.randomUUID(), patches: [{ op: 'add', path: `/components/1/props/${who}${i}`, value: i }] });
      await other.ask('page-join', { pageId });
      const editing = flood(FLOOD, edit(one, 'bob'));
      const meanwhile = flood(100, edit(other, 'cleo'));
      await other.event('op-patch', (entry: { actorId: string }) => entry.actorId === bob.id);
      await put(at(where === 'the same node' ? there : here, ada), page, bob.id);
      const { done, codes } = await editing;
      const { before, after } = await tracesOf(bob, page.id, ['op-patch']);
      expect(after).toEqual([]);
      expect(before, 'what was acknowledged, and nothing else').toBe(done);
      expect([...codes].filter((each) => each !== code)).toEqual([]);
      expect(await meanwhile, 'nobody else loses an edit').toEqual({ done: 100, codes: new Set() });
      const { length: lastSeq } = await journalOf(page.id);
      for (const server of [here, there]) {
        const { version, schema } = await at(server, ada).get<PageBody>(`/pages/${pageId}`);
        const props = (schema as unknown as { components: { 1: { props: Record<string, number> } } }).components[1].props;
        expect([version, Object.keys(props).length]).toEqual([lastSeq, done + 100]);
      }
    }
  });

  it.each(onPages)('titles, restores, undos and invites of a page by somebody who is $how on $where', async ({ where, put }) => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'owner']]);
    const rest = at(there, bob);
    const attempt = async (method: string, path: string, body: unknown) => {
      const { status, body: answer } = await rest.call<{ code: string }>(method, `/pages/${page.pageId}${path}`, { body });
      return status < 400 ? {} : { error: { code: answer.code } };
    };
    const schema = (i: number) => ({ rootId: 1, components: { 1: { id: 1, name: 'Page', type: 'page', props: { i }, children: [], parentId: null } } });
    const editing = Promise.all([
      flood(30, (i) => attempt('PUT', '', { schema: schema(i) })),
      flood(30, (i) => attempt('PUT', '/title', { title: `Title ${i}` })),
      flood(10, () => attempt('POST', '/restore', { version: 0 })),
      flood(10, () => attempt('POST', '/undo', { count: 2 })),
      flood(30, () => attempt('POST', '/invite', { role: 'viewer' })),
    ]);
    await eventually('he edits', async () => (await journalOf(page.id)).filter(({ actor_id }) => actor_id === bob.id).length > 3);
    await put(at(where === 'the same node' ? there : here, ada), page, bob.id);
    const invites = async () => (await ada.get<{ items: Invite[] }>(`/pages/${page.pageId}/invites?limit=200`)).items.length;
    const invitesThen = await invites();
    await editing;
    expect((await tracesOf(bob, page.id, ['op-patch', 'page-updated', 'member-updated'])).after).toEqual([]);
    expect(await invites(), 'no invite was made afterwards').toBe(invitesThen);
  });

  it('what somebody does who is suspended', async () => {
    const [admin, bob] = await crowd.group('admin', 'bob');
    await execute(database.url, `UPDATE users SET is_admin = true WHERE id = '${admin.id}'`);
    const { id: roomId } = await makeRoom(admin);
    await bob.post(`/rooms/${roomId}/join`);
    const socket = await connect(there, bob);
    const sending = flood(FLOOD, (i) => say(socket, roomId, `${i}`)).catch(() => undefined);
    await eventually('he speaks', async () => (await journalOf(roomId)).some(({ actor_id, type }) => actor_id === bob.id && type === 'new-message'));
    await admin.patch(`/admin/users/${bob.id}`, { status: 'suspended' });
    const { length } = await journalOf(roomId);
    await socket.closed();
    // Behind what another one says on that node nothing of his can come any more.
    for (const i of upTo(20)) await at(there, admin).post(`/rooms/${roomId}/messages`, { clientMsgId: `after-${i}`, content: 'after' });
    expect((await journalOf(roomId)).slice(length).map(({ actor_id }) => actor_id)).toEqual(upTo(20).map(() => admin.id));
    socket.close();
    await sending;
  });

  it('an invite that somebody accepts when whoever made it may not invite any more', async () => {
    for (const _ of upTo(10)) {
      const [ada, bob, ...guests] = (await crowd.group('ada', 'bob', ...upTo(6).map((i) => `guest${i}`))) as [Person, Person, ...Person[]];
      const { id: roomId } = await makeRoom(ada);
      await ada.put(`/rooms/${roomId}/members/${bob.id}`, { role: 'admin' });
      const { token } = await bob.post<{ token: string }>(`/rooms/${roomId}/invite`, { role: 'member' });
      const accepting = guests.map((guest, i) => at(i % 2 ? here : there, guest).call<{ code?: string }>('POST', `/invites/${token}/accept`));
      await at(here, ada).delete(`/rooms/${roomId}/members/${bob.id}`);
      const answers = await Promise.all(accepting);
      for (const { status, body } of answers) if (status >= 400) expect(body.code).toBe('INVITE_EXPIRED');
      const entries = await journalOf(roomId);
      const out = entries.find(({ type, user_id }) => type === 'member-left' && user_id === bob.id)!.seq;
      expect(entries.filter(({ type, seq }) => type === 'member-joined' && seq > out)).toEqual([]);
    }
  });
});

describe('one’s own change is true for oneself at once, on every node', () => {
  it('who joins here may write there, though that node has just said no', async () => {
    const ada = await crowd.person('ada');
    const room = await makeRoom(ada);
    const write = (server: Server, person: Person, roomId: string) => at(server, person).call<{ code?: string }>('POST', `/rooms/${roomId}/messages`, { body: { clientMsgId: crypto.randomUUID(), content: 'hello' } });
    const outcomes: (string | number)[] = [];
    for (const i of upTo(60)) {
      const [join, other] = i % 2 ? [here, there] : [there, here];
      const person = await crowd.person(`joiner`);
      expect((await write(other, person, room.id)).body.code).toBe('ROOM_NOT_FOUND');
      await at(join, person).post(`/rooms/${room.id}/join`);
      const { status, body } = await write(other, person, room.id);
      outcomes.push(body.code ?? status);
    }
    expect(outcomes).toEqual(upTo(60).map(() => 201));
  });

  it('who leaves here may join there, and is in', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id: roomId } = await makeRoom(ada);
    for (const i of upTo(20)) {
      const [one, other] = i % 2 ? [here, there] : [there, here];
      await at(one, bob).post(`/rooms/${roomId}/join`);
      await at(other, bob).get(`/rooms/${roomId}/messages`);
      await at(one, bob).post(`/rooms/${roomId}/leave`);
      await at(other, bob).post(`/rooms/${roomId}/join`);
      expect((await bob.get<{ items: MyRoom[] }>('/rooms')).items.map(({ id }) => id), `round ${i}`).toContain(roomId);
      await at(other, bob).post(`/rooms/${roomId}/leave`);
    }
  });

  it('who is let in, raised or unmuted here may act there', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id: roomId } = await makeRoom(ada);
    await bob.post(`/rooms/${roomId}/join`);
    const page = await makePage(ada);
    const speak = () => at(there, bob).call('POST', `/rooms/${roomId}/messages`, { body: { clientMsgId: crypto.randomUUID(), content: 'hello' } });
    const edit = () => at(there, bob).call('PATCH', `/pages/${page.pageId}`, { body: JSON.stringify([{ op: 'add', path: '/components/1/props/x', value: 1 }]), headers: { 'content-type': 'application/json-patch+json' } });
    for (const _ of upTo(5)) {
      await ada.post(`/rooms/${roomId}/members/${bob.id}/mute`, {});
      expect((await speak()).status).toBe(403);
      await ada.post(`/rooms/${roomId}/members/${bob.id}/mute`, { until: '2020-01-01T00:00:00.000Z' });
      expect((await speak()).status).toBe(201);
      await letIn(ada, page, [[bob, 'viewer']]);
      expect((await edit()).status).toBe(403);
      await letIn(ada, page, [[bob, 'editor']]);
      expect((await edit()).status).toBe(200);
      await ada.delete(`/pages/${page.pageId}/members/${bob.id}`);
      expect((await edit()).status).toBe(404);
    }
  });

  it('who joins while the room is closed does not slip in', async () => {
    const ada = await crowd.person('ada');
    for (const _ of upTo(5)) {
      const { id: roomId } = await makeRoom(ada);
      const guests = await crowd.group('g1', 'g2', 'g3', 'g4');
      const joining = guests.map((guest, i) => at(i % 2 ? here : there, guest).call<{ code?: string }>('POST', `/rooms/${roomId}/join`));
      await ada.patch(`/rooms/${roomId}`, { isPrivate: true });
      for (const { status, body } of await Promise.all(joining)) if (status >= 400) expect(body.code).toBe('ROOM_NOT_FOUND');
      const entries = await journalOf(roomId);
      const closed = entries.find(({ type }) => type === 'room-updated')!.seq;
      expect(entries.filter(({ type, seq }) => type === 'member-joined' && seq > closed)).toEqual([]);
    }
  });
});

describe('a resend of what is stored', () => {
  it('is answered as one to somebody who may only listen by now, and not to somebody who may not see the room', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id: roomId } = await makeRoom(ada);
    await bob.post(`/rooms/${roomId}/join`);
    const body = { clientMsgId: 'once', content: 'hello' };
    const first = await bob.post<Message>(`/rooms/${roomId}/messages`, body);
    await ada.post(`/rooms/${roomId}/members/${bob.id}/mute`, {});
    const socket = await connect(there, bob);
    expect(await bob.post(`/rooms/${roomId}/messages`, body)).toEqual({ ...first, duplicate: true });
    expect(await socket.ask('send-message', { roomId, ...body })).toEqual({ messageId: first.id, seq: first.seq, clientMsgId: 'once', createdAt: first.createdAt, duplicate: true });
    expect(await socket.refusal('send-message', { roomId, ...body, content: 'something else' })).toBe('IDEMPOTENCY_MISMATCH');
    expect(await socket.refusal('send-message', { roomId, ...body, clientMsgId: 'new' })).toBe('PERMISSION_DENIED');
    await ada.delete(`/rooms/${roomId}/members/${bob.id}`);
    for (const server of [here, there]) expect(await at(server, bob).refusal('POST', `/rooms/${roomId}/messages`, body)).toBe('ROOM_NOT_FOUND');
  });

  it('is answered as one to somebody who may only look on by now, and not to somebody who may not see the page', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'editor']]);
    const socket = await connect(there, bob);
    const patch = (opId: string, value: number) => ({ pageId: page.pageId, version: 0, opId, patches: [{ op: 'add', path: '/components/1/props/x', value }] });
    const first = await socket.ask<PatchResult>('op-patch', patch('once', 1));
    await letIn(ada, page, [[bob, 'viewer']]);
    expect(await socket.ask('op-patch', patch('once', 1))).toEqual({ ...first, duplicate: true });
    expect(await socket.refusal('op-patch', patch('once', 2))).toBe('IDEMPOTENCY_MISMATCH');
    expect(await socket.refusal('op-patch', patch('new', 2))).toBe('PERMISSION_DENIED');
    await ada.delete(`/pages/${page.pageId}/members/${bob.id}`);
    expect(await socket.refusal('op-patch', patch('once', 1))).toBe('PAGE_NOT_FOUND');
  });
});
