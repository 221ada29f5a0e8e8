import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedInvite } from '../../src/protocol/access.js';
import { Registration, Tokens } from '../../src/protocol/auth.js';
import type { Problem } from '../../src/protocol/errors.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { Member, MyRoom } from '../../src/protocol/rooms.js';
import { makeAdministrator } from '../support/administrator.js';
import { Api, expectShape, PASSWORD, Person } from '../support/client.js';
import { query } from '../support/journal-node.js';
import { type Product, startProduct } from '../support/product.js';

let open: Product;
let byInvite: Product;
let closed: Product;
let count = 0;

beforeAll(async () => {
  [open, byInvite, closed] = await Promise.all([startProduct(), startProduct({ REGISTRATION: 'invite' }), startProduct({ REGISTRATION: 'closed' })]);
});
afterAll(async () => {
  for (const product of [open, byInvite, closed]) {
    expect(product.errors()).toEqual([]);
    await product.stop();
  }
});

const bodyOf = (more: object = {}) => ({ email: `person${++count}@example.org`, username: `person${count}`, password: PASSWORD, ...more });
const register = (product: Product, more: object = {}) => new Api(product.url).call<Tokens & Problem>('POST', '/auth/register', { body: bodyOf(more) });
const enter = async (product: Product, more: object = {}) => {
  const { status, body } = await register(product, more);
  expect(status, JSON.stringify(body)).toBe(201);
  expectShape(Tokens, body);
  return new Person(product.url, body.user, body.accessToken);
};
const usersOf = async (product: Product) => (await query<{ count: number }>(product.databaseUrl, 'SELECT count(*)::int AS count FROM users', []))[0]!.count;
const usesOf = async (product: Product, { id }: CreatedInvite) => (await query<{ uses: number }>(product.databaseUrl, 'SELECT uses FROM invites WHERE id = $1', [id]))[0]!.uses;
const roomOf = (owner: Person, body: object = {}) => owner.post<MyRoom>('/rooms', { name: 'Council', isPrivate: true, ...body });
const inviteTo = (owner: Person, { id }: MyRoom, body: object = {}) => owner.post<CreatedInvite>(`/rooms/${id}/invite`, body);
const refusal = ({ status, body }: { status: number; body: Problem }) => [status, body.code, body.errors?.map(({ path }) => path) ?? []];

/** Whoever runs the server, with the link that it has printed. */
const owners = new Map<Product, Promise<Person>>();
const ownerOf = (product: Product) => {
  if (!owners.has(product)) {
    owners.set(product, (async () => {
      const person = await enter(product, { inviteToken: await product.adminToken() });
      await makeAdministrator(product, person);
      return person;
    })());
  }
  return owners.get(product)!;
};

it('says who may register, to whoever asks', async () => {
  for (const [product, mode] of [[open, 'open'], [byInvite, 'invite'], [closed, 'closed']] as const) {
    const answer = await new Api(product.url).get('/auth/registration');
    expect(answer).toEqual({ mode });
    expectShape(Registration, answer);
  }
});

it('lets the first administrator in by the link of the start, in every mode, and nobody after them', async () => {
  for (const product of [byInvite, closed]) {
    const owner = await ownerOf(product);
    expect(owner.user.username).toMatch(/^person/);
    expect((await register(product, { inviteToken: await product.adminToken() })).status).toBeGreaterThanOrEqual(400);
    expect(await usersOf(product)).toBe(1);
  }
});

describe('REGISTRATION=closed', () => {
  it('refuses everybody, with an invite too', async () => {
    const owner = await ownerOf(closed);
    const { token } = await inviteTo(owner, await roomOf(owner));
    for (const more of [{}, { inviteToken: token }]) expect(refusal(await register(closed, more))).toEqual([403, 'PERMISSION_DENIED', []]);
    expect(await usersOf(closed)).toBe(1);
  });
});

describe('REGISTRATION=invite', () => {
  it('refuses whoever has no invite, or one that opens nothing, and makes no user', async () => {
    const owner = await ownerOf(byInvite);
    const room = await roomOf(owner);
    const before = await usersOf(byInvite);
    const [revoked, expired, used] = [await inviteTo(owner, room), await inviteTo(owner, room), await inviteTo(owner, room, { maxUses: 1 })];
    await owner.delete(`/invites/${revoked.id}`);
    await query(byInvite.databaseUrl, 'UPDATE invites SET expires_at = now() WHERE id = $1', [expired.id]);
    await query(byInvite.databaseUrl, 'UPDATE invites SET uses = 1 WHERE id = $1', [used.id]);
    expect(refusal(await register(byInvite))).toEqual([403, 'PERMISSION_DENIED', ['inviteToken']]);
    expect(refusal(await register(byInvite, { inviteToken: randomBytes(32).toString('base64url') }))).toEqual([404, 'INVITE_NOT_FOUND', []]);
    expect(refusal(await register(byInvite, { inviteToken: revoked.token }))).toEqual([410, 'INVITE_EXPIRED', []]);
    expect(refusal(await register(byInvite, { inviteToken: expired.token }))).toEqual([410, 'INVITE_EXPIRED', ['expiresAt']]);
    expect(refusal(await register(byInvite, { inviteToken: used.token }))).toEqual([410, 'INVITE_EXPIRED', ['maxUses']]);
    expect(refusal(await register(byInvite, { inviteToken: '' }))[0]).toBe(404);
    expect(await usersOf(byInvite)).toBe(before);
  });

  it('makes the user and lets them in at once: into a room, which hears of it, or onto a page', async () => {
    const owner = await ownerOf(byInvite);
    const room = await roomOf(owner);
    const socket = await owner.connect();
    await socket.ask('room-join', { roomId: room.id });
    const invite = await inviteTo(owner, room, { role: 'admin', maxUses: 2 });
    const guest = await enter(byInvite, { inviteToken: invite.token });
    expect((await guest.get<Page<MyRoom>>('/rooms')).items.map(({ id, role }) => [id, role])).toContainEqual([room.id, 'admin']);
    expect(await socket.event('member-joined')).toMatchObject({ userId: guest.id, role: 'admin' });
    expect(await usesOf(byInvite, invite)).toBe(1);
    socket.close();

    const page = await owner.post<PageSummary>('/pages', { title: 'Plan' });
    const editor = await enter(byInvite, { inviteToken: (await owner.post<CreatedInvite>(`/pages/${page.pageId}/invite`, { role: 'editor' })).token });
    expect(await editor.get(`/pages/${page.pageId}`)).toMatchObject({ role: 'editor' });
  });

  it('counts uses: of many at once exactly as many get in as may, and of the others nothing is left', async () => {
    const owner = await ownerOf(byInvite);
    const room = await roomOf(owner);
    const invite = await inviteTo(owner, room, { maxUses: 2 });
    const before = await usersOf(byInvite);
    const answers = await Promise.all(Array.from({ length: 6 }, () => register(byInvite, { inviteToken: invite.token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 410, 410, 410, 410]);
    expect([(await usersOf(byInvite)) - before, await usesOf(byInvite, invite)]).toEqual([2, 2]);
    expect((await owner.get<Page<Member>>(`/rooms/${room.id}/members`)).items).toHaveLength(3);
  });

  it('uses nothing up when the user cannot be made, and makes no user when the room is full', async () => {
    const owner = await ownerOf(byInvite);
    const room = await roomOf(owner, { maxMembers: 2 });
    const invite = await inviteTo(owner, room);
    expect(refusal(await register(byInvite, { inviteToken: invite.token, username: owner.user.username }))).toEqual([409, 'ALREADY_EXISTS', ['username']]);
    expect([await usesOf(byInvite, invite), (await owner.get<MyRoom>(`/rooms/${room.id}`)).memberCount]).toEqual([0, 1]);
    await enter(byInvite, { inviteToken: invite.token });
    const before = await usersOf(byInvite);
    expect(refusal(await register(byInvite, { inviteToken: invite.token }))).toEqual([409, 'GROUP_FULL', []]);
    expect([await usesOf(byInvite, invite), await usersOf(byInvite)]).toEqual([1, before]);
  });

  it('opens nothing by an invite whose maker may not invite any more', async () => {
    const owner = await ownerOf(byInvite);
    const room = await roomOf(owner);
    const admin = await enter(byInvite, { inviteToken: (await inviteTo(owner, room, { role: 'admin' })).token });
    const invite = await inviteTo(admin, room);
    await owner.delete(`/rooms/${room.id}/members/${admin.id}`);
    expect(refusal(await register(byInvite, { inviteToken: invite.token }))).toEqual([410, 'INVITE_EXPIRED', []]);
  });
});

describe('REGISTRATION=open', () => {
  it('accepts an invite with the registration, and needs none', async () => {
    const owner = await enter(open);
    const room = await roomOf(owner);
    const guest = await enter(open, { inviteToken: (await inviteTo(owner, room)).token });
    expect(await guest.get(`/rooms/${room.id}`)).toMatchObject({ id: room.id, role: 'member' });
  });
});
