import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedInvite } from '../../src/protocol/access.js';
import type { Session, Tokens } from '../../src/protocol/auth.js';
import { Problem, SocketError } from '../../src/protocol/errors.js';
import type { PageSummary, PatchResult } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { Member, MyRoom } from '../../src/protocol/rooms.js';
import { Api, Crowd, expectShape, PASSWORD, Person, TestSocket } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { query } from '../support/journal-node.js';
import { Server } from '../support/server.js';

const MAX = 3;
const MAX_BYTES = 20_000;

let database: TestDatabase;
let here: Server;
let there: Server;
let crowd: Crowd;

beforeAll(async () => {
  database = await createDatabase();
  const quotas = { QUOTA_ROOMS: MAX, QUOTA_PAGES: MAX, QUOTA_PAGE_BYTES: MAX_BYTES, QUOTA_INVITES: MAX, QUOTA_SESSIONS: MAX };
  const env = { DATABASE_URL: database.url, BUS: 'postgres', JWT_SECRET: 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA', ...Object.fromEntries(Object.entries(quotas).map(([name, max]) => [name, String(max)])) };
  [here, there] = await Promise.all([Server.start(env), Server.start(env)]);
  crowd = new Crowd(here.url);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  await Promise.all([here, there].map((server) => server?.remove()));
  await database.drop();
});

const thereAs = ({ user, token }: Person) => new Person(there.url, user, token);
const makeRoom = (person: Api) => person.call<MyRoom>('POST', '/rooms', { body: { name: 'Council' } });
const makeRooms = async (owner: Person, count: number) => {
  const rooms: MyRoom[] = [];
  for (let i = 0; i < count; i++) rooms.push((await makeRoom(owner)).body);
  return rooms;
};
const makePage = (person: Api, text = '') => person.call<PageSummary>('POST', '/pages', { body: { title: 'Plan', schema: { rootId: 1, components: { 1: { id: 1, text, children: [] } } } } });
const write = (person: Api, { pageId }: { pageId: string }, text: string) => person.call<PatchResult>('PATCH', `/pages/${pageId}`, { body: [{ op: 'add', path: '/components/1/text', value: text }] });
const statusesOf = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();
/** As many at once on both nodes as could pass if nobody looked at the others. */
const atOnce = <T>(person: Person, ask: (api: Person) => Promise<T>) => Promise.all(Array.from({ length: 4 * MAX }, (_, i) => ask(i % 2 ? person : thereAs(person))));
const expectQuota = (answer: { status: number; body: unknown }, limit: string, max = MAX) => {
  expect(answer).toMatchObject({ status: 403, body: { code: 'QUOTA_EXCEEDED', limit, max } });
  expectShape(Problem, answer.body);
};
const CREATED_AT_ONCE = [...Array<number>(MAX).fill(201), ...Array<number>(3 * MAX).fill(403)];

describe('QUOTA_ROOMS', () => {
  it('lets a user make so many rooms, however many are made at once on two nodes', async () => {
    const ada = await crowd.person('ada');
    const answers = await atOnce(ada, makeRoom);
    expect(statusesOf(answers)).toEqual(CREATED_AT_ONCE);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectQuota(answer, 'QUOTA_ROOMS');
  });

  it('counts rooms that stand: not deleted ones, nor direct ones, nor those of others', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const [first] = await makeRooms(ada, MAX);
    expectQuota(await makeRoom(ada), 'QUOTA_ROOMS');
    await ada.post('/rooms/direct', { userId: bob.id });
    const [theirs] = await makeRooms(cleo, 1);
    await ada.post(`/rooms/${theirs!.id}/join`);
    await ada.delete(`/rooms/${first!.id}`);
    expect((await makeRoom(ada)).status).toBe(201);
    expectQuota(await makeRoom(ada), 'QUOTA_ROOMS');
  });

  it('counts rooms that somebody was given apart: nobody uses up what others may make, nor holds more than twice the limit', async () => {
    const [giver, other, taker] = await crowd.group('giver', 'other', 'taker');
    const give = async (from: Person, { id }: MyRoom) => {
      await from.put(`/rooms/${id}/members/${taker.id}`, { role: 'member' });
      return from.call('PUT', `/rooms/${id}/members/${taker.id}`, { body: { role: 'owner' } });
    };
    for (const room of await makeRooms(giver, MAX)) expect((await give(giver, room)).status).toBe(204);
    // What was given away counts for the giver no more.
    for (let i = 0; i < MAX; i++) expect((await makeRoom(giver)).status).toBe(201);
    const [room] = await makeRooms(other, 1);
    expectQuota(await give(other, room!), 'QUOTA_ROOMS');
    expect((await other.get<Page<Member>>(`/rooms/${room!.id}/members`)).items.map(({ user, role }) => [user.id, role])).toEqual([[other.id, 'owner'], [taker.id, 'member']]);
    expect(statusesOf(await atOnce(taker, makeRoom))).toEqual(CREATED_AT_ONCE);
  });
});

describe('QUOTA_PAGES', () => {
  it('lets a user make so many pages, however many are made at once on two nodes, by whatever way', async () => {
    const ada = await crowd.person('ada');
    const { body: page } = await makePage(ada);
    let isCopy = false;
    const make = (api: Person) => ((isCopy = !isCopy) ? api.call('POST', `/pages/${page.pageId}/duplicate`) : makePage(api));
    const answers = await atOnce(ada, make);
    expect(statusesOf(answers)).toEqual([...Array<number>(MAX - 1).fill(201), ...Array<number>(3 * MAX + 1).fill(403)]);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectQuota(answer, 'QUOTA_PAGES');
  });

  it('keeps a deleted page deleted while its creator has others instead', async () => {
    const ada = await crowd.person('ada');
    const pages = [];
    for (let i = 0; i < MAX; i++) pages.push((await makePage(ada)).body);
    await ada.delete(`/pages/${pages[0]!.pageId}`);
    const { body: another } = await makePage(ada);
    expectQuota(await ada.call('POST', `/pages/${pages[0]!.pageId}/restore`, { body: {} }), 'QUOTA_PAGES');
    await ada.delete(`/pages/${another.pageId}`);
    await ada.post(`/pages/${pages[0]!.pageId}/restore`, {});
    expectQuota(await makePage(ada), 'QUOTA_PAGES');
  });
});

describe('QUOTA_PAGE_BYTES', () => {
  const half = 'x'.repeat(MAX_BYTES / 2);

  it('bounds the pages of a user together, whoever writes on them, at once and before anything is stored', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const { body: first } = await makePage(ada, half);
    const { body: second } = await makePage(ada);
    await ada.put(`/pages/${second.pageId}/members/${bob.id}`, { role: 'editor' });
    expectQuota(await makePage(ada, half), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    expectQuota(await write(bob, second, half), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => ada.call('PATCH', `/pages/${second.pageId}`, { body: [{ op: 'add', path: `/components/1/part${i}`, value: 'x'.repeat(2_000) }] })));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 403, 403, 403, 403]);
    expectQuota(await ada.call('POST', `/pages/${first.pageId}/duplicate`), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    expectQuota(await ada.call('PUT', `/pages/${first.pageId}`, { body: { schema: { rootId: 1, components: { 1: { id: 1, text: half + half, children: [] } } } } }), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    expect((await ada.get<{ schema: unknown }>(`/pages/${first.pageId}`)).schema).toEqual({ rootId: 1, components: { 1: { id: 1, text: half, children: [] } } });
    // What Bob creates himself is another matter.
    expect((await makePage(bob, half)).status).toBe(201);
  });

  it('refuses over sockets alike, and leaves the page to be read, made smaller and then written on again', async () => {
    const ada = await crowd.person('ada');
    const { body: page } = await makePage(ada, half);
    const { body: other } = await makePage(ada, 'x'.repeat(9_000));
    const socket = await ada.connect();
    await socket.ask('page-join', { pageId: page.pageId });
    const patch = (opId: string, value: string) => socket.emit('op-patch', { pageId: page.pageId, version: 0, opId, patches: [{ op: 'add', path: '/components/1/more', value }] });
    const { error } = await patch('large', 'x'.repeat(2_000));
    expect(error).toMatchObject({ code: 'QUOTA_EXCEEDED', limit: 'QUOTA_PAGE_BYTES', max: MAX_BYTES });
    expectShape(SocketError, error);
    expect((await write(ada, page, 'small')).body).toMatchObject({ version: 1 });
    expect((await patch('large', 'x'.repeat(2_000))).data).toMatchObject({ version: 2 });
    expectQuota(await write(ada, page, half), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    // Room is made elsewhere, too.
    await ada.delete(`/pages/${other.pageId}`);
    expect((await write(ada, page, half)).status).toBe(200);
  });

  it('holds for going back to what a page was, and for taking edits back', async () => {
    const ada = await crowd.person('ada');
    const { body: page } = await makePage(ada, half);
    await write(ada, page, '');
    expect((await makePage(ada, half)).status).toBe(201);
    expectQuota(await ada.call('POST', `/pages/${page.pageId}/restore`, { body: { version: 0 } }), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    expectQuota(await ada.call('POST', `/pages/${page.pageId}/undo`, { body: {} }), 'QUOTA_PAGE_BYTES', MAX_BYTES);
  });

  it('is counted from what the database has, by a node that is new to it', async () => {
    const ada = await crowd.person('ada');
    const { body: page } = await makePage(ada, half);
    expectQuota(await write(thereAs(ada), page, half + half), 'QUOTA_PAGE_BYTES', MAX_BYTES);
    expect((await write(thereAs(ada), page, half + 'x'.repeat(5_000))).status).toBe(200);
    expectQuota(await makePage(thereAs(ada), half), 'QUOTA_PAGE_BYTES', MAX_BYTES);
  });
});

describe('QUOTA_INVITES', () => {
  it('bounds the open invites of a user to rooms and pages together, however many are made at once', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [room] = await makeRooms(ada, 1);
    const { body: page } = await makePage(ada);
    let isPage = false;
    const answers = await atOnce(ada, (api) => ((isPage = !isPage) ? api.call<CreatedInvite>('POST', `/pages/${page.pageId}/invite`, { body: { role: 'viewer' } }) : api.call<CreatedInvite>('POST', `/rooms/${room!.id}/invite`, { body: { maxUses: 1 } })));
    expect(statusesOf(answers)).toEqual(CREATED_AT_ONCE);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectQuota(answer, 'QUOTA_INVITES');
    const invite = () => ada.call<CreatedInvite>('POST', `/rooms/${room!.id}/invite`, { body: { maxUses: 1 } });
    const [revoked, ...others] = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    await ada.delete(`/invites/${revoked!.id}`);
    const { body: used } = await invite();
    expectQuota(await invite(), 'QUOTA_INVITES');
    await bob.post(`/invites/${used.token}/accept`);
    expect((await invite()).status).toBe(201);
    await query(database.url, 'UPDATE invites SET expires_at = now() WHERE id = $1', [others[0]!.id]);
    expect((await invite()).status).toBe(201);
    expectQuota(await invite(), 'QUOTA_INVITES');
  });

  it('does not count invites to a room that was deleted', async () => {
    const ada = await crowd.person('ada');
    const [room, other] = await makeRooms(ada, 2);
    for (let i = 0; i < MAX; i++) await ada.post(`/rooms/${room!.id}/invite`, {});
    await ada.delete(`/rooms/${room!.id}`);
    expect((await ada.call('POST', `/rooms/${other!.id}/invite`, { body: {} })).status).toBe(201);
  });
});

describe('QUOTA_SESSIONS', () => {
  const signIn = async (server: Server, { user }: Person) => {
    const tokens = await new Api(server.url).post<Tokens>('/auth/login', { login: user.username, password: PASSWORD });
    return { tokens, api: new Person(server.url, tokens.user, tokens.accessToken) };
  };
  const sessionsOf = async (person: Api) => (await person.get<Page<Session>>('/auth/sessions')).items;

  it('ends the session that was not used for longest, with its sockets on all nodes', async () => {
    const ada = await crowd.person('ada');
    const socket = await TestSocket.open(there.url, ada.token);
    const second = await signIn(here, ada);
    const third = await signIn(there, ada);
    expect(await sessionsOf(third.api)).toHaveLength(MAX);
    // The second is used again, so the first one is the oldest, and then the third.
    await new Api(here.url).post('/auth/refresh', { refreshToken: second.tokens.refreshToken });
    const fourth = await signIn(here, ada);
    expect(await socket.event('session-revoked')).toEqual({ reason: 'too-many' });
    await socket.closed();
    expect(await ada.refusal('GET', '/auth/me')).toBe('UNAUTHENTICATED');
    await signIn(there, ada);
    expect(await third.api.refusal('GET', '/auth/me')).toBe('UNAUTHENTICATED');
    for (const { api } of [second, fourth]) expect((await api.get<{ id: string }>('/auth/me')).id).toBe(ada.id);
  });

  it('holds for sign-ins at once on two nodes', async () => {
    const ada = await crowd.person('ada');
    const devices = await Promise.all(Array.from({ length: 4 * MAX }, (_, i) => signIn(i % 2 ? here : there, ada)));
    const standing = (await Promise.all(devices.map(({ tokens }) => new Api(here.url, tokens.accessToken).call('GET', '/auth/me')))).filter(({ status }) => status === 200);
    expect(standing).toHaveLength(MAX);
  });
});
