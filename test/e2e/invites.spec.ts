import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AcceptedInvite, CreatedInvite, type DocumentMember, Invite, InvitePreview } from '../../src/protocol/access.js';
import type { ResumedChannel } from '../../src/protocol/entries.js';
import type { Problem } from '../../src/protocol/errors.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { Member, MyRoom } from '../../src/protocol/rooms.js';
import { Api, Crowd, expectEvent, expectShape, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { query, upTo } from '../support/journal-node.js';
import { letIn, makePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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

const sql = <Row extends Record<string, unknown>>(text: string, ...values: unknown[]) => query<Row>(product.databaseUrl, text, values);
const makeRoom = (owner: Person, body: Record<string, unknown> = {}) => owner.post<MyRoom>('/rooms', { name: 'Council', isPrivate: true, ...body });
const inviteToPage = (owner: Person, { pageId }: PageSummary, body: Record<string, unknown> = {}) => owner.post<CreatedInvite>(`/pages/${pageId}/invite`, { role: 'editor', ...body });
const inviteToRoom = (owner: Person, roomId: string, body: Record<string, unknown> = {}) => owner.post<CreatedInvite>(`/rooms/${roomId}/invite`, body);
const accept = (person: Person, { token }: { token: string }) => person.call<AcceptedInvite | Problem>('POST', `/invites/${token}/accept`);
const acceptance = (person: Person, { token }: { token: string }) => person.post<AcceptedInvite>(`/invites/${token}/accept`);
const preview = ({ token }: { token: string }) => new Api(product.url).call<InvitePreview | Problem>('GET', `/invites/${token}`);
/** What it was answered with, and which field of the invite is the reason. */
const refusalOf = ({ status, body }: { status: number; body: object }) => ({ status, code: (body as Problem).code, fields: (body as Problem).errors?.map(({ path }) => path) ?? [] });
const USED_UP = { status: 410, code: 'INVITE_EXPIRED', fields: ['maxUses'] };
const EXPIRED = { status: 410, code: 'INVITE_EXPIRED', fields: ['expiresAt'] };
const WITHDRAWN = { status: 410, code: 'INVITE_EXPIRED', fields: [] as string[] };
const usesOf = async ({ id }: { id: string }) => (await sql<{ uses: number }>('SELECT uses FROM invites WHERE id = $1', id))[0]!.uses;
const pageRole = async (reader: Person, { pageId }: PageSummary, person: Person) =>
  (await reader.get<Page<DocumentMember>>(`/pages/${pageId}/members?limit=200`)).items.find(({ user }) => user.id === person.id)?.role;
const roomRole = async (reader: Person, roomId: string, person: Person) => (await reader.get<Page<Member>>(`/rooms/${roomId}/members?limit=200`)).items.find(({ user }) => user.id === person.id)?.role;
const unknownToken = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');

describe('an invite', () => {
  it('is a link; only its hash is stored', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    const invite = await inviteToPage(ada, page, { maxUses: 3, expiresIn: 3_600 });
    expectShape(CreatedInvite, invite);
    expect(invite).toMatchObject({ kind: 'page', targetId: page.pageId, role: 'editor', maxUses: 3, uses: 0, createdBy: { id: ada.id } });
    expect(invite.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(invite.url).toBe(`${product.url}/invite/${invite.token}`);
    expect(Math.abs(Date.parse(invite.expiresAt) - Date.now() - HOUR_MS)).toBeLessThan(60_000);
    const [stored] = await sql<{ token_hash: Buffer; row: string }>('SELECT token_hash, t::text AS row FROM invites t WHERE id = $1', invite.id);
    expect(stored!.token_hash).toEqual(createHash('sha256').update(invite.token).digest());
    expect(stored!.row).not.toContain(invite.token);
  });

  it('lasts a week, for everyone, unless it is made otherwise', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    const invite = await inviteToPage(ada, page);
    expect(invite.maxUses).toBeNull();
    expect(Math.abs(Date.parse(invite.expiresAt) - Date.now() - 7 * DAY_MS)).toBeLessThan(60_000);
    const bodies = [{ role: 'owner' }, { role: 'admin' }, {}, { role: 'viewer', expiresIn: 59 }, { role: 'viewer', expiresIn: 365 * 86_400 + 1 }, { role: 'viewer', maxUses: 0 }, { role: 'viewer', maxUses: 10_001 }, { role: 'viewer', uses: 1 }];
    for (const body of bodies) expect(await ada.refusal('POST', `/pages/${page.pageId}/invite`, body), JSON.stringify(body)).toBe('INVALID_INPUT');
    const { id } = await makeRoom(ada);
    for (const role of ['owner', 'editor']) expect(await ada.refusal('POST', `/rooms/${id}/invite`, { role })).toBe('INVALID_INPUT');
  });

  it('shows what it leads to before anybody signs in', async () => {
    const ada = await crowd.person('ada', 'Ada L.');
    const [page, room] = [await makePage(ada, 'Spring sale'), await makeRoom(ada)];
    const invites = [await inviteToPage(ada, page, { role: 'viewer' }), await inviteToRoom(ada, room.id)];
    const expected = [{ kind: 'page', role: 'viewer', name: 'Spring sale' }, { kind: 'room', role: 'member', name: 'Council' }];
    for (const [i, invite] of invites.entries()) {
      const answer = await preview(invite);
      expect(answer.status).toBe(200);
      expectShape(InvitePreview, answer.body);
      expect(answer.body).toEqual({ ...expected[i], expiresAt: invite.expiresAt, invitedBy: { id: ada.id, username: ada.user.username, displayName: 'Ada L.', avatarUrl: null } });
    }
  });

  it('is not found by another token, however badly it was copied', async () => {
    const ada = await crowd.person('ada');
    const invite = await inviteToPage(ada, await makePage(ada));
    for (const token of [unknownToken(), invite.id, invite.token.slice(1), `${invite.token}x`, 'x', '%00', '%F0%9F%98%80', 'null']) {
      expect(await preview({ token }), token).toMatchObject({ status: 404, body: { code: 'INVITE_NOT_FOUND' } });
      expect(await accept(ada, { token }), token).toMatchObject({ status: 404, body: { code: 'INVITE_NOT_FOUND' } });
    }
    expect(await new Api(product.url).refusal('POST', `/invites/${invite.token}/accept`)).toBe('UNAUTHENTICATED');
  });

  it('is made afresh for every request: an answer with a token is not kept', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    const room = await makeRoom(ada);
    for (const path of [`/pages/${page.pageId}/invite`, `/rooms/${room.id}/invite`]) {
      const headers = { 'idempotency-key': path };
      const body = path.startsWith('/pages') ? { role: 'viewer' } : {};
      const tokens = [await ada.call<CreatedInvite>('POST', path, { body, headers }), await ada.call<CreatedInvite>('POST', path, { body, headers })].map(({ status, body: { token } }) => `${status} ${token}`);
      expect(new Set(tokens).size).toBe(2);
    }
    expect(await sql('SELECT 1 FROM idempotency_keys WHERE user_id = $1', ada.id)).toEqual([]);
  });
});

describe('who may invite', () => {
  type Attempt = (actor: Person, target: string, invite: CreatedInvite) => Promise<{ status: number; body: unknown }>;
  const attemptsOn = (path: string, body: object): Record<string, Attempt> => ({
    create: (actor, target) => actor.call('POST', `${path}/${target}/invite`, { body }),
    list: (actor, target) => actor.call('GET', `${path}/${target}/invites`),
    revoke: (actor, _target, { id }) => actor.call('DELETE', `/invites/${id}`),
  });

  it.each(Object.entries(attemptsOn('/pages', { role: 'viewer' })))('to a page: owners alone (%s)', async (name, attempt) => {
    const [owner, editor, viewer, removed, stranger] = await crowd.group('owner', 'editor', 'viewer', 'removed', 'stranger');
    const page = await makePage(owner);
    await letIn(owner, page, [[editor, 'editor'], [viewer, 'viewer'], [removed, 'owner']]);
    await owner.delete(`/pages/${page.pageId}/members/${removed.id}`);
    const invite = await inviteToPage(owner, page);
    expect(await attempt(new Api(product.url) as Person, page.pageId, invite)).toMatchObject({ status: 401 });
    for (const actor of [removed, stranger]) {
      const code = name === 'revoke' ? 'INVITE_NOT_FOUND' : 'PAGE_NOT_FOUND';
      expect(await attempt(actor, page.pageId, invite)).toMatchObject({ status: 404, body: { code } });
    }
    // That there are invites is nothing for those who may not make any.
    for (const actor of [editor, viewer]) expect(await attempt(actor, page.pageId, invite)).toMatchObject(name === 'revoke' ? { status: 404 } : { status: 403, body: { code: 'PERMISSION_DENIED' } });
    expect([200, 201, 204]).toContain((await attempt(owner, page.pageId, invite)).status);
  });

  it.each(Object.entries(attemptsOn('/rooms', {})))('to a group: owners and admins (%s)', async (name, attempt) => {
    const [owner, admin, member, kicked, stranger] = await crowd.group('owner', 'admin', 'member', 'kicked', 'stranger');
    const { id } = await makeRoom(owner);
    await owner.put(`/rooms/${id}/members/${admin.id}`, { role: 'admin' });
    for (const person of [member, kicked]) await owner.put(`/rooms/${id}/members/${person.id}`, { role: 'member' });
    await owner.delete(`/rooms/${id}/members/${kicked.id}`);
    const invite = await inviteToRoom(owner, id);
    expect(await attempt(new Api(product.url) as Person, id, invite)).toMatchObject({ status: 401 });
    for (const actor of [kicked, stranger]) expect(await attempt(actor, id, invite)).toMatchObject({ status: 404, body: { code: name === 'revoke' ? 'INVITE_NOT_FOUND' : 'ROOM_NOT_FOUND' } });
    expect(await attempt(member, id, invite)).toMatchObject(name === 'revoke' ? { status: 404 } : { status: 403, body: { code: 'PERMISSION_DENIED' } });
    for (const actor of [admin, owner]) expect([200, 201, 204]).toContain((await attempt(actor, id, await inviteToRoom(owner, id))).status);
  });

  it('as an admin of a group: its owner alone', async () => {
    const [owner, admin] = await crowd.group('owner', 'admin');
    const { id } = await makeRoom(owner);
    await owner.put(`/rooms/${id}/members/${admin.id}`, { role: 'admin' });
    expect(await admin.refusal('POST', `/rooms/${id}/invite`, { role: 'admin' })).toBe('PERMISSION_DENIED');
    expect(await inviteToRoom(owner, id, { role: 'admin' })).toMatchObject({ role: 'admin' });
  });

  it('to the world or to a direct room: nobody', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const direct = await ada.post<MyRoom>('/rooms/direct', { userId: bob.id });
    for (const id of ['world', direct.id]) {
      expect(await ada.refusal('POST', `/rooms/${id}/invite`, {})).toBe('PERMISSION_DENIED');
      expect(await ada.refusal('GET', `/rooms/${id}/invites`)).toBe('PERMISSION_DENIED');
    }
  });
});

describe('accepting', () => {
  it('lets in, tells everyone, and shows on all devices', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [page, room] = [await makePage(ada, 'Spring sale'), await makeRoom(ada, { password: 'mellon' })];
    const [watcher, device] = await Promise.all([ada.connect(), bob.connect()]);
    await watcher.ask<ResumedChannel[]>('resume', { positions: [{ channelId: page.id, seq: 0 }, { channelId: room.id, seq: 0 }] });
    const answers = [await acceptance(bob, await inviteToPage(ada, page)), await acceptance(bob, await inviteToRoom(ada, room.id))];
    for (const answer of answers) expectShape(AcceptedInvite, answer);
    expect(answers).toEqual([{ kind: 'page', id: page.pageId, role: 'editor' }, { kind: 'room', id: room.id, role: 'member' }]);
    expect(await device.event('page-added')).toEqual({ pageId: page.pageId, title: 'Spring sale' });
    expect(await device.event('room-added')).toEqual({ roomId: room.id, kind: 'group', name: 'Council' });
    for (const [about, role] of [[{ pageId: page.pageId, channelId: page.id }, 'editor'], [{ roomId: room.id, channelId: room.id }, 'member']] as const) {
      const entry = await watcher.event('member-joined', (body: { channelId: string }) => body.channelId === about.channelId);
      expectEvent(SERVER_EVENTS.memberJoined, entry);
      expect(entry).toMatchObject({ ...about, seq: 1, actorId: bob.id, userId: bob.id, role });
    }
    expect(await sql('SELECT invited_by FROM grants WHERE channel_id = $1 AND user_id = $2', page.id, bob.id)).toEqual([{ invited_by: ada.id }]);
    expect(await bob.get(`/rooms/${room.id}`)).toMatchObject({ role: 'member', memberCount: 2 });
  });

  it('again, or by who is in already, uses nothing up and lowers nobody', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const page = await makePage(ada);
    await letIn(ada, page, [[cleo, 'viewer']]);
    const once = await inviteToPage(ada, page, { maxUses: 1 });
    // What bob sends again, because an answer was lost, is answered again, also when the link is used up.
    for (const _ of upTo(3)) expect(await acceptance(bob, once)).toEqual({ kind: 'page', id: page.pageId, role: 'editor' });
    expect(await acceptance(ada, once)).toMatchObject({ role: 'owner' });
    expect(await usesOf(once)).toBe(1);
    expect([await accept(cleo, once), await preview(once)].map(refusalOf)).toEqual([USED_UP, USED_UP]);
    const forViewers = await inviteToPage(ada, page, { role: 'viewer' });
    expect(await acceptance(bob, forViewers)).toMatchObject({ role: 'editor' });
    expect(await usesOf(forViewers)).toBe(0);
    expect(await pageRole(ada, page, cleo)).toBe('viewer');
  });

  it('raises who is in with a lower role, and tells it', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [page, room] = [await makePage(ada), await makeRoom(ada)];
    await letIn(ada, page, [[bob, 'viewer']]);
    await ada.put(`/rooms/${room.id}/members/${bob.id}`, { role: 'member' });
    const socket = await bob.connect();
    await socket.ask('resume', { positions: [{ channelId: page.id, seq: 1 }, { channelId: room.id, seq: 1 }] });
    const invites = [await inviteToPage(ada, page), await inviteToRoom(ada, room.id, { role: 'admin' })];
    for (const invite of invites) {
      await acceptance(bob, invite);
      expect(await usesOf(invite)).toBe(1);
    }
    for (const [channelId, role] of [[page.id, 'editor'], [room.id, 'admin']] as const) {
      const entry = await socket.event('member-updated', (body: { channelId: string }) => body.channelId === channelId);
      expectEvent(SERVER_EVENTS.memberUpdated, entry);
      expect(entry).toMatchObject({ actorId: bob.id, userId: bob.id, role });
    }
    expect([await pageRole(ada, page, bob), await roomRole(ada, room.id, bob)]).toEqual(['editor', 'admin']);
  });

  it('by fifty at once lets in exactly as many as it may', async () => {
    const [ada, ...people] = await crowd.group('ada', ...upTo(50).map((n) => `guest${n}`));
    const [page, room] = [await makePage(ada), await makeRoom(ada)];
    for (const invite of [await inviteToPage(ada, page, { maxUses: 3 }), await inviteToRoom(ada, room.id, { maxUses: 3 })]) {
      const answers = await Promise.all(people.map((person) => accept(person, invite)));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(3).fill(200), ...Array<number>(47).fill(410)]);
      expect(answers.filter(({ status }) => status === 410).map(refusalOf)).toEqual(Array(47).fill(USED_UP));
      expect(await usesOf(invite)).toBe(3);
    }
    expect((await ada.get<Page<DocumentMember>>(`/pages/${page.pageId}/members`)).items).toHaveLength(4);
    expect((await ada.get<Page<Member>>(`/rooms/${room.id}/members`)).items).toHaveLength(4);
    expect(await ada.get(`/rooms/${room.id}`)).toMatchObject({ memberCount: 4 });
    const entries = await sql(`SELECT seq FROM journal WHERE channel_id = ANY($1) AND type = 'member-joined'`, [page.id, room.id]);
    expect(entries).toHaveLength(6);
  });

  it('by one person many times at once is one use, also over several links', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    const invites = [await inviteToPage(ada, page, { maxUses: 1 }), await inviteToPage(ada, page, { maxUses: 1 })];
    const answers = await Promise.all(upTo(20).map((n) => accept(bob, invites[n % 2]!)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await Promise.all(invites.map(usesOf))).sort()).toEqual([0, 1]);
  });

  it('does not get past a full group or a ban, and then is no use', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const { id } = await makeRoom(ada, { maxMembers: 2 });
    const invite = await inviteToRoom(ada, id);
    await ada.post(`/rooms/${id}/members/${cleo.id}/ban`);
    expect(await accept(cleo, invite)).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    await acceptance(bob, invite);
    const dan = await crowd.person('dan');
    expect(await accept(dan, invite)).toMatchObject({ status: 409, body: { code: 'GROUP_FULL' } });
    expect(await usesOf(invite)).toBe(1);
    // Who was kicked is not banned.
    await ada.delete(`/rooms/${id}/members/${bob.id}`);
    expect(await acceptance(bob, invite)).toMatchObject({ role: 'member' });
  });
});

describe('an invite opens nothing any more', () => {
  const expectClosed = async (person: Person, invite: CreatedInvite, refusal: typeof WITHDRAWN = WITHDRAWN) => {
    expect([await preview(invite), await accept(person, invite)].map(refusalOf)).toEqual([refusal, refusal]);
    expect(await usesOf(invite)).toBe(0);
  };
  const listed = async (owner: Person, { pageId }: PageSummary) => (await owner.get<Page<Invite>>(`/pages/${pageId}/invites`)).items.map(({ id }) => id);

  it('when it has expired', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    const invite = await inviteToPage(ada, page);
    await sql(`UPDATE invites SET expires_at = now() - interval '1 second' WHERE id = $1`, invite.id);
    await expectClosed(bob, invite, EXPIRED);
    expect(await listed(ada, page)).toEqual([]);
  });

  it('when it was taken back', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    const [invite, other] = [await inviteToPage(ada, page), await inviteToPage(ada, page)];
    expect(await ada.call('DELETE', `/invites/${invite.id}`)).toMatchObject({ status: 204 });
    await expectClosed(bob, invite);
    expect(await listed(ada, page)).toEqual([other.id]);
    expect(await ada.refusal('DELETE', `/invites/${invite.id}`)).toBe('INVITE_NOT_FOUND');
    expect(await ada.refusal('DELETE', `/invites/${crypto.randomUUID()}`)).toBe('INVITE_NOT_FOUND');
    expect(await ada.refusal('DELETE', `/invites/${other.token}`)).toBe('INVALID_INPUT');
    expect(await acceptance(bob, other)).toMatchObject({ role: 'editor' });
  });

  it('when what it leads to is deleted', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const [page, room] = [await makePage(ada), await makeRoom(ada)];
    const invites = [await inviteToPage(ada, page), await inviteToRoom(ada, room.id)];
    await ada.delete(`/rooms/${room.id}`);
    await ada.delete(`/pages/${page.pageId}`);
    for (const invite of invites) await expectClosed(bob, invite, { status: 404, code: 'INVITE_NOT_FOUND', fields: [] });
  });

  it('when whoever made it may not invite any more: not even for them', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'owner']]);
    const invite = await inviteToPage(bob, page);
    await letIn(ada, page, [[bob, 'editor']]);
    await expectClosed(cleo, invite);
    await ada.delete(`/pages/${page.pageId}/members/${bob.id}`);
    await expectClosed(bob, invite);
    // The right comes back, and with it what was handed out.
    await letIn(ada, page, [[bob, 'owner']]);
    expect(await acceptance(cleo, invite)).toMatchObject({ role: 'editor' });

    const { id } = await makeRoom(ada);
    const forAdmins = await inviteToRoom(ada, id, { role: 'admin' });
    await ada.put(`/rooms/${id}/members/${bob.id}`, { role: 'member' });
    await ada.put(`/rooms/${id}/members/${bob.id}`, { role: 'owner' });
    await expectClosed(cleo, forAdmins);
  });

  it('when whoever made it is suspended', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const invite = await inviteToPage(ada, await makePage(ada));
    await sql(`UPDATE users SET status = 'suspended' WHERE id = $1`, ada.id);
    await expectClosed(bob, invite);
  });
});

describe('the list of invites', () => {
  it('has those that have not ended, the newest first, page by page, without tokens', async () => {
    const ada = await crowd.person('ada');
    const [page, room] = [await makePage(ada), await makeRoom(ada)];
    for (const [path, make] of [[`/pages/${page.pageId}/invites`, () => inviteToPage(ada, page)], [`/rooms/${room.id}/invites`, () => inviteToRoom(ada, room.id)]] as const) {
      const made: CreatedInvite[] = [];
      for (const _ of upTo(5)) made.push(await make());
      const found: Invite[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const list: Page<Invite> = await ada.get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`);
        found.push(...list.items);
        cursor = list.nextCursor;
      }
      for (const invite of found) expectShape(Invite, invite);
      expect(found).toEqual(made.reverse().map(({ token: _token, url: _url, ...invite }) => invite));
      for (const { token } of made) expect(JSON.stringify(found)).not.toContain(token);
    }
  });
});

describe('with a public address, limits and a talkative log', () => {
  let other: Product;
  let people: Crowd;

  beforeAll(async () => {
    other = await startProduct({ PUBLIC_URL: 'https://atrium.example.org/', LOG_LEVEL: 'debug', RATE_LIMITS: 'on' });
    people = new Crowd(other.url);
  });
  afterAll(() => other.stop());

  it('links lead there, and no token is in the log', async () => {
    const [ada, bob] = await people.group('ada', 'bob');
    const invite = await inviteToRoom(ada, (await makeRoom(ada)).id);
    expect(invite.url).toBe(`https://atrium.example.org/invite/${invite.token}`);
    const anyone = new Api(other.url);
    await anyone.get(`/invites/${invite.token}`);
    await acceptance(bob, invite);
    await anyone.call('GET', `/invites/${invite.token}?then=accept`);
    await anyone.call('GET', `/invites/${invite.token}/accept`);
    await fetch(`${other.url}/invite/${invite.token}`);
    await ada.delete(`/invites/${invite.id}`);
    const logged = (text: string) => other.errors().filter((line) => line.includes(text));
    await eventually('the last request is in the log', () => logged(`/invites/${invite.id}`).length > 0);
    expect(logged('/invites/[redacted]').length).toBeGreaterThanOrEqual(4);
    expect(logged(invite.token)).toEqual([]);
  });

  it('strangers cannot try tokens as fast as they like', async () => {
    const anyone = new Api(other.url);
    const answers = await Promise.all(upTo(700).map(() => anyone.call('GET', `/invites/${unknownToken()}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404, 429]));
    expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toMatch(/^\d+$/);
  });
});
