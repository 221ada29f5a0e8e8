import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedInvite } from '../../src/protocol/access.js';
import type { Message } from '../../src/protocol/messages.js';
import type { PageDocument, PageSummary, Undone } from '../../src/protocol/pages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { type OpenApi, routesOf } from '../support/bad-input.js';
import { type Answer, Crowd, type Person } from '../support/client.js';
import { query } from '../support/journal-node.js';
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

type Body = Record<string, unknown>;
let keys = 0;
const freshKey = () => `key-${++keys}`;
const post = <T = Body>(person: Person, path: string, body: unknown, key: string): Promise<Answer<T>> => person.call<T>('POST', path, { ...(body !== undefined && { body }), headers: { 'idempotency-key': key } });

const makeRoom = (owner: Person, more: object = {}) => owner.post<MyRoom>('/rooms', { name: 'Team', ...more });
const edit = (person: Person, { pageId }: PageSummary, value: string) =>
  person.call('PATCH', `/pages/${pageId}`, { body: [{ op: 'add', path: '/components/1/name', value }], headers: { 'content-type': 'application/json-patch+json' } });

/** A request of Ada's that succeeds. Ben is there to be done something to. */
type Recipe = (ada: Person, ben: Person) => Promise<{ path: string; body?: unknown }>;
const memberRoute = (action: string): Recipe => async (ada, ben) => {
  const { id } = await makeRoom(ada);
  await ben.post(`/rooms/${id}/join`);
  return { path: `/rooms/${id}/members/${ben.id}/${action}` };
};

/** By route, as the OpenAPI document names it. Whoever adds a POST adds its request here. */
const RECIPES: Record<string, Recipe> = {
  '/rooms': () => Promise.resolve({ path: '/rooms', body: { name: 'Plans', password: 'hunter2-hunter2' } }),
  '/rooms/direct': (_ada, ben) => Promise.resolve({ path: '/rooms/direct', body: { userId: ben.id } }),
  '/rooms/{id}/join': async (_ada, ben) => ({ path: `/rooms/${(await makeRoom(ben)).id}/join` }),
  '/rooms/{id}/leave': async (ada, ben) => {
    const { id } = await makeRoom(ben);
    await ada.post(`/rooms/${id}/join`);
    return { path: `/rooms/${id}/leave` };
  },
  '/rooms/{id}/members/{userId}/mute': memberRoute('mute'),
  '/rooms/{id}/members/{userId}/ban': memberRoute('ban'),
  '/rooms/{id}/read': async (ada, ben) => {
    const { id } = await makeRoom(ben);
    await ada.post(`/rooms/${id}/join`);
    const { seq } = await ben.post<Message>(`/rooms/${id}/messages`, { clientMsgId: '1', content: 'hi' });
    return { path: `/rooms/${id}/read`, body: { seq } };
  },
  '/rooms/{id}/messages': async (ada) => ({ path: `/rooms/${(await makeRoom(ada)).id}/messages`, body: { clientMsgId: 'm', content: 'hello' } }),
  '/pages': () => Promise.resolve({ path: '/pages', body: { title: 'Landing' } }),
  '/pages/{pageId}/duplicate': async (ada) => ({ path: `/pages/${(await makePage(ada)).pageId}/duplicate` }),
  '/pages/{pageId}/restore': async (ada) => {
    const page = await makePage(ada);
    await edit(ada, page, 'one');
    return { path: `/pages/${page.pageId}/restore`, body: { version: 0 } };
  },
  '/pages/{pageId}/undo': async (ada) => {
    const page = await makePage(ada);
    for (const name of ['one', 'two']) await edit(ada, page, name);
    return { path: `/pages/${page.pageId}/undo` };
  },
  '/pages/{pageId}/revert': async (ada) => {
    const page = await makePage(ada);
    for (const name of ['one', 'two']) await edit(ada, page, name);
    return { path: `/pages/${page.pageId}/revert`, body: { userId: ada.id, since: page.createdAt } };
  },
  '/invites/{token}/accept': async (_ada, ben) => {
    const { pageId } = await makePage(ben);
    const { token } = await ben.post<CreatedInvite>(`/pages/${pageId}/invite`, { role: 'viewer' });
    return { path: `/invites/${token}/accept` };
  },
};

/** These hand out secrets, which are not kept: each call is carried out anew. */
const HANDS_OUT_SECRETS = /^\/auth\/|\/invite$/;

describe('every POST', () => {
  it('has a recipe here, or hands out secrets', async () => {
    const routes = routesOf((await (await fetch(`${product.url}/openapi.json`)).json()) as OpenApi).filter(({ method }) => method === 'POST');
    expect(routes.map(({ path }) => path).filter((path) => !HANDS_OUT_SECRETS.test(path)).sort()).toEqual(Object.keys(RECIPES).sort());
  });

  it.each(Object.entries(RECIPES))('%s is carried out once: a resend names the same thing, marked', async (_route, recipe) => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const { path, body } = await recipe(ada, ben);
    const key = freshKey();
    const first = await post(ada, path, body, key);
    expect(first.status, JSON.stringify(first.body)).toBeLessThan(300);
    const entries = () => query(product.databaseUrl, 'SELECT channel_id, seq FROM journal ORDER BY 1, 2');
    const before = await entries();
    for (let n = 0; n < 2; n++) {
      const again = await post(ada, path, body, key);
      expect(again.status).toBe(first.status);
      expect(again.body).toEqual(first.status === 204 ? undefined : { ...first.body, duplicate: true });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      for (const header of ['content-type', 'etag', 'x-source']) expect(again.headers.get(header), header).toBe(first.headers.get(header));
    }
    expect(await entries()).toEqual(before);
  });
});

describe('a resend', () => {
  it('never brings back what was edited or erased', async () => {
    const ada = await crowd.person('ada');
    const { id } = await makeRoom(ada);
    const key = freshKey();
    const send = () => post<Message>(ada, `/rooms/${id}/messages`, { clientMsgId: 'm', content: 'my address is 1 Main Street' }, key);
    const { body: message } = await send();
    await ada.patch(`/messages/${message.id}`, { content: 'never mind' });
    expect((await send()).body).toMatchObject({ id: message.id, content: 'never mind', duplicate: true });
    await ada.delete(`/messages/${message.id}`);
    expect((await send()).body).toMatchObject({ id: message.id, content: null, duplicate: true });
    await makeRoom(ada, { name: 'Locked', password: 'hunter2-hunter2' });
    const kept = await query<{ text: string }>(product.databaseUrl, 'SELECT k::text AS text FROM idempotency_keys k');
    expect(kept.map(({ text }) => text).join()).not.toMatch(/Main Street|never mind|hunter2|Locked/);
  });

  it('shows a room as it is now, and as strangers see it after one has left', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const rooms = [await makeRoom(ben), await makeRoom(ben, { isPrivate: true, password: 'open' })];
    const key = freshKey();
    const join = (n: number) => post<MyRoom>(ada, `/rooms/${rooms[n]!.id}/join`, { password: 'open' }, `${key}-${n}`);
    for (const n of [0, 1]) await join(n);
    await ben.patch(`/rooms/${rooms[0]!.id}`, { name: 'Renamed' });
    expect((await join(0)).body).toMatchObject({ name: 'Renamed', role: 'member', duplicate: true });
    for (const { id } of rooms) await ben.delete(`/rooms/${id}/members/${ada.id}`);
    const open = await join(0);
    expect(open.body).toMatchObject({ name: 'Renamed', duplicate: true });
    expect(open.body.role).toBeUndefined();
    expect(await join(1)).toMatchObject({ status: 404, body: { code: 'ROOM_NOT_FOUND' } });
  });

  it('shows a page as it is now, and none that is deleted or that one may not see any more', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const key = freshKey();
    const make = () => post<PageDocument>(ada, '/pages', { title: 'Landing' }, key);
    const { body: page } = await make();
    await edit(ada, page, 'Now');
    const again = await make();
    expect(again.body).toMatchObject({ pageId: page.pageId, version: 1, schema: { components: { 1: { name: 'Now' } } }, duplicate: true });
    expect(again.headers.get('etag')).toBe('"1"');

    await letIn(ada, page, [[ben, 'editor']]);
    await edit(ben, page, 'Of Ben');
    const undo = () => post<Undone>(ben, `/pages/${page.pageId}/undo`, undefined, key);
    const { body: undone } = await undo();
    expect((await undo()).body).toEqual({ ...undone, duplicate: true });
    await ada.delete(`/pages/${page.pageId}/members/${ben.id}`);
    expect(await undo()).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
    await ada.delete(`/pages/${page.pageId}`);
    expect(await make()).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
  });

  it('of an acceptance says the role that one has now, and does not let in again', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    const { token } = await ada.post<CreatedInvite>(`/pages/${page.pageId}/invite`, { role: 'viewer', maxUses: null });
    const key = freshKey();
    const accept = () => post(ben, `/invites/${token}/accept`, undefined, key);
    await accept();
    await letIn(ada, page, [[ben, 'editor']]);
    expect((await accept()).body).toEqual({ kind: 'page', id: page.pageId, role: 'editor', duplicate: true });
    await ada.delete(`/pages/${page.pageId}/members/${ben.id}`);
    expect(await accept()).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
    expect((await ben.call('GET', `/pages/${page.pageId}`)).status).toBe(404);
  });
});
