import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JsonDocument, type Operation } from '../../src/modules/pages/document/json-document.js';
import type { Json } from '../../src/modules/pages/document/json-value.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import { type PageChange, PageDiff, type PageDocument, PageHistory, type PageSchema, PageVersion, PatchResult, Undone } from '../../src/protocol/pages.js';
import type { Page } from '../../src/protocol/primitives.js';
import { type Answer, Api, Crowd, expectEvent, expectShape, type Person, type TestSocket } from '../support/client.js';
import { createDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { query } from '../support/journal-node.js';
import { letIn } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { Server } from '../support/server.js';

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

const text = (id: number, content = '') => ({ id, name: `text-${id}`, type: 'text', props: { text: content }, children: [] });
const SCHEMA = { rootId: 1, components: { 1: { id: 1, name: 'Page', type: 'page', props: {}, children: [2, 3] }, 2: text(2), 3: text(3) } };
const say = (id: number, content: string): Operation => ({ op: 'replace', path: `/components/${id}/props/text`, value: content });
const addText = (id: number, index: number | '-' = '-'): Operation[] => [{ op: 'add', path: `/components/${id}`, value: text(id) }, { op: 'add', path: `/components/1/children/${index}`, value: id }];
const removeText = (id: number, index: number): Operation[] => [{ op: 'remove', path: `/components/1/children/${index}` }, { op: 'remove', path: `/components/${id}` }];

const makePage = (owner: Person) => owner.post<PageDocument>('/pages', { title: 'Landing', schema: SCHEMA });
const edit = async (person: Person, { pageId }: { pageId: string }, ...patches: Operation[]) => (await person.patch<PatchResult>(`/pages/${pageId}`, patches)).version;
const read = (person: Person, { pageId }: { pageId: string }) => person.get<PageDocument>(`/pages/${pageId}`);
/** What the components say that say something. */
const textsOf = ({ schema }: { schema: PageSchema }) => Object.fromEntries(Object.entries(schema.components).flatMap(([id, { props }]) => (props && 'text' in props ? [[id, props['text']]] : [])));
const childrenOf = ({ schema }: { schema: PageSchema }) => schema.components['1']!.children;
const historyOf = async (person: Person, { pageId }: { pageId: string }) => (await person.get<Page<PageChange>>(`/pages/${pageId}/history?limit=200`)).items;
const undo = (person: Person, { pageId }: { pageId: string }, count?: number) => person.post<Undone>(`/pages/${pageId}/undo`, count === undefined ? undefined : { count });

/** Somebody who has the page open, and applies what comes. */
class Screen {
  private constructor(
    readonly socket: TestSocket,
    readonly document: JsonDocument,
    readonly version: number,
  ) {}

  static async open(person: Person, pageId: string): Promise<Screen> {
    const socket = await person.connect();
    const { schema, version } = await socket.ask<{ schema: Json; version: number }>('page-join', { pageId, sync: false });
    return new Screen(socket, new JsonDocument(schema), version);
  }

  /** The page as it is on the screen once this version has come: every entry since, in order, each once. */
  async at(version: number): Promise<Json> {
    const seqs = () => this.socket.received.flatMap(({ body }) => (typeof body['seq'] === 'number' ? [body['seq']] : []));
    await this.socket.until(() => version <= this.version || seqs().includes(version), `version ${version}`);
    expect(seqs()).toEqual(Array.from({ length: seqs().length }, (_, i) => this.version + 1 + i));
    for (const entry of this.socket.events('op-patch')) {
      expectEvent(SERVER_EVENTS.opPatch, entry);
      this.document.apply(entry['patches'] as Operation[]);
    }
    return this.document.root;
  }
}

describe('who may', () => {
  type Actor = 'owner' | 'editor' | 'viewer' | 'stranger';
  type Attempt = (actor: Person, path: string, cast: Record<Actor, Person>) => Promise<Answer>;
  const SINCE = '2020-01-01T00:00:00.000Z';
  const ACTIONS: Record<string, { allowed: Actor[]; attempt: Attempt }> = {
    'read the history': { allowed: ['owner', 'editor', 'viewer'], attempt: (actor, path) => actor.call('GET', `${path}/history`) },
    'read a version': { allowed: ['owner', 'editor', 'viewer'], attempt: (actor, path) => actor.call('GET', `${path}/versions/0`) },
    'compare versions': { allowed: ['owner', 'editor', 'viewer'], attempt: (actor, path) => actor.call('GET', `${path}/diff?from=0`) },
    'restore a version': { allowed: ['owner', 'editor'], attempt: (actor, path) => actor.call('POST', `${path}/restore`, { body: { version: 0 } }) },
    'undo their own edits': { allowed: ['owner', 'editor'], attempt: (actor, path) => actor.call('POST', `${path}/undo`, { body: {} }) },
    'revert their own edits': { allowed: ['owner', 'editor'], attempt: (actor, path) => actor.call('POST', `${path}/revert`, { body: { userId: actor.id, since: SINCE } }) },
    'revert the edits of others': { allowed: ['owner'], attempt: (actor, path, { editor, owner }) => actor.call('POST', `${path}/revert`, { body: { userId: actor === editor ? owner.id : editor.id, since: SINCE } }) },
  };
  let cast: Record<Actor, Person>;
  beforeAll(async () => {
    const [owner, editor, viewer, stranger] = await crowd.group('owner', 'editor', 'viewer', 'stranger');
    cast = { owner, editor, viewer, stranger };
  });

  it.each(Object.entries(ACTIONS))('%s', async (_name, { allowed, attempt }) => {
    const page = await makePage(cast.owner);
    const path = `/pages/${page.pageId}`;
    await letIn(cast.owner, page, [[cast.editor, 'editor'], [cast.viewer, 'viewer']]);
    const nobody = new Api(product.url) as Person;
    expect(await attempt(Object.assign(nobody, { user: cast.owner.user }), path, cast)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    for (const role of ['owner', 'editor', 'viewer', 'stranger'] as const) {
      const answer = await attempt(cast[role], path, cast);
      const label = `${role}: ${answer.status} ${JSON.stringify(answer.body)}`;
      if (allowed.includes(role)) expect(answer.status, label).toBe(200);
      else if (role === 'stranger') expect(answer, label).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
      else expect(answer, label).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    }
    await cast.owner.delete(path);
    for (const role of ['owner', 'editor', 'viewer', 'stranger'] as const) expect(await attempt(cast[role], path, cast), `${role}, of a deleted page`).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
  });
});

describe('the history of a page', () => {
  it('says who did what and when, the newest first', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    expect(await historyOf(ada, page)).toEqual([]);
    await edit(ada, page, say(2, 'hello'));
    await ada.put(`/pages/${page.pageId}/title`, { title: 'Autumn' });
    await letIn(ada, page, [[ben, 'editor']]);
    await edit(ben, page, say(3, 'world'));
    await undo(ben, page);
    await letIn(ada, page, [[ben, 'viewer']]);
    await ben.delete(`/pages/${page.pageId}/members/${ben.id}`);
    const changes = await historyOf(ada, page);
    expect(changes).toEqual([
      { version: 7, type: 'member-left', actorId: ben.id, userId: ben.id, reason: 'left' },
      { version: 6, type: 'member-updated', actorId: ada.id, userId: ben.id, role: 'viewer' },
      { version: 5, type: 'op-patch', actorId: ben.id, patches: [say(3, '')], undoes: 4 },
      { version: 4, type: 'op-patch', actorId: ben.id, patches: [say(3, 'world')] },
      { version: 3, type: 'member-joined', actorId: ada.id, userId: ben.id, role: 'editor' },
      { version: 2, type: 'page-updated', actorId: ada.id, title: 'Autumn' },
      { version: 1, type: 'op-patch', actorId: ada.id, patches: [say(2, 'hello')] },
    ].map((change) => ({ ...change, at: expect.any(String) as string })));
    expectShape(PageHistory, { items: changes, nextCursor: null });
    const times = changes.map(({ at }) => at);
    expect([...times].sort().reverse()).toEqual(times);
  });

  it('comes in pages, and each entry once, whatever is added meanwhile', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    for (let i = 1; i <= 7; i++) await edit(ada, page, say(2, `${i}`));
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { items, nextCursor }: Page<PageChange> = await ada.get(`/pages/${page.pageId}/history?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...items.map(({ version }) => version));
      cursor = nextCursor;
      await edit(ada, page, say(3, cursor ?? ''));
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
    for (const cursor of ['x', 'WzFd', 'WyIwIl0', 'WyIxIiwiMiJd']) expect(await ada.refusal('GET', `/pages/${page.pageId}/history?cursor=${cursor}`)).toBe('INVALID_INPUT');
    expect(await ada.refusal('GET', `/pages/${page.pageId}/history?limit=201`)).toBe('INVALID_INPUT');
  });

  it('comes in smaller pages where the changes are large', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    // Random, so that PostgreSQL cannot make it small.
    const large = (i: number) => Array.from({ length: 12_000 }, (_, n) => Math.sin(i + n).toString(36).slice(3)).join('');
    for (let i = 0; i < 12; i++) await edit(ada, page, say(2, large(i)));
    const first = await ada.get<Page<PageChange>>(`/pages/${page.pageId}/history?limit=200`);
    expect(first.items.length).toBeGreaterThan(1);
    expect(first.items.length).toBeLessThan(12);
    const rest = await ada.get<Page<PageChange>>(`/pages/${page.pageId}/history?limit=200&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ version }) => version)).toEqual(Array.from({ length: first.items.length + rest.items.length }, (_, i) => 12 - i));
  });
});

describe('the versions of a page', () => {
  it('are all there, from the first to the present, and no others', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    const seen = [textsOf(page)];
    for (let i = 1; i <= 5; i++) {
      await edit(ada, page, say(2 + (i % 2), `${i}`));
      seen.push(textsOf(await read(ada, page)));
    }
    for (const [version, texts] of seen.entries()) {
      const answer = await ada.get<PageVersion>(`/pages/${page.pageId}/versions/${version}`);
      expectShape(PageVersion, answer);
      expect(answer).toMatchObject({ pageId: page.pageId, version });
      expect(textsOf(answer), `version ${version}`).toEqual(texts);
    }
    expect(await ada.call('GET', `/pages/${page.pageId}/versions/6`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND', detail: 'There is no version 6' } });
    expect(await ada.refusal('GET', `/pages/${page.pageId}/versions/999999999999999`)).toBe('NOT_FOUND');
    for (const version of ['-1', '1.5', 'x', '1e3', '0x1', '%20', '9999999999999999']) {
      expect(await ada.call('GET', `/pages/${page.pageId}/versions/${version}`), version).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'version' }] } });
    }
  });

  it('differ by a patch, in both directions', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    await edit(ada, page, say(2, 'hello'), ...addText(4, 0));
    await ada.put(`/pages/${page.pageId}/title`, { title: 'Autumn' });
    await edit(ada, page, ...removeText(3, 2));
    const at = async (version: number) => (await ada.get<PageVersion>(`/pages/${page.pageId}/versions/${version}`)).schema as Json;
    for (const [from, to] of [[0, 3], [3, 0], [1, 2], [2, 2], [1, 3]] as const) {
      const difference = await ada.get<PageDiff>(`/pages/${page.pageId}/diff?from=${from}&to=${to}`);
      expectShape(PageDiff, difference);
      const document = new JsonDocument(await at(from));
      document.apply(difference.patches as Operation[]);
      expect(document.root, `${from} → ${to}`).toEqual(await at(to));
      if (from === 1 && to === 2) expect(difference.patches).toEqual([]);
    }
    expect(await ada.get(`/pages/${page.pageId}/diff?from=1`)).toMatchObject({ from: 1, to: 3 });
    expect(await ada.get(`/pages/${page.pageId}/diff?to=1`)).toMatchObject({ from: 0, to: 1 });
    expect(await ada.get(`/pages/${page.pageId}/diff`)).toMatchObject({ from: 2, to: 3 });
    expect(await ada.refusal('GET', `/pages/${page.pageId}/diff?from=0&to=4`)).toBe('NOT_FOUND');
    for (const [asked, path] of [['?from=x', 'from'], ['?from=0&to=-1', 'to'], ['?from=0&to=1&with=2', 'with']]) {
      expect(await ada.call('GET', `/pages/${page.pageId}/diff${asked}`), asked).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
    }
  });

  it('are there however large the page may be', async () => {
    const larger = await startProduct({ PAGE_MAX_BYTES: '6000000' });
    try {
      const ada = await new Crowd(larger.url).person('ada');
      const page = await ada.post<PageDocument>('/pages', { schema: { ...SCHEMA, components: { ...SCHEMA.components, 2: text(2, 'x'.repeat(5_500_000)) } } });
      await edit(ada, page, say(3, 'hello'));
      expect(textsOf(await ada.get<PageVersion>(`/pages/${page.pageId}/versions/1`))['3']).toBe('hello');
    } finally {
      await larger.stop();
    }
  });

  it('are told from a state that is kept once in a thousand', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    const socket = await ada.connect();
    const checkpoints = async () => (await query<{ version: string }>(product.databaseUrl, 'SELECT version FROM page_checkpoints WHERE channel_id = $1 ORDER BY version', [page.id])).map(({ version }) => Number(version));
    const editTo = async (first: number, last: number) => {
      for (let i = first; i <= last; i++) void socket.emit('op-patch', { pageId: page.pageId, version: 0, patches: [say(2, `${i}`)], opId: `${i}` });
      await eventually(`version ${last}`, async () => (await read(ada, page)).version === last);
    };
    await editTo(1, 600);
    await eventually('version 0 is kept', async () => (await checkpoints()).length === 1);
    await editTo(601, 1_060);
    await eventually('a later one is kept', async () => (await checkpoints()).length === 2);
    const [first, second] = (await checkpoints()) as [number, number];
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    for (const version of [0, 1, second - 1, second, second + 1, 1_000, 1_060]) {
      expect(textsOf(await ada.get<PageVersion>(`/pages/${page.pageId}/versions/${version}`))['2'], `version ${version}`).toBe(version === 0 ? '' : `${version}`);
    }
  });

  it('outlive snapshots, checkpoints and restarts', async () => {
    const database = await createDatabase();
    const server = await Server.start({ DATABASE_URL: database.url });
    try {
      const ada = await new Crowd(server.url).person('ada');
      const page = await makePage(ada);
      const rows = (table: string) => query<{ version: string }>(database.url, `SELECT version FROM ${table} WHERE channel_id = $1 ORDER BY version`, [page.id]);
      for (let i = 1; i <= 60; i++) await edit(ada, page, say(2, `${i}`));
      await eventually('a snapshot is stored', async () => Number((await rows('pages'))[0]!.version) >= 50);
      // What the snapshot has replaced is kept: what is older than it can be told.
      expect((await rows('page_checkpoints')).map(({ version }) => Number(version))).toEqual([0]);
      const past = async () => {
        const texts: unknown[] = [];
        for (const version of [0, 1, 49, 50, 51, 60]) texts.push(textsOf(await ada.get<PageVersion>(`/pages/${page.pageId}/versions/${version}`))['2']);
        return texts;
      };
      expect(await past()).toEqual(['', '1', '49', '50', '51', '60']);
      await server.end('SIGTERM');
      expect(Number((await rows('pages'))[0]!.version)).toBe(60);
      await server.launch();
      expect(await past()).toEqual(['', '1', '49', '50', '51', '60']);
      expect((await historyOf(ada, page)).map(({ version }) => version)).toEqual(Array.from({ length: 60 }, (_, i) => 60 - i));
      // Nothing of the past is in memory: what is undone comes from the journal, step by step.
      expect(await undo(ada, page, 3)).toEqual({ version: 63, undone: [60, 59, 58], skipped: [] });
      await server.end('SIGKILL');
      await server.launch();
      expect(await undo(ada, page, 2)).toEqual({ version: 65, undone: [57, 56], skipped: [] });
      expect(textsOf(await read(ada, page))['2']).toBe('55');
      expect(await ada.post<PatchResult>(`/pages/${page.pageId}/restore`, { version: 7 })).toEqual({ version: 66, outcome: 'applied' });
      expect(textsOf(await read(ada, page))['2']).toBe('7');
    } finally {
      await server.remove();
      await database.drop();
    }
  });
});

describe('a restored version', () => {
  it('is a new one, which people who have the page open get as a patch', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    await letIn(ada, page, [[ben, 'editor']]);
    const version = await edit(ada, page, say(2, 'good'), ...addText(4, 0));
    await edit(ben, page, say(2, 'bad'), ...removeText(4, 0));
    const screens = [await Screen.open(ada, page.pageId), await Screen.open(ben, page.pageId)];
    const restored = await ben.call<PatchResult>('POST', `/pages/${page.pageId}/restore`, { body: { version } });
    expect(restored).toMatchObject({ status: 200, body: { version: version + 2, outcome: 'applied' } });
    expectShape(PatchResult, restored.body);
    const after = await read(ada, page);
    expect([textsOf(after)['2'], childrenOf(after)]).toEqual(['good', [4, 2, 3]]);
    for (const screen of screens) expect(await screen.at(restored.body.version)).toEqual(after.schema);
    // It is an operation like any other.
    await undo(ben, page);
    expect(textsOf(await read(ada, page))['2']).toBe('bad');
    expect(await ada.refusal('POST', `/pages/${page.pageId}/restore`, { version: 99 })).toBe('NOT_FOUND');
    for (const body of [{ version: -1 }, { version: '1' }, { version: 1, now: true }]) expect(await ada.refusal('POST', `/pages/${page.pageId}/restore`, body)).toBe('INVALID_INPUT');
  });

  it('changes nothing where the page is the same already', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    const version = await edit(ada, page, say(2, 'hello'));
    expect(await ada.post(`/pages/${page.pageId}/restore`, { version })).toEqual({ version, outcome: 'applied' });
  });

  it('without its number is the page itself, which was deleted', async () => {
    const [ada, ben, cleo] = await crowd.group('ada', 'ben', 'cleo');
    const page = await makePage(ada);
    await letIn(ada, page, [[ben, 'editor'], [cleo, 'viewer']]);
    await edit(ben, page, say(2, 'hello'));
    for (const body of [undefined, {}]) {
      for (const person of [ada, ben]) expect(await person.call('POST', `/pages/${page.pageId}/restore`, { body })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'version' }] } });
      expect(await cleo.refusal('POST', `/pages/${page.pageId}/restore`, body)).toBe('PERMISSION_DENIED');
    }
    await ada.delete(`/pages/${page.pageId}`);
    for (const person of [ben, cleo]) expect(await person.refusal('POST', `/pages/${page.pageId}/restore`)).toBe('PAGE_NOT_FOUND');
    expect(await ada.refusal('POST', `/pages/${page.pageId}/restore`, { version: 0 })).toBe('PAGE_NOT_FOUND');
    const answer = await ada.post<PatchResult>(`/pages/${page.pageId}/restore`);
    const after = await read(ben, page);
    expect(answer).toEqual({ version: after.version, outcome: 'applied' });
    expect(textsOf(after)['2']).toBe('hello');
    expect((await historyOf(cleo, page)).slice(0, 2)).toMatchObject([{ type: 'page-updated' }, { type: 'page-updated', deleted: true }]);
  });
});

describe('undo', () => {
  it('takes back one’s own last operations, one after the other, while others go on', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    await letIn(ada, page, [[ben, 'editor']]);
    const screens = [await Screen.open(ada, page.pageId), await Screen.open(ben, page.pageId)];
    const first = await edit(ada, page, say(2, 'one'));
    await edit(ben, page, say(3, 'of Ben'));
    const second = await edit(ada, page, say(2, 'two'));
    const third = await edit(ada, page, ...addText(4, 1));
    await edit(ben, page, ...addText(5, 0));
    const undone = await undo(ada, page);
    expectShape(Undone, undone);
    expect(undone).toEqual({ version: third + 2, undone: [third], skipped: [] });
    expect(childrenOf(await read(ben, page))).toEqual([5, 2, 3]);
    expect(await undo(ada, page)).toMatchObject({ undone: [second] });
    expect(textsOf(await read(ben, page))).toEqual({ 2: 'one', 3: 'of Ben', 5: '' });
    // A new operation comes first; what was taken back stays so.
    const fourth = await edit(ada, page, say(2, 'three'));
    const rest = await undo(ada, page, 100);
    expect(rest).toMatchObject({ undone: [fourth, first], skipped: [] });
    expect(await undo(ada, page)).toEqual({ version: rest.version, undone: [], skipped: [] });
    const after = await read(ben, page);
    expect(textsOf(after)).toEqual({ 2: '', 3: 'of Ben', 5: '' });
    for (const screen of screens) expect(await screen.at(rest.version)).toEqual(after.schema);
    expect((await historyOf(ada, page)).flatMap(({ undoes }) => undoes ?? [])).toEqual([first, fourth, second, third]);
  });

  it('passes over what is gone, or what somebody has written over or into since', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    await letIn(ada, page, [[ben, 'editor']]);
    const left = await edit(ada, page, { op: 'add', path: '/components/1/props/width', value: 9 });
    const [used, overwritten, gone] = [await edit(ada, page, ...addText(4)), await edit(ada, page, say(2, 'ada')), await edit(ada, page, say(3, 'ada'))];
    await edit(ben, page, say(2, 'ben'));
    await edit(ben, page, ...removeText(3, 1));
    const version = await edit(ben, page, say(4, 'of Ben'));
    expect(await undo(ada, page)).toEqual({ version: version + 1, undone: [left], skipped: [gone, overwritten, used] });
    const after = await read(ada, page);
    expect([textsOf(after), childrenOf(after)]).toEqual([{ 2: 'ben', 4: 'of Ben' }, [2, 4]]);
    expect(await undo(ada, page)).toEqual({ version: version + 1, undone: [], skipped: [gone, overwritten, used] });
  });

  it('asked for twice at the same time takes back two', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    for (const content of ['one', 'two', 'three']) await edit(ada, page, say(2, content));
    const answers = await Promise.all([undo(ada, page), undo(ada, page)]);
    expect(answers.flatMap(({ undone }) => undone).sort()).toEqual([2, 3]);
    expect(textsOf(await read(ada, page))['2']).toBe('one');
  });

  it('sent again under the same key is done once', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    await edit(ada, page, say(2, 'one'));
    await edit(ada, page, say(2, 'two'));
    const again = () => ada.call<Undone>('POST', `/pages/${page.pageId}/undo`, { headers: { 'idempotency-key': 'once' } });
    const [first, second] = [await again(), await again()];
    expect(second).toMatchObject({ status: 200, body: { ...first.body, duplicate: true } });
    expect(textsOf(await read(ada, page))['2']).toBe('one');
  });

  it('says what is wrong', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada);
    for (const [body, path] of [[{ count: 0 }, 'count'], [{ count: 101 }, 'count'], [{ count: 1.5 }, 'count'], [{ count: 1, all: true }, 'all']] as const) {
      expect(await ada.call('POST', `/pages/${page.pageId}/undo`, { body })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
    }
  });
});

describe('revert', () => {
  const timesOf = async (person: Person, page: PageDocument) => new Map((await historyOf(person, page)).map(({ version, at }) => [version, at]));

  it('takes back all that somebody has done in a time, and leaves what others have done', async () => {
    const [ada, mallory, ben] = await crowd.group('ada', 'mallory', 'ben');
    const page = await makePage(ada);
    await letIn(ada, page, [[mallory, 'editor'], [ben, 'editor']]);
    const before = await edit(mallory, page, say(2, 'useful'));
    await eventually('the clock has moved', async () => (await query<{ later: boolean }>(product.databaseUrl, 'SELECT clock_timestamp() > max(at) + interval \'2 ms\' AS later FROM journal WHERE channel_id = $1', [page.id]))[0]!.later);
    const first = await edit(mallory, page, ...removeText(3, 1));
    await edit(ben, page, ...addText(5, 0));
    const second = await edit(mallory, page, say(2, 'spam'), { op: 'add', path: '/components/1/props/theme', value: 'ugly' });
    const third = await edit(mallory, page, say(2, 'more spam'));
    await edit(ben, page, say(5, 'of Ben'));
    const screens = [await Screen.open(ben, page.pageId), await Screen.open(mallory, page.pageId)];
    const times = await timesOf(ada, page);
    const body = { userId: mallory.id, since: times.get(first)! };
    const reverted = await ada.post<Undone>(`/pages/${page.pageId}/revert`, body);
    expectShape(Undone, reverted);
    expect(reverted).toMatchObject({ undone: [third, second, first], skipped: [] });
    const after = await read(ben, page);
    expect(textsOf(after)).toEqual({ 2: 'useful', 3: '', 5: 'of Ben' });
    expect(childrenOf(after)).toEqual([5, 2, 3]);
    for (const screen of screens) expect(await screen.at(reverted.version)).toEqual(after.schema);
    expect(await ada.post(`/pages/${page.pageId}/revert`, body)).toEqual({ version: reverted.version, undone: [], skipped: [] });
    expect(await ada.post<Undone>(`/pages/${page.pageId}/revert`, { ...body, since: times.get(before)!, until: times.get(before)! })).toMatchObject({ undone: [before] });
    expect(textsOf(await read(ben, page))['2']).toBe('');
  });

  it('takes back one’s own edits, too, and once they are, there is nothing to undo', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    await letIn(ada, page, [[ben, 'editor']]);
    await edit(ben, page, say(2, 'one'));
    await edit(ben, page, say(2, 'two'));
    const again = () => ben.call<Undone>('POST', `/pages/${page.pageId}/revert`, { body: { userId: ben.id, since: page.createdAt }, headers: { 'idempotency-key': 'revert-1' } });
    const first = await again();
    expect(first.body).toEqual({ version: 5, undone: [3, 2], skipped: [] });
    expect(await again()).toMatchObject({ status: 200, body: { ...first.body, duplicate: true } });
    expect(await undo(ben, page)).toEqual({ version: 5, undone: [], skipped: [] });
    expect(textsOf(await read(ada, page))['2']).toBe('');
  });

  it('says what is wrong, and refuses more than can be done at once', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const page = await makePage(ada);
    const attempt = (body: object) => ada.call('POST', `/pages/${page.pageId}/revert`, { body });
    const now = new Date().toISOString();
    for (const [body, path] of [
      [{ since: now }, 'userId'],
      [{ userId: 'x', since: now }, 'userId'],
      [{ userId: ben.id }, 'since'],
      [{ userId: ben.id, since: 'yesterday' }, 'since'],
      [{ userId: ben.id, since: now, until: '2020-01-01T00:00:00.000Z' }, 'since'],
    ] as const) expect(await attempt(body), JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
    for (const since of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) expect(await attempt({ userId: ben.id, since }), since).toMatchObject({ status: 200, body: { undone: [], skipped: [] } });
    // As many edits, without the making of them.
    const insert = (first: number, count: number) =>
      query(
        product.databaseUrl,
        `WITH moved AS (UPDATE channels SET last_seq = last_seq + $3 WHERE id = $1)
         INSERT INTO journal (channel_id, seq, type, actor_id, payload, bytes, at)
         SELECT $1, i, 'op-patch', $2, jsonb_build_object('pageId', $4::text, 'version', i, 'patches', jsonb_build_array(jsonb_build_object('op', 'add', 'path', '/components/1/props/n' || i, 'value', i))),
           convert_to('[{"op":"remove","path":"/components/1/props/n' || i || '"}]', 'UTF8'), now()
         FROM generate_series($5::int, $5::int + $3::int - 1) i`,
        [page.id, ben.id, count, page.pageId, first],
      );
    await insert(1, 1_000);
    await insert(1_001, 1);
    const body = { userId: ben.id, since: page.createdAt };
    expect(await attempt(body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'since', message: expect.stringContaining('1000') as string }] } });
    await query(product.databaseUrl, `UPDATE journal SET at = now() - interval '1 day' WHERE channel_id = $1 AND seq = 1`, [page.id]);
    const { undone, skipped } = await ada.post<Undone>(`/pages/${page.pageId}/revert`, body);
    expect([undone.length, skipped]).toEqual([1_000, []]);
    expect((await read(ada, page)).schema.components['1']!.props).toEqual({ n1: 1 });
  });
});
