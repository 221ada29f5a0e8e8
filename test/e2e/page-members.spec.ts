import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DocumentMember, type DocumentRole } from '../../src/protocol/access.js';
import type { ResumedChannel } from '../../src/protocol/entries.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import { Api, Crowd, expectEvent, expectShape, type Person, type TestSocket } from '../support/client.js';
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

const membersOf = async (reader: Person, { pageId }: PageSummary) => (await reader.get<Page<DocumentMember>>(`/pages/${pageId}/members?limit=200`)).items;
const rolesOf = async (reader: Person, page: PageSummary) => Object.fromEntries((await membersOf(reader, page)).map(({ user, role }) => [user.id, role]));
const setRole = (actor: Person, { pageId }: PageSummary, person: Person, role: DocumentRole) => actor.call('PUT', `/pages/${pageId}/members/${person.id}`, { body: { role } });
const remove = (actor: Person, { pageId }: PageSummary, person: Person) => actor.call('DELETE', `/pages/${pageId}/members/${person.id}`);
const follow = async (socket: TestSocket, { id }: PageSummary) => (await socket.ask<ResumedChannel[]>('resume', { positions: [{ channelId: id, seq: 0 }] }))[0];

describe('what a role may do with the members of a page', () => {
  interface Cast {
    owner: Person;
    editor: Person;
    viewer: Person;
    /** Was an editor until now. */
    removed: Person;
    stranger: Person;
    target: Person;
    newcomer: Person;
  }
  type Actor = 'owner' | 'editor' | 'viewer' | 'removed' | 'stranger';
  type Attempt = (actor: Person, page: PageSummary, cast: Cast) => Promise<{ status: number; body: unknown }>;

  const everyone: Actor[] = ['owner', 'editor', 'viewer', 'removed', 'stranger'];
  const ACTIONS: Record<string, { allowed: Actor[]; attempt: Attempt }> = {
    'list them': { allowed: ['owner', 'editor', 'viewer'], attempt: (actor, { pageId }) => actor.call('GET', `/pages/${pageId}/members`) },
    'let a viewer in': { allowed: ['owner'], attempt: (actor, page, { newcomer }) => setRole(actor, page, newcomer, 'viewer') },
    'let an owner in': { allowed: ['owner'], attempt: (actor, page, { newcomer }) => setRole(actor, page, newcomer, 'owner') },
    'raise somebody': { allowed: ['owner'], attempt: (actor, page, { target }) => setRole(actor, page, target, 'owner') },
    'lower somebody': { allowed: ['owner'], attempt: (actor, page, { target }) => setRole(actor, page, target, 'viewer') },
    'take the page': { allowed: [], attempt: async (actor, page, { owner }) => (actor === owner ? refused() : setRole(actor, page, actor, 'owner')) },
    'put somebody out': { allowed: ['owner'], attempt: (actor, page, { target }) => remove(actor, page, target) },
    'put the owner out': { allowed: [], attempt: (actor, page, { owner }) => remove(actor, page, owner) },
    leave: { allowed: ['editor', 'viewer'], attempt: (actor, page) => remove(actor, page, actor) },
  };
  const refused = () => Promise.resolve({ status: 403, body: { code: 'PERMISSION_DENIED' } });

  let cast: Cast;
  beforeAll(async () => {
    const [owner, editor, viewer, removed, stranger, target, newcomer] = await crowd.group('owner', 'editor', 'viewer', 'removed', 'stranger', 'target', 'newcomer');
    cast = { owner, editor, viewer, removed, stranger, target, newcomer };
  });

  it.each(Object.entries(ACTIONS))('%s', async (_name, { allowed, attempt }) => {
    const nobody = new Api(product.url) as Person;
    for (const role of everyone) {
      const page = await makePage(cast.owner);
      await letIn(cast.owner, page, [[cast.editor, 'editor'], [cast.viewer, 'viewer'], [cast.removed, 'editor'], [cast.target, 'editor']]);
      await remove(cast.owner, page, cast.removed);
      const answer = await attempt(cast[role], page, cast);
      const label = `${role}: ${answer.status} ${JSON.stringify(answer.body)}`;
      if (allowed.includes(role)) expect([200, 204], label).toContain(answer.status);
      else if (role === 'stranger' || role === 'removed') expect(answer, label).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
      else expect(answer, label).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
      expect(await attempt(nobody, page, cast), 'without a token').toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    }
  });

  it('says what is wrong', async () => {
    const { owner, editor, stranger } = cast;
    const page = await makePage(owner);
    const nobody = crypto.randomUUID();
    expect(await owner.refusal('DELETE', `/pages/${page.pageId}/members/${stranger.id}`)).toBe('USER_NOT_FOUND');
    expect(await owner.refusal('DELETE', `/pages/${page.pageId}/members/${nobody}`)).toBe('USER_NOT_FOUND');
    expect(await owner.refusal('PUT', `/pages/${page.pageId}/members/${nobody}`, { role: 'viewer' })).toBe('USER_NOT_FOUND');
    for (const body of [{ role: 'admin' }, {}, { role: 'viewer', more: 1 }]) expect(await owner.refusal('PUT', `/pages/${page.pageId}/members/${editor.id}`, body)).toBe('INVALID_INPUT');
    expect(await owner.refusal('GET', `/pages/no-such-page/members`)).toBe('PAGE_NOT_FOUND');
    expect(await owner.refusal('GET', `/pages/${encodeURIComponent('no slug')}/members`)).toBe('INVALID_INPUT');
  });

  it('is nothing once the page is deleted', async () => {
    const { owner, viewer, target } = cast;
    const page = await makePage(owner);
    await letIn(owner, page, [[viewer, 'viewer']]);
    const sockets = await Promise.all([owner.connect(), viewer.connect()]);
    for (const socket of sockets) await follow(socket, page);
    await owner.delete(`/pages/${page.pageId}`);
    for (const socket of sockets) {
      await socket.event('page-updated', ({ deleted }) => deleted === true);
      expect(await follow(socket, page)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
    for (const person of [owner, viewer]) {
      expect(await person.refusal('GET', `/pages/${page.pageId}/members`)).toBe('PAGE_NOT_FOUND');
      expect(await person.refusal('DELETE', `/pages/${page.pageId}/members/${person.id}`)).toBe('PAGE_NOT_FOUND');
      expect(await person.refusal('PUT', `/pages/${page.pageId}/members/${target.id}`, { role: 'viewer' })).toBe('PAGE_NOT_FOUND');
    }
  });
});

describe('a change of members', () => {
  it('is told to those who follow the page, and to the devices of the new one', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada, 'Spring sale');
    const [watcher, first, second] = await Promise.all([ada.connect(), bob.connect(), bob.connect(['polling'])]);
    expect(await follow(watcher, page)).toMatchObject({ complete: true, entries: [] });
    await setRole(ada, page, bob, 'viewer');
    for (const socket of [first, second]) {
      const added = await socket.event('page-added');
      expectEvent(SERVER_EVENTS.pageAdded, added);
      expect(added).toEqual({ pageId: page.pageId, title: 'Spring sale', addedBy: ada.id });
    }
    await setRole(ada, page, bob, 'editor');
    // Nothing changes, so nothing is told.
    await setRole(ada, page, bob, 'editor');
    await remove(ada, page, bob);
    await setRole(ada, page, bob, 'viewer');
    await remove(bob, page, bob);
    await watcher.until(() => watcher.events('member-left').length === 2, 'both farewells');
    const about = { channelId: page.id, pageId: page.pageId, userId: bob.id };
    const [joined, updated, kicked, , left] = ['member-joined', 'member-updated', 'member-left', 'member-joined', 'member-left'].map((name, i) => {
      const entry = watcher.received.find((event) => event.body.seq === i + 1 && event.name === name)?.body;
      expectEvent(Object.values(SERVER_EVENTS).find((event) => event.name === name)!, entry);
      return entry;
    });
    expect(joined).toMatchObject({ ...about, actorId: ada.id, role: 'viewer' });
    expect(updated).toMatchObject({ ...about, actorId: ada.id, role: 'editor' });
    expect(kicked).toMatchObject({ ...about, actorId: ada.id, reason: 'kicked' });
    expect(left).toMatchObject({ ...about, actorId: bob.id, reason: 'left' });
  });

  it('leaves the role of whoever is a member already, if that is wanted', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'editor']]);
    const add = (person: Person) => ada.call('PUT', `/pages/${page.pageId}/members/${person.id}`, { body: { role: 'viewer' }, headers: { 'if-none-match': '*' } });
    expect(await add(bob)).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
    expect(await add(cleo)).toMatchObject({ status: 204 });
    expect(await rolesOf(ada, page)).toMatchObject({ [bob.id]: 'editor', [cleo.id]: 'viewer' });
  });

  it('and a new title, a deletion and its end are told to the devices of all members, wherever they are', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada, 'Spring sale');
    await letIn(ada, page, [[bob, 'viewer']]);
    const sockets = await Promise.all([ada.connect(), bob.connect()]);
    const changes = (index: number) => sockets[index]!.events('page-changed').map(({ title, role }) => [title, role]);
    await ada.put(`/pages/${page.pageId}/title`, { title: 'Summer sale' });
    await setRole(ada, page, bob, 'editor');
    await ada.delete(`/pages/${page.pageId}`);
    await ada.post(`/pages/${page.pageId}/restore`);
    for (const socket of sockets) expect(await socket.event('page-added')).toEqual({ pageId: page.pageId, title: 'Summer sale' });
    await remove(ada, page, bob);
    await sockets[1].until(() => changes(1).length === 4, 'what bob is told');
    expect(changes(0)).toEqual([['Summer sale', 'owner'], ['Summer sale', null]]);
    expect(changes(1)).toEqual([['Summer sale', 'viewer'], ['Summer sale', 'editor'], ['Summer sale', null], ['Summer sale', null]]);
    for (const event of sockets[1].events('page-changed')) expectEvent(SERVER_EVENTS.pageChanged, event);
  });

  it('takes the page from open sockets at once', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'editor']]);
    const [first, second, watcher] = await Promise.all([bob.connect(), bob.connect(['polling']), ada.connect()]);
    for (const socket of [first, second, watcher]) expect(await follow(socket, page)).toMatchObject({ complete: true });
    await remove(ada, page, bob);
    for (const socket of [first, second, watcher]) await socket.event('member-left', ({ userId }) => userId === bob.id);
    await setRole(ada, page, cleo, 'viewer');
    await watcher.event('member-joined', ({ userId }) => userId === cleo.id);
    for (const socket of [first, second]) {
      await socket.fence();
      expect(socket.events('member-joined', ({ userId }) => userId === cleo.id)).toEqual([]);
      expect(await follow(socket, page)).toMatchObject({ channelId: page.id, error: { code: 'NOT_FOUND' } });
    }
    expect(await bob.refusal('GET', `/pages/${page.pageId}/members`)).toBe('PAGE_NOT_FOUND');
    // Let in again, it is there again, with all that happened.
    await setRole(ada, page, bob, 'viewer');
    expect(await follow(first, page)).toMatchObject({ complete: true, entries: [{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }] });
  });

  it('keeps out whoever resumes at the very moment of the removal', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const socket = await bob.connect();
    const watcher = await ada.connect();
    for (let round = 0; round < 10; round++) {
      const page = await makePage(ada);
      await follow(watcher, page);
      await letIn(ada, page, [[bob, 'viewer']]);
      await Promise.all([follow(socket, page), remove(ada, page, bob), follow(socket, page)]);
      await setRole(ada, page, ada, 'owner');
      const someone = await crowd.person('someone');
      await setRole(ada, page, someone, 'viewer');
      await watcher.event('member-joined', ({ userId }) => userId === someone.id);
      await socket.fence();
      expect(socket.events('member-joined', ({ userId }) => userId === someone.id)).toEqual([]);
    }
  });

  it('ends editing on open sockets at once, and gives it back', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    await letIn(ada, page, [[bob, 'editor']]);
    const socket = await bob.connect();
    await socket.ask('page-join', { pageId: page.pageId });
    const edit = (version: number) => socket.emit('op-patch', { pageId: page.pageId, version, opId: crypto.randomUUID(), patches: [{ op: 'add', path: '/components/1/props/text', value: `${version}` }] });
    expect(await edit(1)).toMatchObject({ data: { version: 2 } });
    await setRole(ada, page, bob, 'viewer');
    expect(await edit(3)).toMatchObject({ error: { code: 'PERMISSION_DENIED', message: expect.stringContaining('document:edit') as string } });
    expect(await socket.emit('cursor-move', { pageId: page.pageId, x: 1, y: 1 })).toMatchObject({ data: {} });
    await setRole(ada, page, bob, 'editor');
    expect(await edit(4)).toMatchObject({ data: { version: 5 } });
    await remove(ada, page, bob);
    expect(await edit(6)).toMatchObject({ error: { code: 'PAGE_NOT_FOUND' } });
    expect(await socket.refusal('cursor-move', { pageId: page.pageId, x: 1, y: 1 })).toBe('PAGE_NOT_FOUND');
    expect(await socket.refusal('page-join', { pageId: page.pageId })).toBe('PAGE_NOT_FOUND');
    expect(await ada.get(`/pages/${page.pageId}`)).toMatchObject({ version: 6, schema: { components: { 1: { props: { text: '4' } } } } });
  });

  it('takes effect on what is asked next, up and down', async () => {
    const [ada, bob, cleo] = await crowd.group('ada', 'bob', 'cleo');
    const page = await makePage(ada);
    for (const [role, status] of [['viewer', 403], ['owner', 204], ['editor', 403], ['owner', 204]] as const) {
      await setRole(ada, page, bob, role);
      expect(await setRole(bob, page, cleo, role), role).toMatchObject({ status });
    }
  });
});

describe('owners', () => {
  it('may be several, but never none', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    const page = await makePage(ada);
    for (const role of ['editor', 'viewer'] as const) expect(await setRole(ada, page, ada, role)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('last owner') as string } });
    expect(await remove(ada, page, ada)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('last owner') as string } });
    await letIn(ada, page, [[bob, 'owner']]);
    expect(await rolesOf(ada, page)).toEqual({ [ada.id]: 'owner', [bob.id]: 'owner' });
    expect(await setRole(bob, page, ada, 'viewer')).toMatchObject({ status: 204 });
    expect(await remove(bob, page, bob)).toMatchObject({ status: 403 });
    expect(await rolesOf(ada, page)).toEqual({ [ada.id]: 'viewer', [bob.id]: 'owner' });
  });

  it('do not all go at once', async () => {
    const people = await crowd.group('ada', 'bob', 'cleo', 'dan');
    for (let round = 0; round < 5; round++) {
      const page = await makePage(people[0]);
      await letIn(people[0], page, people.slice(1).map((person) => [person, 'owner']));
      const answers = await Promise.all(people.map((person, i) => (i % 2 ? remove(person, page, person) : setRole(person, page, person, 'viewer'))));
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 204, 403]);
      const owners = await query<{ user_id: string }>(product.databaseUrl, `SELECT user_id FROM grants WHERE channel_id = $1 AND role = 'owner'`, [page.id]);
      expect(owners).toHaveLength(1);
    }
  });

  it('who put each other out at once leave one', async () => {
    const [ada, bob] = await crowd.group('ada', 'bob');
    for (let round = 0; round < 5; round++) {
      const page = await makePage(ada);
      await letIn(ada, page, [[bob, 'owner']]);
      const answers = await Promise.all([remove(ada, page, bob), remove(bob, page, ada)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
      const stays = answers[0].status === 204 ? ada : bob;
      expect(await rolesOf(stays, page)).toEqual({ [stays.id]: 'owner' });
    }
  });
});

describe('the list of members', () => {
  it('comes in the order in which they were let in, page by page, and says who is here', async () => {
    const [ada, ...guests] = await crowd.group('ada', 'b', 'c', 'd', 'e', 'f');
    const page = await makePage(ada);
    await letIn(ada, page, guests.map((guest) => [guest, 'viewer']));
    await follow(await guests[0].connect(), page);
    const found: DocumentMember[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const list: Page<DocumentMember> = await ada.get(`/pages/${page.pageId}/members?limit=4${cursor && `&cursor=${cursor}`}`);
      found.push(...list.items);
      cursor = list.nextCursor;
    }
    for (const member of found) expectShape(DocumentMember, member);
    expect(found.map(({ user }) => user.id)).toEqual([ada, ...guests].map(({ id }) => id));
    expect(found.filter(({ online }) => online).map(({ user }) => user.id)).toEqual([guests[0].id]);
    expect(JSON.stringify(found)).not.toContain('@example.org');
  });
});
