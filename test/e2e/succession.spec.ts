import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentMember } from '../../src/protocol/access.js';
import type { EntriesAnswer } from '../../src/protocol/entries.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { Member, MyRoom } from '../../src/protocol/rooms.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import { Api, Crowd, expectEvent, PASSWORD, Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { upTo } from '../support/journal-node.js';
import { letIn, makePage } from '../support/pages.js';
import { makeAdministrator } from '../support/administrator.js';
import { type Product, startProduct } from '../support/product.js';

let product: Product;
let crowd: Crowd;
let root: Person;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
  root = await crowd.person('root');
  await makeAdministrator(product, root);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const setStatus = (person: Person, status: 'active' | 'suspended' | 'inactive') => root.patch(`/admin/users/${person.id}`, { status });
const signIn = async ({ user }: Person) => {
  const tokens = await new Api(product.url).post<Tokens>('/auth/login', { login: user.username, password: PASSWORD });
  return new Person(product.url, tokens.user, tokens.accessToken);
};

async function roomOf(owner: Person, ...others: [Person, 'admin' | 'member'][]): Promise<MyRoom> {
  const room = await owner.post<MyRoom>('/rooms', { name: 'Council', isPrivate: true });
  for (const [person, role] of others) await owner.put(`/rooms/${room.id}/members/${person.id}`, { role });
  return room;
}
const rolesIn = async (reader: Person, { id }: MyRoom) =>
  Object.fromEntries((await reader.get<Page<Member>>(`/rooms/${id}/members`)).items.map(({ user, role }) => [user.username.replace(/-\d+$/, ''), role]));
const rolesOn = async (reader: Person, { pageId }: PageSummary) =>
  Object.fromEntries((await reader.get<Page<DocumentMember>>(`/pages/${pageId}/members`)).items.map(({ user, role }) => [user.username.replace(/-\d+$/, ''), role]));
const entriesOf = async (reader: Person, path: string) => {
  const answer = await reader.get<EntriesAnswer>(`${path}/entries?limit=1000`);
  return 'entries' in answer ? answer.entries : [];
};

describe('a room whose owner cannot act any more', () => {
  it.each(['suspended', 'inactive'] as const)('goes to the oldest admin when the owner is %s; everybody hears of it, and it is written down', async (status) => {
    const [owner, older, first, second] = await crowd.group('owner', 'older', 'first', 'second');
    const room = await roomOf(owner, [older, 'member'], [first, 'admin'], [second, 'admin']);
    const watcher = await older.connect();
    await watcher.ask('room-join', { roomId: room.id });
    await setStatus(owner, status);
    expect(await rolesIn(older, room)).toEqual({ owner: 'admin', older: 'member', first: 'owner', second: 'admin' });
    expect((await older.get<MyRoom>(`/rooms/${room.id}`)).ownerId).toBe(first.id);
    const told = await watcher.event('member-updated', (entry: { role: string }) => entry.role === 'owner');
    expectEvent(SERVER_EVENTS.memberUpdated, told);
    expect(told).toMatchObject({ userId: first.id, actorId: null });
    const entries = (await entriesOf(older, `/rooms/${room.id}`)).filter(({ actorId }) => actorId === null);
    expect(entries.map(({ type, userId, role }) => [type, userId, role])).toEqual([
      ['member-updated', owner.id, 'admin'],
      ['member-updated', first.id, 'owner'],
    ]);
    // What only owners may do, the new one does at once.
    await first.put(`/rooms/${room.id}/members/${older.id}`, { role: 'admin' });
  });

  it('goes to the oldest member when there is no admin, and to somebody who is muted last', async () => {
    const [owner, muted, second, third] = await crowd.group('owner', 'muted', 'second', 'third');
    const room = await roomOf(owner, [muted, 'member'], [second, 'member'], [third, 'member']);
    await owner.post(`/rooms/${room.id}/members/${muted.id}/mute`, {});
    await setStatus(owner, 'suspended');
    expect(await rolesIn(second, room)).toEqual({ owner: 'admin', muted: 'member', second: 'owner', third: 'member' });
    await setStatus(second, 'suspended');
    await setStatus(third, 'suspended');
    expect(await rolesIn(muted, room)).toMatchObject({ muted: 'owner' });
  });

  it('goes to nobody who cannot act either, and waits for somebody who can', async () => {
    const [owner, away, third] = await crowd.group('owner', 'away', 'third');
    const room = await roomOf(owner, [away, 'admin']);
    await setStatus(away, 'suspended');
    await setStatus(owner, 'suspended');
    await setStatus(away, 'active');
    const back = await signIn(away);
    expect(await rolesIn(back, room)).toEqual({ owner: 'owner', away: 'admin' });
    await back.put(`/rooms/${room.id}/members/${third.id}`, { role: 'member' });
    // Whatever makes it look again: here another word from the administrator, else the sweep.
    await setStatus(owner, 'inactive');
    expect(await rolesIn(back, room)).toEqual({ owner: 'admin', away: 'owner', third: 'member' });
  });

  it('has one owner when the account comes back, who may hand it back', async () => {
    const [owner, heir] = await crowd.group('owner', 'heir');
    const room = await roomOf(owner, [heir, 'member']);
    await setStatus(owner, 'suspended');
    await setStatus(owner, 'active');
    const back = await signIn(owner);
    expect(await rolesIn(back, room)).toEqual({ owner: 'admin', heir: 'owner' });
    expect(await back.refusal('DELETE', `/rooms/${room.id}`)).toBe('PERMISSION_DENIED');
    await heir.put(`/rooms/${room.id}/members/${owner.id}`, { role: 'owner' });
    await back.delete(`/rooms/${room.id}`);
  });

  it('is one of many: all of them get another owner, and what is somebody else’s stays', async () => {
    const [owner, heir, other] = await crowd.group('owner', 'heir', 'other');
    const rooms: MyRoom[] = [];
    for (const _ of upTo(60)) rooms.push(await roomOf(owner, [heir, 'member']));
    const foreign = await roomOf(other, [owner, 'admin']);
    await setStatus(owner, 'suspended');
    await eventually('every room has an owner', async () => {
      const owners = await Promise.all(rooms.map(async ({ id }) => (await heir.get<MyRoom>(`/rooms/${id}`)).ownerId));
      return owners.every((id) => id === heir.id);
    });
    expect(await rolesIn(other, foreign)).toEqual({ other: 'owner', owner: 'admin' });
  });
});

describe('a page whose owners cannot act any more', () => {
  it('goes to the oldest editor, else to the oldest viewer; the former owner is one again when the account comes back', async () => {
    const [owner, viewer, editor] = await crowd.group('owner', 'viewer', 'editor');
    const [edited, viewed] = [await makePage(owner), await makePage(owner)];
    await letIn(owner, edited, [[viewer, 'viewer'], [editor, 'editor']]);
    await letIn(owner, viewed, [[viewer, 'viewer']]);
    const socket = await editor.connect();
    await setStatus(owner, 'suspended');
    expect(await rolesOn(editor, edited)).toEqual({ owner: 'owner', viewer: 'viewer', editor: 'owner' });
    expect(await rolesOn(viewer, viewed)).toEqual({ owner: 'owner', viewer: 'owner' });
    expect(await socket.event('page-changed')).toEqual({ pageId: edited.pageId, title: edited.title, role: 'owner' });
    expect((await entriesOf(viewer, `/pages/${viewed.pageId}`)).at(-1)).toMatchObject({ type: 'member-updated', actorId: null, userId: viewer.id, role: 'owner' });
    await editor.put(`/pages/${edited.pageId}/members/${viewer.id}`, { role: 'editor' });
    await setStatus(owner, 'active');
    const back = await signIn(owner);
    await back.put(`/pages/${edited.pageId}/members/${viewer.id}`, { role: 'viewer' });
  });

  it('stays as it is while another owner can act', async () => {
    const [owner, partner, editor] = await crowd.group('owner', 'partner', 'editor');
    const page = await makePage(owner);
    await letIn(owner, page, [[partner, 'owner'], [editor, 'editor']]);
    await setStatus(owner, 'suspended');
    expect(await rolesOn(editor, page)).toEqual({ owner: 'owner', partner: 'owner', editor: 'editor' });
  });

  it('cannot come about by a removal: the last owner who can act must remain one, and may put out one who cannot', async () => {
    const [owner, partner, editor] = await crowd.group('owner', 'partner', 'editor');
    const page = await makePage(owner);
    await letIn(owner, page, [[partner, 'owner'], [editor, 'editor']]);
    await setStatus(partner, 'suspended');
    expect(await owner.refusal('DELETE', `/pages/${page.pageId}/members/${owner.id}`)).toBe('PERMISSION_DENIED');
    expect(await owner.refusal('PUT', `/pages/${page.pageId}/members/${owner.id}`, { role: 'editor' })).toBe('PERMISSION_DENIED');
    await owner.delete(`/pages/${page.pageId}/members/${partner.id}`);
    expect(await rolesOn(owner, page)).toEqual({ owner: 'owner', editor: 'editor' });
  });
});
