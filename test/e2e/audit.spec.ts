import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedInvite } from '../../src/protocol/access.js';
import type { AuditAction, AuditEvent } from '../../src/protocol/audit.js';
import { AuditEvent as AuditEventShape } from '../../src/protocol/audit.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { MessageAck } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { AUDITED_ROUTES, NOT_AUDITED_EVENTS } from '../support/audited-routes.js';
import { Api, Crowd, expectShape, PASSWORD, type Person } from '../support/client.js';
import { createDatabase, execute } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { query } from '../support/journal-node.js';
import { letIn, makePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { Server } from '../support/server.js';

let product: Product;
let crowd: Crowd;
let admin: Person;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
  admin = await crowd.person('admin');
  await execute(product.databaseUrl, `UPDATE users SET is_admin = true WHERE id = '${admin.id}'`);
  // Who is an administrator is known from the session on.
  const { accessToken } = await new Api(product.url).post<Tokens>('/auth/login', { login: admin.user.username, password: PASSWORD });
  admin = Object.assign(admin, { token: accessToken });
});
afterEach(async () => {
  crowd.disperse();
  // What a session knows of its user's rights may be a second old.
  await eventually('the administrator is known', async () => (await admin.call('GET', '/admin/users?limit=1')).status === 200);
});
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** A request of somebody's that succeeds. */
interface Act {
  readonly by: Api;
  readonly path: string;
  readonly body?: unknown;
}
/** Makes ready what is needed, and returns the requests that bring about all actions of the route. */
type Recipe = (ada: Person, ben: Person) => Promise<Act[]>;

const makeRoom = async (owner: Person, ...members: Person[]): Promise<MyRoom> => {
  const room = await owner.post<MyRoom>('/rooms', { name: 'Team' });
  for (const member of members) await member.post(`/rooms/${room.id}/join`);
  return room;
};
const nobody = () => new Api(product.url);
const login = ({ user }: Person) => nobody().post<Tokens>('/auth/login', { login: user.username, password: PASSWORD });
const inPast = '2020-01-01T00:00:00.000Z';
const sanction =
  (kind: 'ban' | 'mute'): Recipe =>
  async (ada, ben) => {
    const path = `/rooms/${(await makeRoom(ada, ben)).id}/members/${ben.id}/${kind}`;
    return [{ by: ada, path }, { by: ada, path, body: { until: inPast } }];
  };

const RECIPES: Record<string, Recipe> = {
  'PATCH /admin/users/{id}': (_ada, ben) => Promise.resolve([{ by: admin, path: `/admin/users/${ben.id}`, body: { status: 'suspended', isAdmin: true } }]),
  'POST /auth/claim-admin': async () => {
    await execute(product.databaseUrl, 'UPDATE users SET is_admin = false');
    return [{ by: admin, path: '/auth/claim-admin', body: { token: await product.adminToken() } }];
  },
  'POST /auth/register': () => Promise.resolve([{ by: nobody(), path: '/auth/register', body: { email: `${randomUUID()}@example.org`, username: `new-${randomUUID().slice(0, 8)}`, password: PASSWORD } }]),
  'POST /auth/login': (ada) => Promise.resolve([{ by: nobody(), path: '/auth/login', body: { login: ada.user.username, password: PASSWORD } }]),
  'POST /auth/logout': async (ada) => [{ by: nobody(), path: '/auth/logout', body: { refreshToken: (await login(ada)).refreshToken } }],
  'POST /auth/logout-all': (ada) => Promise.resolve([{ by: ada, path: '/auth/logout-all' }]),
  'POST /auth/password': async (ada) => {
    await login(ada);
    return [{ by: ada, path: '/auth/password', body: { current: PASSWORD, next: 'another correct horse' } }];
  },
  'DELETE /auth/sessions/{id}': async (ada) => [{ by: ada, path: `/auth/sessions/${(await login(ada)).refreshToken.split('.')[0]}` }],
  'PATCH /users/me': (ada) => Promise.resolve([{ by: ada, path: '/users/me', body: { whoMayAdd: 'nobody', displayName: 'Ada L.' } }]),
  'POST /rooms': (ada) => Promise.resolve([{ by: ada, path: '/rooms', body: { name: 'Plans', password: 'hunter2-hunter2' } }]),
  'POST /rooms/direct': (ada, ben) => Promise.resolve([{ by: ada, path: '/rooms/direct', body: { userId: ben.id } }]),
  'PATCH /rooms/{id}': async (ada) => [{ by: ada, path: `/rooms/${(await makeRoom(ada)).id}`, body: { name: 'Secret plans', isPrivate: true, password: 'hunter2-hunter2' } }],
  'DELETE /rooms/{id}': async (ada) => [{ by: ada, path: `/rooms/${(await makeRoom(ada)).id}` }],
  'POST /rooms/{id}/invite': async (ada) => [{ by: ada, path: `/rooms/${(await makeRoom(ada)).id}/invite`, body: {} }],
  'POST /rooms/{id}/join': async (ada, ben) => [{ by: ben, path: `/rooms/${(await makeRoom(ada)).id}/join` }],
  'POST /rooms/{id}/leave': async (ada, ben) => [{ by: ben, path: `/rooms/${(await makeRoom(ada, ben)).id}/leave` }],
  'PUT /rooms/{id}/members/{userId}': async (ada, ben) => {
    const path = `/rooms/${(await makeRoom(ada)).id}/members/${ben.id}`;
    return [{ by: ada, path, body: { role: 'member' } }, { by: ada, path, body: { role: 'owner' } }];
  },
  'DELETE /rooms/{id}/members/{userId}': async (ada, ben) => [{ by: ada, path: `/rooms/${(await makeRoom(ada, ben)).id}/members/${ben.id}` }],
  'POST /rooms/{id}/members/{userId}/ban': sanction('ban'),
  'POST /rooms/{id}/members/{userId}/mute': sanction('mute'),
  'DELETE /messages/{id}': async (ada, ben) => {
    const { id } = await makeRoom(ada, ben);
    const { id: messageId } = await ben.post<{ id: string }>(`/rooms/${id}/messages`, { clientMsgId: 'm', content: 'rude' });
    return [{ by: ada, path: `/messages/${messageId}` }];
  },
  'POST /pages': (ada) => Promise.resolve([{ by: ada, path: '/pages', body: { title: 'Landing' } }]),
  'POST /pages/{pageId}/duplicate': async (ada) => [{ by: ada, path: `/pages/${(await makePage(ada)).pageId}/duplicate` }],
  'PUT /pages/{pageId}/title': async (ada) => [{ by: ada, path: `/pages/${(await makePage(ada)).pageId}/title`, body: { title: 'Another' } }],
  'DELETE /pages/{pageId}': async (ada) => [{ by: ada, path: `/pages/${(await makePage(ada)).pageId}` }],
  'POST /pages/{pageId}/restore': async (ada) => {
    const { pageId } = await makePage(ada);
    await ada.delete(`/pages/${pageId}`);
    return [{ by: ada, path: `/pages/${pageId}/restore` }];
  },
  'POST /pages/{pageId}/invite': async (ada) => [{ by: ada, path: `/pages/${(await makePage(ada)).pageId}/invite`, body: { role: 'viewer' } }],
  'PUT /pages/{pageId}/members/{userId}': async (ada, ben) => {
    const path = `/pages/${(await makePage(ada)).pageId}/members/${ben.id}`;
    return [{ by: ada, path, body: { role: 'viewer' } }, { by: ada, path, body: { role: 'editor' } }];
  },
  'DELETE /pages/{pageId}/members/{userId}': async (ada, ben) => {
    const page = await makePage(ada);
    await letIn(ada, page, [[ben, 'viewer'], [admin, 'viewer']]);
    return [{ by: ada, path: `/pages/${page.pageId}/members/${ben.id}` }, { by: admin, path: `/pages/${page.pageId}/members/${admin.id}` }];
  },
  'POST /invites/{token}/accept': async (ada, ben) => {
    const { token: toRoom } = await ada.post<CreatedInvite>(`/rooms/${(await makeRoom(ada)).id}/invite`, {});
    const { token: toPage } = await ada.post<CreatedInvite>(`/pages/${(await makePage(ada)).pageId}/invite`, { role: 'viewer' });
    return [toRoom, toPage].map((token) => ({ by: ben, path: `/invites/${token}/accept` }));
  },
  'DELETE /invites/{id}': async (ada) => [{ by: ada, path: `/invites/${(await ada.post<CreatedInvite>(`/rooms/${(await makeRoom(ada)).id}/invite`, {})).id}` }],
};

const recordedOf = (requestId: string) => query<{ action: AuditAction; detail: object }>(product.databaseUrl, 'SELECT action, detail FROM audit_events WHERE request_id = $1', [requestId]);
const countAll = async () => (await query<{ count: number }>(product.databaseUrl, 'SELECT count(*)::int AS count FROM audit_events'))[0]!.count;

describe('every audited route', () => {
  it('has a recipe here', () => {
    expect(Object.keys(RECIPES).sort()).toEqual(Object.keys(AUDITED_ROUTES).sort());
  });

  it.each(Object.entries(RECIPES))('%s records what it is said to record, and nothing when it is refused', async (route, recipe) => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const method = route.split(' ')[0]!;
    const acts = await recipe(ada, ben);
    const strangers = await Promise.all(acts.map(({ path, body }) => new Api(product.url, 'no token').call(method, path, { ...(body !== undefined && { body: { ...(body as object), nonsense: 1 } }) })));
    const before = await countAll();
    const actions = new Set<AuditAction>();
    for (const { by, path, body } of acts) {
      const requestId = randomUUID();
      const answer = await by.call(method, path, { ...(body !== undefined && { body }), headers: { 'x-request-id': requestId } });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      const recorded = await recordedOf(requestId);
      for (const { action, detail } of recorded) {
        actions.add(action);
        for (const secret of [PASSWORD, 'hunter2', 'Secret plans', 'Ada L.', 'another correct horse']) expect(JSON.stringify(detail)).not.toContain(secret);
      }
    }
    expect([...actions].sort()).toEqual([...AUDITED_ROUTES[route]!].sort());
    expect(before).toBeGreaterThan(0);
    for (const { status } of strangers) expect(status === 204 || status >= 400).toBe(true);
  });

  it('records nothing of what somebody without the right tries', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const { id } = await makeRoom(ada, ben);
    const { pageId } = await makePage(ada);
    const before = await countAll();
    const tries: [string, string, unknown?][] = [
      ['PATCH', `/admin/users/${ada.id}`, { status: 'suspended' }],
      ['PATCH', `/rooms/${id}`, { name: 'Mine' }],
      ['DELETE', `/rooms/${id}`],
      ['POST', `/rooms/${id}/invite`, {}],
      ['PUT', `/rooms/${id}/members/${ada.id}`, { role: 'member' }],
      ['DELETE', `/rooms/${id}/members/${ada.id}`],
      ['POST', `/rooms/${id}/members/${ada.id}/ban`],
      ['POST', `/rooms/${id}/members/${ada.id}/mute`],
      ['PUT', `/pages/${pageId}/members/${ben.id}`, { role: 'owner' }],
      ['DELETE', `/pages/${pageId}`],
      ['DELETE', `/auth/sessions/${randomUUID()}`],
      ['POST', '/auth/password', { current: 'wrong', next: 'another correct horse' }],
    ];
    for (const [method, path, body] of tries) expect((await ben.call(method, path, { ...(body !== undefined && { body }) })).status, path).toBeGreaterThanOrEqual(400);
    expect(await countAll()).toBe(before);
  });
});

describe('a socket', () => {
  it('is known by what it does to rights: which connection, from where', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const { id } = await makeRoom(ada);
    const socket = await ben.connect();
    const { connectionId } = await socket.event<{ connectionId: string }>('session');
    await socket.ask('room-join', { roomId: id });
    const { messageId } = await socket.ask<MessageAck>('send-message', { roomId: id, clientMsgId: 'm', content: 'rude' });
    await (await ada.connect()).ask('delete-message', { messageId });
    const { items } = await admin.get<Page<AuditEvent>>(`/admin/audit?channel=${id}`);
    expect(items.map(({ action, actorId, target }) => ({ action, actorId, target: target!.id }))).toEqual([
      { action: 'message.moderated', actorId: ada.id, target: messageId },
      { action: 'room.member.joined', actorId: ben.id, target: ben.id },
      { action: 'room.created', actorId: ada.id, target: id },
    ]);
    const [moderated, joined] = items;
    expect(joined!.requestId).toMatch(new RegExp(`^${connectionId}\\.\\d+$`));
    expect(joined!.device).toEqual({ address: expect.stringContaining('127.0.0.1') as string, userAgent: null });
    expect(moderated).toMatchObject({ detail: { senderId: ben.id }, device: { address: expect.stringContaining('127.0.0.1') as string } });
  });

  it('leaves nothing behind by talking', async () => {
    expect(Object.keys(NOT_AUDITED_EVENTS)).toEqual(expect.arrayContaining(['send-message', 'edit-message', 'mark-read']));
    const [ada] = await crowd.group('ada');
    const { id } = await makeRoom(ada);
    const { pageId, version } = await makePage(ada);
    const socket = await ada.connect();
    await socket.ask('room-join', { roomId: id });
    await socket.ask('page-join', { pageId });
    const before = await countAll();
    const { messageId } = await socket.ask<MessageAck>('send-message', { roomId: id, clientMsgId: 'm', content: 'hello' });
    await socket.ask('edit-message', { messageId, content: 'hello!' });
    await socket.ask('mark-read', { roomId: id, seq: 1 });
    await socket.ask('delete-message', { messageId });
    await socket.ask('op-patch', { pageId, version, opId: 'p', patches: [{ op: 'replace', path: '/components/1/name', value: 'Home' }] });
    expect(await countAll()).toBe(before);
  });
});

describe('GET /admin/audit', () => {
  it('shows administrators who has done what, filtered and page by page', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const { id } = await makeRoom(ada, ben);
    await ada.call('DELETE', `/rooms/${id}/members/${ben.id}`, { headers: { 'user-agent': 'Browser/1', 'x-request-id': 'the-kick' } });
    const { items, nextCursor } = await admin.get<Page<AuditEvent>>(`/admin/audit?channel=${id}&limit=2`);
    for (const item of items) expectShape(AuditEventShape, item);
    expect(items.map(({ action }) => action)).toEqual(['room.member.kicked', 'room.member.joined']);
    expect(items[0]).toMatchObject({ actorId: ada.id, actorKind: 'user', target: { kind: 'user', id: ben.id }, channelId: id, requestId: 'the-kick', device: { userAgent: 'Browser/1' }, deviceErased: false });
    const rest = await admin.get<Page<AuditEvent>>(`/admin/audit?channel=${id}&limit=2&cursor=${nextCursor}`);
    expect(rest.items.map(({ action }) => action)).toEqual(['room.created']);
    expect(rest.nextCursor).toBeNull();
    for (const filter of [`actor=${ada.id}&target=${ben.id}`, `target=${ben.id}&action=room.member.kicked`, `actor=${ada.id}&since=${items[0]!.at}`]) {
      expect((await admin.get<Page<AuditEvent>>(`/admin/audit?${filter}`)).items.map((event) => event.id), filter).toEqual([items[0]!.id]);
    }
  });

  it('is for administrators alone', async () => {
    const ada = await crowd.person('ada');
    expect([await ada.refusal('GET', '/admin/audit'), await nobody().refusal('GET', '/admin/audit')]).toEqual(['PERMISSION_DENIED', 'UNAUTHENTICATED']);
  });

  it.each(['actor=x', 'action=room', 'target=1', 'since=yesterday', 'until=2020-01-01', 'cursor=x', 'limit=201', 'limit=0', 'order=asc'])('refuses %s', async (search) => {
    expect(await admin.refusal('GET', `/admin/audit?${search}`)).toBe('INVALID_INPUT');
  });
});

describe('refusals of strangers', () => {
  it('are counted, and stored when the process ends', async () => {
    const database = await createDatabase();
    const server = await Server.start({ DATABASE_URL: database.url, JWT_SECRET: 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA' });
    try {
      const api = new Api(server.url);
      for (let n = 0; n < 3; n++) expect(await api.refusal('POST', '/auth/login', { login: 'nobody-at-all', password: 'wrong' })).toBe('UNAUTHENTICATED');
      expect(await new Api(server.url, 'forged').refusal('GET', '/users/me')).toBe('UNAUTHENTICATED');
      expect(await api.refusal('POST', '/auth/refresh', { refreshToken: 'x' })).toBe('UNAUTHENTICATED');
      expect(await server.end('SIGTERM')).toBe(0);
      expect(await query(database.url, 'SELECT action, actor_kind, detail FROM audit_events ORDER BY action')).toEqual([
        { action: 'login.refused', actor_kind: 'anonymous', detail: { reason: 'unknown-user', count: 3 } },
        { action: 'refresh.refused', actor_kind: 'anonymous', detail: { reason: 'refresh-malformed', count: 1 } },
        { action: 'token.refused', actor_kind: 'anonymous', detail: { reason: 'token-invalid', count: 1 } },
      ]);
    } finally {
      await server.remove();
      await database.drop();
    }
  });
});
