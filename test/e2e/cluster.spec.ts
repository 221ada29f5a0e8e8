import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesAnswer, ResumedChannel } from '../../src/protocol/entries.js';
import type { MessageAck } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { Member, MyRoom } from '../../src/protocol/rooms.js';
import { Api, Crowd, type Person, TestSocket } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually, within } from '../support/eventually.js';
import { audit } from '../support/ledger.js';
import { LoadClient, toDelivery } from '../support/load-client.js';
import { query, upTo } from '../support/journal-node.js';
import { letIn, makePage } from '../support/pages.js';
import { Random } from '../support/random.js';
import { Server } from '../support/server.js';

/** P8: a right that ends is gone on all nodes within this. */
const REVOKED_WITHIN_MS = 1_000;

const random = new Random();
let database: TestDatabase;
let here: Server;
let there: Server;
let crowd: Crowd;
let sockets: TestSocket[];

beforeAll(async () => {
  process.stdout.write(`cluster: TEST_SEED=${random.seed}\n`);
  database = await createDatabase();
  const env = { DATABASE_URL: database.url, BUS: 'postgres', JWT_SECRET: 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA' };
  here = await Server.start(env);
  there = await Server.start(env);
  crowd = new Crowd(here.url);
  sockets = [];
});

afterEach(() => {
  crowd.disperse();
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  await Promise.all([here, there].map((server) => server?.remove()));
  await database.drop();
});

/** A socket of the person at that node. */
async function connect(server: Server, person: Person): Promise<TestSocket> {
  const socket = await TestSocket.open(server.url, person.token);
  sockets.push(socket);
  return socket;
}

const at = (server: Server, person: Person) => new Api(server.url, person.token);

async function roomOf([owner, ...members]: readonly Person[]): Promise<string> {
  const { id } = await owner!.post<MyRoom>('/rooms', { name: 'Cluster', isPrivate: true });
  for (const member of members) await owner!.put(`/rooms/${id}/members/${member.id}`, { role: 'member' });
  return id;
}

const join = (socket: TestSocket, roomId: string) => socket.ask<{ lastSeq: number; online: string[] }>('room-join', { roomId });
const say = (socket: TestSocket, roomId: string, content: string) => socket.ask<MessageAck>('send-message', { roomId, clientMsgId: crypto.randomUUID(), content });

describe('two nodes on one database', () => {
  it('P3, P4, P6: give everyone everything in order, wherever it is sent, also when the bus breaks', async () => {
    const people = await crowd.group('a', 'b', 'c', 'd');
    const rooms = [await roomOf(people), await roomOf(people)];
    const clients = people.map((person, i) => new LoadClient(`member-${i}`, (i % 2 ? here : there).url, person.token, rooms, random));
    try {
      for (const client of clients) client.startSending();
      const acked = () => clients.reduce((sum, client) => sum + client.acked, 0);
      for (const round of upTo(4)) {
        await eventually('more is acknowledged', () => acked() >= round * 100);
        await query(database.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'atrium-bus'`);
      }
      await Promise.all(clients.map((client) => client.stopSending()));
      for (const channelId of rooms) {
        const answers = await Promise.all([here, there].map((server) => at(server, people[0]).get<EntriesAnswer>(`/rooms/${channelId}/entries?limit=1000`)));
        expect(answers[1]).toEqual(answers[0]);
        const entries = 'entries' in answers[0]! ? answers[0].entries.map(toDelivery) : [];
        expect(entries.length).toBeGreaterThan(50);
        await eventually('everyone has the last entry', () => clients.every((client) => client.lastSeq(channelId) === entries.length));
        const ledger = { sends: clients.flatMap(({ sends }) => sends), streams: clients.flatMap(({ streams }) => [...streams.values()]) };
        const findings = audit(ledger, [{ channelId, entries, history: entries.filter((entry) => entry.opId !== undefined) }]);
        expect(Object.values(findings).flat(), `TEST_SEED=${random.seed}`).toEqual([]);
      }
      expect(clients.flatMap(({ resets }) => resets)).toEqual([]);
    } finally {
      for (const client of clients) client.close();
    }
  });

  it('P2: store a message once that is sent on both at the same time', async () => {
    const [ada] = await crowd.group('ada');
    const roomId = await roomOf([ada]);
    const [left, right] = [await connect(here, ada), await connect(there, ada)];
    for (const i of upTo(20)) {
      const message = { roomId, clientMsgId: `same-${i}`, content: 'hello' };
      const [first, second] = await Promise.all([left.ask<MessageAck>('send-message', message), right.ask<MessageAck>('send-message', message)]);
      expect([second.messageId, second.seq, second.createdAt]).toEqual([first.messageId, first.seq, first.createdAt]);
      expect([first.duplicate, second.duplicate].filter(Boolean)).toHaveLength(1);
    }
  });

  it('P4: resume on the other one what was left on the first', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf([ada, bob]);
    const [sender, reader, other] = [await connect(here, ada), await connect(here, bob), await connect(there, ada)];
    // Somebody else follows the room there already, so that the node has a position of its own.
    await join(other, roomId);
    await join(reader, roomId);
    for (const round of upTo(10)) {
      const { seq } = await say(sender, roomId, `before ${round}`);
      await reader.event('new-message', (entry: { seq: number }) => entry.seq === seq);
      const moved = await connect(there, bob);
      const [at] = await moved.ask<ResumedChannel[]>('resume', { positions: [{ channelId: roomId, seq }] });
      expect(at).toEqual({ channelId: roomId, complete: true, entries: [] });
      const next = await say(sender, roomId, `after ${round}`);
      await moved.event('new-message', (entry: { seq: number }) => entry.seq === next.seq);
      const late = await connect(there, bob);
      const [missed] = await late.ask<ResumedChannel[]>('resume', { positions: [{ channelId: roomId, seq }] });
      expect(missed).toMatchObject({ complete: true, entries: [{ seq: next.seq, content: `after ${round}` }] });
    }
  });

  it('P8: take a page at once from somebody who is put out or lowered, on whatever node they are', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'owner'], [cleo, 'owner']]);
    const members = `/pages/${page.pageId}/members`;
    const [watcher, removed] = [await connect(here, ada), await connect(there, bob)];
    for (const socket of [watcher, removed]) expect(await socket.ask('resume', { positions: [{ channelId: page.id, seq: 0 }] })).toMatchObject([{ complete: true }]);
    // That node remembers the rights of both.
    for (const person of [bob, cleo]) await at(there, person).get(members);
    await ada.put(`${members}/${cleo.id}`, { role: 'viewer' });
    await ada.delete(`${members}/${bob.id}`);
    await within('the removed one hears of it', removed.event('member-left', (entry: { userId: string }) => entry.userId === bob.id), REVOKED_WITHIN_MS);
    expect(await at(there, bob).refusal('GET', members)).toBe('PAGE_NOT_FOUND');
    expect(await at(there, cleo).refusal('DELETE', `${members}/${ada.id}`)).toBe('PERMISSION_DENIED');
    const dan = await crowd.person('dan');
    await ada.put(`${members}/${dan.id}`, { role: 'viewer' });
    await watcher.event('member-joined', (entry: { userId: string }) => entry.userId === dan.id);
    // What is said in a room of both proves that what came before has passed that node.
    const common = await roomOf([ada, bob]);
    for (const socket of [watcher, removed]) await join(socket, common);
    const marker = await say(watcher, common, 'marker');
    await removed.event('new-message', (entry: { id: string }) => entry.id === marker.messageId);
    expect(removed.events('member-joined', (entry: { userId: string }) => entry.userId === dan.id)).toEqual([]);
  });

  it('P8: take a room at once from somebody who is kicked, on whatever node they are', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf([ada, bob]);
    const [owner, kicked] = [await connect(here, ada), await connect(there, bob)];
    await join(owner, roomId);
    await join(kicked, roomId);
    await ada.delete(`/rooms/${roomId}/members/${bob.id}`);
    await within('the kicked member hears of it', kicked.event('member-left', (entry: { userId: string }) => entry.userId === bob.id), REVOKED_WITHIN_MS);
    const { seq } = await say(owner, roomId, 'a secret');
    await owner.event('new-message', (entry: { seq: number }) => entry.seq === seq);
    expect(await kicked.refusal('send-message', { roomId, clientMsgId: 'x', content: 'still here?' })).toBe('ROOM_NOT_FOUND');
    expect(await at(there, bob).refusal('GET', `/rooms/${roomId}/messages`)).toBe('ROOM_NOT_FOUND');
    // A message in a room of both proves that what was sent before has passed that node.
    const common = await roomOf([ada, bob]);
    await join(kicked, common);
    const marker = await say(owner, common, 'marker');
    await kicked.event('new-message', (entry: { channelId: string; seq: number }) => entry.channelId === common && entry.seq === marker.seq);
    expect(kicked.events('new-message', (entry: { channelId: string }) => entry.channelId === roomId)).toEqual([]);
  });

  it('P8: close all sockets of a session that ends, on whatever node they are', async () => {
    const [ada] = await crowd.group('ada');
    const [left, right] = [await connect(here, ada), await connect(there, ada)];
    await ada.post('/auth/logout-all');
    for (const socket of [left, right]) {
      await within('the socket hears that its session has ended', socket.event('session-revoked'), REVOKED_WITHIN_MS);
      await socket.closed();
    }
    await expect(TestSocket.open(there.url, ada.token)).rejects.toThrow();
    expect(await at(there, ada).refusal('GET', '/auth/me')).toBe('UNAUTHENTICATED');
  });

  it('P8: close all sockets of a user who is suspended, for good, on whatever node they are', async () => {
    const [root, ada] = await crowd.group('root', 'ada');
    await query(database.url, 'UPDATE users SET is_admin = true WHERE id = $1', [root.id]);
    const open = [await connect(here, ada), await connect(there, ada)];
    const setStatus = (status: string) => root.patch(`/admin/users/${ada.id}`, { status });
    await eventually('the node knows its administrator', async () => (await root.call('GET', '/admin/users')).status === 200);
    await setStatus('suspended');
    await within('both sockets are closed', Promise.all(open.map((socket) => socket.event('session-revoked').then(() => socket.closed()))), REVOKED_WITHIN_MS);
    await setStatus('active');
    for (const server of [here, there]) {
      expect(await at(server, ada).refusal('GET', '/users/me')).toBe('UNAUTHENTICATED');
      await expect(TestSocket.open(server.url, ada.token)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
    }
  });

  it('P8: close the sockets of a session also when the bus did not say that it has ended', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [left, right, other] = [await connect(here, ada), await connect(there, ada), await connect(there, bob)];
    await query(database.url, 'UPDATE sessions SET revoked_at = now() WHERE user_id = $1', [ada.id]);
    for (const socket of [left, right]) {
      expect(await socket.event('session-revoked')).toEqual({ reason: 'revoked' });
      await socket.closed();
    }
    await other.fence();
  });

  it('show who is online on either', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf([ada, bob]);
    const [left, right] = [await connect(here, ada), await connect(there, bob)];
    expect((await join(left, roomId)).online).toEqual([ada.id]);
    await eventually('there it is known that Ada is online', async () => (await onlineIn(there, bob, roomId)).includes(ada.id));
    expect((await join(right, roomId)).online.sort()).toEqual([ada.id, bob.id].sort());
    await left.event('user-join', (event: { userId: string }) => event.userId === bob.id);
    right.close();
    await left.event('user-leave', (event: { userId: string }) => event.userId === bob.id);
    expect(await onlineIn(here, ada, roomId)).toEqual([ada.id]);
  });

  it('P8: silence whoever is blocked at once, on whatever node they are, and let them speak again', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { id: roomId } = await ada.post<MyRoom>('/rooms/direct', { userId: bob.id });
    const [left, right] = [await connect(here, ada), await connect(there, bob)];
    for (const socket of [left, right]) await join(socket, roomId);
    await left.event('user-join', (event: { userId: string }) => event.userId === bob.id);
    // That node remembers that both may speak.
    await say(right, roomId, 'hello');
    await say(await connect(there, ada), roomId, 'hello');
    await ada.put(`/users/me/blocks/${bob.id}`);
    await within('the blocked one is refused', eventually('a refusal', async () => (await right.emit('send-message', { roomId, clientMsgId: crypto.randomUUID(), content: 'x' })).error), REVOKED_WITHIN_MS);
    expect(await at(there, ada).refusal('POST', `/rooms/${roomId}/messages`, { clientMsgId: 'x', content: 'x' })).toBe('PERMISSION_DENIED');
    await left.event('user-leave', (event: { userId: string }) => event.userId === bob.id);
    expect(await onlineIn(there, bob, roomId)).toEqual([bob.id]);
    await ada.delete(`/users/me/blocks/${bob.id}`);
    await within('the other one may speak', eventually('an ack', async () => (await right.emit('send-message', { roomId, clientMsgId: crypto.randomUUID(), content: 'x' })).data), REVOKED_WITHIN_MS);
  });

  it('tell of typing on the other one, but not the typist', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf([ada, bob]);
    const [left, right] = [await connect(here, ada), await connect(there, bob)];
    await join(left, roomId);
    await join(right, roomId);
    await left.ask('typing', { roomId, on: true });
    expect(await right.event('typing')).toEqual({ roomId, userId: ada.id, on: true });
    await left.fence();
    expect(left.events('typing')).toEqual([]);
  });

  it('P4, P10: go on with one of them when the other one is stopped, and take it back', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const roomId = await roomOf([ada, bob]);
    const [left, right] = [await connect(here, ada), await connect(there, bob)];
    await join(left, roomId);
    await join(right, roomId);
    expect(await there.end('SIGTERM')).toBe(0);
    expect(right.events('server-draining')).toHaveLength(1);
    const sent = await say(left, roomId, 'while you were away');
    await left.event('user-leave', (event: { userId: string }) => event.userId === bob.id);
    await there.launch();
    const back = await connect(there, bob);
    const [missed] = await back.ask<ResumedChannel[]>('resume', { positions: [{ channelId: roomId, seq: sent.seq - 1 }] });
    expect(missed).toMatchObject({ complete: true, entries: [{ seq: sent.seq }] });
    const next = await say(left, roomId, 'welcome back');
    await back.event('new-message', (entry: { seq: number }) => entry.seq === next.seq);
  });
});

async function onlineIn(server: Server, person: Person, roomId: string): Promise<string[]> {
  const { items } = await at(server, person).get<Page<Member>>(`/rooms/${roomId}/members`);
  return items.filter(({ online }) => online).map(({ user }) => user.id);
}
