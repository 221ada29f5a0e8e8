import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EntryView, ResumedChannel } from '../../src/protocol/entries.js';
import { SERVER_EVENTS } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { type PageDocument, PageDocument as PageBody, PageSync, type PageSummary, type PatchResult } from '../../src/protocol/pages.js';
import { type Answer, Crowd, expectEvent, expectShape, type Person, type TestSocket } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { query } from '../support/journal-node.js';
import { letIn, snapshotOf } from '../support/pages.js';
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

interface Joined {
  pageId: string;
  id: string;
  version: number;
  role: string;
  users: { userId: string }[];
  schema?: PageDocument['schema'];
  entries?: EntryView[];
}

const SCHEMA = {
  rootId: 1,
  components: {
    '1': { id: 1, name: 'Page', children: [2, 3] },
    '2': { id: 2, name: 'Title', props: { text: 'hello' }, children: [] },
    '3': { id: 3, name: 'Box', props: {}, children: [] },
  },
};

const makePage = (owner: Person, body: object = { schema: SCHEMA }) => owner.post<PageDocument>('/pages', body);
const join = (socket: TestSocket, pageId: string, more: object = {}) => socket.ask<Joined>('page-join', { pageId, ...more });
const text = (value: string) => [{ op: 'replace', path: '/components/2/props/text', value }];

let operations = 0;
const opPatch = (pageId: string, version: number, patches: unknown, more: object = {}) => ({ pageId, version, patches, opId: `op-${++operations}`, ...more });
const send = (socket: TestSocket, ...args: Parameters<typeof opPatch>) => socket.ask<PatchResult>('op-patch', opPatch(...args));
const refusal = async (socket: TestSocket, ...args: Parameters<typeof opPatch>) => (await socket.emit('op-patch', opPatch(...args))).error!;

const patchByRest = (person: Person, pageId: string, patches: unknown, headers: Record<string, string> = {}): Promise<Answer<PatchResult & { code?: string }>> =>
  person.call('PATCH', `/pages/${pageId}`, { body: patches, headers: { 'content-type': 'application/json-patch+json', ...headers } });
const read = (person: Person, pageId: string, headers: Record<string, string> = {}) => person.call<PageDocument>('GET', `/pages/${pageId}`, { headers });

/** A page of Ada's that Ben may edit and Eve only see, all three on it. */
async function together() {
  const [ada, ben, eve] = await crowd.group('ada', 'ben', 'eve');
  const page = await makePage(ada);
  await letIn(ada, page, [
    [ben, 'editor'],
    [eve, 'viewer'],
  ]);
  const [a, b, e] = await Promise.all([ada, ben, eve].map((person) => person.connect()));
  const joined = await join(a!, page.pageId);
  for (const socket of [b!, e!]) await join(socket, page.pageId);
  return { ada, ben, eve, a: a!, b: b!, e: e!, pageId: page.pageId, id: page.id, version: joined.version };
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${product.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1]);
}

describe('a page', () => {
  it('is made with a default, or with what one says', async () => {
    const ada = await crowd.person('ada');
    const made = await ada.call<PageDocument>('POST', '/pages');
    expect(made.status).toBe(201);
    expectShape(PageBody, made.body);
    expect(made.body).toMatchObject({ title: 'Untitled', version: 0, role: 'owner', creatorId: ada.id, schema: { rootId: 1, components: { '1': { id: 1, name: 'Page' } } } });
    expect([made.headers.get('etag'), made.headers.get('x-source')]).toEqual(['"0"', 'cold']);
    const own = await makePage(ada, { pageId: `landing-${ada.id}`, title: 'Landing 着陆页', schema: SCHEMA });
    expect(own).toMatchObject({ pageId: `landing-${ada.id}`, title: 'Landing 着陆页', schema: SCHEMA });
    expect((await ada.call('POST', '/pages', { body: { pageId: `landing-${ada.id}` } })).body).toMatchObject({ code: 'ALREADY_EXISTS', errors: [{ path: 'pageId' }] });
  });

  it.each<[string, object, string]>([
    ['a slug with a space', { pageId: 'no good' }, 'INVALID_INPUT'],
    ['an empty title', { title: ' ' }, 'INVALID_INPUT'],
    ['an unknown field', { colour: 'red' }, 'INVALID_INPUT'],
    ['a schema without a root', { schema: { components: {} } }, 'INVALID_INPUT'],
    ['a root that is not there', { schema: { rootId: 1, components: {} } }, 'INVARIANT_VIOLATED'],
    ['a child that is not there', { schema: { rootId: 1, components: { 1: { id: 1, children: [2] } } } }, 'INVARIANT_VIOLATED'],
    ['a child of two', { schema: { rootId: 1, components: { 1: { children: [2, 3] }, 2: { children: [3] }, 3: {} } } }, 'INVARIANT_VIOLATED'],
    ['a circle', { schema: { rootId: 1, components: { 1: {}, 2: { children: [3] }, 3: { children: [2] } } } }, 'INVARIANT_VIOLATED'],
    ['half a character', { schema: { rootId: 1, components: { 1: { props: { text: '\ud800' } } } } }, 'INVALID_INPUT'],
    ['a NUL', { schema: { rootId: 1, components: { 1: { props: { text: '\u0000' } } } } }, 'INVALID_INPUT'],
  ])('is not made with %s', async (_name, body, code) => {
    const ada = await crowd.person('ada');
    expect((await ada.call('POST', '/pages', { body })).body).toMatchObject({ code });
    expect((await ada.get<{ items: unknown[] }>('/pages')).items).toEqual([]);
  });

  it('is listed for who may see it, the most recently changed first, page by page', async () => {
    const [ada, ben] = await crowd.group('ada', 'ben');
    const pages = [];
    for (let i = 0; i < 5; i++) pages.push(await makePage(ada, { title: `Page ${i}` }));
    await patchByRest(ada, pages[1]!.pageId, [{ op: 'add', path: '/note', value: 'changed' }]);
    await letIn(ada, pages[3]!, [[ben, 'viewer']]);
    await makePage(ben, { title: 'Of Ben' });
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: PageSummary[]; nextCursor: string | null } = await ada.get(`/pages?limit=2${cursor && `&cursor=${cursor}`}`);
      listed.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    expect(listed).toEqual(['Page 3', 'Page 1', 'Page 4', 'Page 2', 'Page 0']);
    const titles = async (query: string) => (await ben.get<{ items: PageSummary[] }>(`/pages${query}`)).items.map(({ title }) => title);
    expect(await titles('')).toEqual(['Of Ben', 'Page 3']);
    expect(await titles('?creator=me')).toEqual(['Of Ben']);
    expect(await titles(`?creator=${ada.id}`)).toEqual(['Page 3']);
    expect(await titles('?q=PAGE')).toEqual(['Page 3']);
    expect(await titles('?q=%25')).toEqual([]);
  });

  it('is read with its version as the ETag, and not again when it is known', async () => {
    const ada = await crowd.person('ada');
    const { pageId } = await makePage(ada);
    await patchByRest(ada, pageId, text('one'));
    const answer = await read(ada, pageId);
    expect([answer.status, answer.headers.get('etag'), answer.body.version]).toEqual([200, '"1"', 1]);
    for (const known of ['"1"', 'W/"1"', '"0", "1"', '*']) expect((await read(ada, pageId, { 'if-none-match': known })).status, known).toBe(304);
    for (const other of ['"0"', '"10"', 'nonsense']) expect((await read(ada, pageId, { 'if-none-match': other })).status, other).toBe(200);
  });

  it('is opened by who joins or writes, never by who reads', async () => {
    const ada = await crowd.person('ada');
    const { pageId } = await makePage(ada);
    const before = await metric('documents_open');
    expect((await read(ada, pageId)).headers.get('x-source')).toBe('cold');
    expect(await metric('documents_open')).toBe(before);
    await join(await ada.connect(), pageId);
    expect(await metric('documents_open')).toBe(before + 1);
    expect((await read(ada, pageId)).headers.get('x-source')).toBe('hot');
  });

  it('that is not there cannot be joined into being', async () => {
    const ada = await crowd.person('ada');
    const socket = await ada.connect();
    for (let i = 0; i < 2; i++) expect(await socket.refusal('page-join', { pageId: 'ghost' })).toBe('PAGE_NOT_FOUND');
    expect((await read(ada, 'ghost')).status).toBe(404);
  });

  it('is replaced by PUT: whoever has it open gets what differs', async () => {
    const { ada, b, pageId, version } = await together();
    const schema = structuredClone(SCHEMA);
    schema.components['3'].name = 'Frame';
    const put = (ifMatch: string) => ada.call<PatchResult>('PUT', `/pages/${pageId}`, { body: { schema }, headers: { 'if-match': ifMatch } });
    expect((await put(`"${version}"`)).body).toEqual({ version: version + 1, outcome: 'applied' });
    const entry = await b.event<EntryView>('op-patch');
    expect(entry.patches).toEqual([{ op: 'replace', path: '/components/3/name', value: 'Frame' }]);
    schema.components['3'].name = 'Panel';
    expect(await put(`"${version}"`)).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED', version: version + 1 } });
    expect((await put('*')).status).toBe(200);
  });

  it('that was read can be put back, whatever was patched into it', async () => {
    const { ada, a, pageId, version } = await together();
    const values: unknown[] = [null, 1.5, [], { deep: [{}] }, 'x'.repeat(300), '‮'];
    const patches = values.flatMap((value, i) => [{ op: 'add', path: `/components/x${i}`, value: { style: value, props: { value } } }, { op: 'add', path: `/note${i}`, value }]);
    await send(a, pageId, version, [...patches, { op: 'add', path: '/components/3/children/-', value: 'x0' }]);
    const { body } = await read(ada, pageId);
    expect((await ada.call('PUT', `/pages/${pageId}`, { body: { schema: body.schema }, headers: { 'if-match': `"${body.version}"` } })).body).toEqual({ version: body.version, outcome: 'applied' });
  });

  it('is renamed, deleted and brought back, before the eyes of who has it open', async () => {
    const { ada, ben, b, pageId } = await together();
    await ada.put(`/pages/${pageId}/title`, { title: 'Another' });
    expectEvent(SERVER_EVENTS.pageUpdated, await b.event('page-updated'));
    expect((await ben.call('DELETE', `/pages/${pageId}`)).body).toMatchObject({ code: 'PERMISSION_DENIED' });
    await ada.delete(`/pages/${pageId}`);
    await b.event('page-updated', ({ deleted }: { deleted?: boolean }) => deleted === true);
    expect(await refusal(b, pageId, 0, text('late'))).toMatchObject({ code: 'PAGE_NOT_FOUND' });
    for (const person of [ada, ben]) expect((await read(person, pageId)).status).toBe(404);
    expect((await ada.get<{ items: PageSummary[] }>('/pages?deleted=true')).items.map(({ title }) => title)).toEqual(['Another']);
    expect((await ada.call('POST', '/pages', { body: { pageId } })).body).toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('is copied with what is on it, and without its past', async () => {
    const { ada, eve, a, pageId, version } = await together();
    await send(a, pageId, version, text('changed'));
    const copy = await eve.post<PageSummary>(`/pages/${pageId}/duplicate`, { title: 'Mine' });
    expect(copy).toMatchObject({ title: 'Mine', version: 0, role: 'owner', creatorId: eve.id });
    expect((await read(eve, copy.pageId)).body.schema).toMatchObject({ components: { 2: { props: { text: 'changed' } } } });
    expect((await read(ada, copy.pageId)).status).toBe(404);
  });
});

describe('a patch', () => {
  it('is on disk when it is acknowledged, and told to everyone', async () => {
    const { ada, a, b, e, pageId, id, version } = await together();
    expect(await send(a, pageId, version, text('hi'))).toEqual({ version: version + 1, outcome: 'applied' });
    const stored = await query<{ seq: number; payload: object; bytes: Buffer }>(product.databaseUrl, `SELECT seq::int, payload, bytes FROM journal WHERE channel_id = '${id}' ORDER BY seq DESC LIMIT 1`);
    expect(stored[0]).toMatchObject({ seq: version + 1, payload: { patches: text('hi') } });
    expect(JSON.parse(stored[0]!.bytes.toString())).toEqual(text('hello'));
    for (const socket of [a, b, e]) {
      const entry = await socket.event<EntryView>('op-patch');
      expectEvent(SERVER_EVENTS.opPatch, entry);
      expect(entry).toMatchObject({ pageId, version: version + 1, seq: version + 1, actorId: ada.id, patches: text('hi') });
    }
  });

  it('by REST goes the same way', async () => {
    const { ada, ben, b, pageId, version } = await together();
    const answer = await patchByRest(ada, pageId, text('rest'), { 'if-match': `"${version}"` });
    expect([answer.status, answer.headers.get('etag'), answer.body]).toEqual([200, `"${version + 1}"`, { version: version + 1, outcome: 'applied' }]);
    expect(await b.event<EntryView>('op-patch')).toMatchObject({ patches: text('rest') });
    expect((await patchByRest(ben, pageId, text('later'), { 'if-match': `"${version}"` })).body).toMatchObject({ outcome: 'rebased', patches: text('later') });
    expect(await patchByRest(ben, pageId, text('strict'), { 'if-match': `"${version}"`, prefer: 'strict' })).toMatchObject({
      status: 409,
      body: { code: 'VERSION_CONFLICT', version: version + 2, current: { '/components/2/props/text': 'later' } },
    });
    expect((await patchByRest(ben, pageId, text('as it is'))).body.outcome).toBe('applied');
    expect((await patchByRest(ben, pageId, text('x'), { 'if-match': 'five' })).body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'If-Match' }] });
  });

  it('on an old version is rebased, or refused to who asked for that', async () => {
    const { a, b, pageId, version } = await together();
    await send(a, pageId, version, [{ op: 'add', path: '/components/4', value: { id: 4 } }, { op: 'add', path: '/components/1/children/0', value: 4 }]);
    expect(await send(b, pageId, version, [{ op: 'move', from: '/components/1/children/1', path: '/components/1/children/0' }])).toEqual({
      version: version + 2,
      outcome: 'rebased',
      patches: [{ op: 'move', from: '/components/1/children/2', path: '/components/1/children/0' }],
    });
    expect(await refusal(b, pageId, version, text('x'), { mode: 'strict' })).toMatchObject({ code: 'VERSION_CONFLICT', version: version + 2, current: { '/components/2/props/text': 'hello' } });
    expect(await refusal(b, pageId, version + 9, text('x'))).toMatchObject({ code: 'VERSION_CONFLICT', version: version + 2 });
  });

  it('that is empty changes nothing, and is refused only for its version', async () => {
    const { ada, a, b, e, pageId, id, version } = await together();
    await send(a, pageId, version, text('one'));
    for (const [base, mode] of [[version + 1, 'strict'], [version + 1, 'rebase'], [version, 'rebase'], [0, 'rebase']] as const) {
      const sent = opPatch(pageId, base, [], { mode });
      for (let n = 0; n < 2; n++) expect(await a.ask('op-patch', sent)).toEqual({ version: version + 1, outcome: 'applied' });
    }
    expect(await refusal(a, pageId, version, [], { mode: 'strict' })).toMatchObject({ code: 'VERSION_CONFLICT', version: version + 1 });
    expect(await refusal(a, pageId, version + 2, [])).toMatchObject({ code: 'VERSION_CONFLICT', version: version + 1 });
    expect(await refusal(e, pageId, version + 1, [])).toMatchObject({ code: 'PERMISSION_DENIED' });
    for (const headers of [{}, { 'if-match': '*' }, { 'if-match': `"${version}"` }, { 'if-match': `"${version + 1}"`, prefer: 'strict' }] as Record<string, string>[]) {
      const answer = await patchByRest(ada, pageId, [], headers);
      expect(answer).toMatchObject({ status: 200, body: { version: version + 1, outcome: 'applied' } });
      expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
    }
    expect(await patchByRest(ada, pageId, [], { 'if-match': `"${version}"`, prefer: 'strict' })).toMatchObject({ status: 409, body: { code: 'VERSION_CONFLICT' } });
    expect((await patchByRest(ada, pageId, [], { 'if-match': `"${version + 2}"` })).status).toBe(412);
    await b.fence();
    expect(b.events('op-patch')).toHaveLength(1);
    expect(await query(product.databaseUrl, `SELECT max(seq)::int AS last FROM journal WHERE channel_id = '${id}'`)).toEqual([{ last: version + 1 }]);
    const once = opPatch(pageId, version + 1, text('two'));
    await a.ask('op-patch', once);
    expect((await a.emit('op-patch', { ...once, patches: [] })).error).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });

  it('of somebody who waits for no answer keeps its place, on a page of which the server knows nothing yet, too', async () => {
    const ada = await crowd.person('ada');
    const socket = await ada.connect();
    for (let round = 0; round < 5; round++) {
      const { pageId } = await makePage(ada);
      const sent = Array.from({ length: 100 }, (_, i) => send(socket, pageId, 0, text(`${i + 1}`)));
      expect((await Promise.all(sent)).map(({ version }) => version)).toEqual(sent.map((_, i) => i + 1));
    }
  });

  it('about something that is gone is discarded, and leaves no entry', async () => {
    const { a, b, pageId, version } = await together();
    await send(a, pageId, version, [{ op: 'remove', path: '/components/1/children/0' }, { op: 'remove', path: '/components/2' }]);
    expect(await send(b, pageId, version, text('too late'))).toEqual({ version: version + 1, outcome: 'discarded' });
    await b.fence();
    expect(b.events('op-patch')).toHaveLength(1);
  });

  it('is not stale because somebody came in', async () => {
    const { ada, a, pageId, version } = await together();
    await letIn(ada, { pageId } as PageSummary, [[await crowd.person('late'), 'viewer']]);
    expect(await send(a, pageId, version, text('x'), { mode: 'strict' })).toEqual({ version: version + 2, outcome: 'applied' });
  });

  it('P2: that is sent again is answered as the first time, whatever has happened since', async () => {
    const { ada, a, b, pageId, version } = await together();
    const first = opPatch(pageId, version, [{ op: 'remove', path: '/components/1/children/1' }, { op: 'remove', path: '/components/3' }]);
    expect(await a.ask('op-patch', first)).toEqual({ version: version + 1, outcome: 'applied' });
    await send(b, pageId, version + 1, text('since'));
    const answers = await Promise.all([a.ask('op-patch', first), (await ada.connect()).ask('op-patch', first)]);
    expect(answers).toEqual([1, 2].map(() => ({ version: version + 1, outcome: 'applied', duplicate: true })));
    expect((await a.emit('op-patch', { ...first, patches: text('other') })).error).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    expect(await b.ask('op-patch', { ...opPatch(pageId, version, text('of Ben')), opId: first.opId })).toMatchObject({ outcome: 'rebased' });
  });

  it('of a viewer is refused, and of who lost the right, too', async () => {
    const { ada, ben, a, b, e, pageId, version } = await together();
    expect(await refusal(e, pageId, version, text('x'))).toMatchObject({ code: 'PERMISSION_DENIED' });
    await ada.put(`/pages/${pageId}/members/${ben.id}`, { role: 'viewer' });
    expect(await refusal(b, pageId, version, text('x'))).toMatchObject({ code: 'PERMISSION_DENIED' });
    await ada.delete(`/pages/${pageId}/members/${ben.id}`);
    expect(await refusal(b, pageId, version, text('x'))).toMatchObject({ code: 'PAGE_NOT_FOUND' });
    await send(a, pageId, version, text('secret'));
    await b.fence();
    expect(b.events('op-patch')).toEqual([]);
  });

  const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) });
  it.each<[string, unknown, string, string]>([
    ['no patch', undefined, 'INVALID_INPUT', 'patches'],
    ['what is no list', { op: 'remove', path: '/rootId' }, 'INVALID_INPUT', 'patches'],
    ['an unknown operation', [{ op: 'merge', path: '/rootId' }], 'INVALID_INPUT', 'patches[0].op'],
    ['no path', [{ op: 'remove' }], 'INVALID_INPUT', 'patches[0].path'],
    ['no value', [{ op: 'test', path: '/rootId', value: 1 }, { op: 'add', path: '/x' }], 'INVALID_INPUT', 'patches[1].value'],
    ['no from', [{ op: 'move', path: '/x' }], 'INVALID_INPUT', 'patches[0].from'],
    ['a bad pointer', [{ op: 'remove', path: 'rootId' }], 'INVALID_INPUT', 'patches[0].path'],
    ['a prototype', [{ op: 'add', path: '/__proto__/admin', value: true }], 'PATCH_FAILED', 'patches[0].path'],
    ['a constructor', [{ op: 'add', path: '/constructor/prototype/admin', value: true }], 'PATCH_FAILED', 'patches[0].path'],
    ['the length of a list', [{ op: 'replace', path: '/components/1/children/length', value: 0 }], 'PATCH_FAILED', 'patches[0].path'],
    ['a prototype in a value', [{ op: 'add', path: '/x', value: { constructor: 1 } }], 'INVALID_INPUT', 'patches[0].value'],
    ['half a character', [{ op: 'add', path: '/x', value: ['\udc00'] }], 'INVALID_INPUT', 'patches[0].value.0'],
    ['a value that is too deep', [{ op: 'add', path: '/x', value: nested(70) }], 'INVALID_INPUT', `patches[0].value${'.in'.repeat(64)}`],
    ['too many operations', Array.from({ length: LIMITS.patchOperations + 1 }, () => ({ op: 'test', path: '/rootId', value: 1 })), 'PAYLOAD_TOO_LARGE', 'patches'],
    ['what is not there', [{ op: 'remove', path: '/components/9' }], 'PATCH_FAILED', 'patches[0].path'],
    ['a test that fails', [{ op: 'test', path: '/rootId', value: 2 }], 'PATCH_FAILED', 'patches[0].value'],
    ['a root that goes', [{ op: 'remove', path: '/components/1' }], 'INVARIANT_VIOLATED', 'patches'],
    ['a child of two', [{ op: 'add', path: '/components/3/children/-', value: 2 }], 'INVARIANT_VIOLATED', 'patches'],
    ['a name that is no text', [{ op: 'replace', path: '/components/2/name', value: 42 }], 'INVARIANT_VIOLATED', 'patches'],
    ['props that are no object', [{ op: 'copy', from: '/components/1/children', path: '/components/3/props' }], 'INVARIANT_VIOLATED', 'patches'],
    ['a component with a type that is no text', [{ op: 'add', path: '/components/4', value: { type: {} } }], 'INVARIANT_VIOLATED', 'patches'],
    ['a child with too long an id', [{ op: 'add', path: `/components/${'x'.repeat(65)}`, value: {} }, { op: 'add', path: '/components/3/children/-', value: 'x'.repeat(65) }], 'INVARIANT_VIOLATED', 'patches'],
  ])('is refused for %s; nothing else is touched', async (_name, patches, code, path) => {
    const { ada, a, pageId, version } = await together();
    const error = await refusal(a, pageId, version, patches);
    expect(error).toMatchObject({ code, errors: [{ path }] });
    if (code === 'PATCH_FAILED' || code === 'INVARIANT_VIOLATED') expect(error['version']).toBe(version);
    expect((await patchByRest(ada, pageId, patches, { 'if-match': `"${version}"` })).body.code).toBe(code);
    expect((await read(ada, pageId)).body).toMatchObject({ version, schema: SCHEMA });
    expect(await send(a, pageId, version, text('and on it goes'))).toMatchObject({ outcome: 'applied' });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('is refused when it is too large, or would make the page so', async () => {
    const { ada, a, pageId, version } = await together();
    expect(await refusal(a, pageId, version, text('x'.repeat(LIMITS.patchBytes)))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const big = (chars: number) => ({ schema: { ...SCHEMA, filler: Array.from({ length: chars / 100_000 }, () => 'x'.repeat(100_000)) } });
    expect((await ada.call('PUT', `/pages/${pageId}`, { body: big(5_100_000) })).body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const { version: filled } = (await ada.call<PatchResult>('PUT', `/pages/${pageId}`, { body: big(4_900_000) })).body;
    expect(await refusal(a, pageId, filled, [{ op: 'add', path: '/more', value: 'x'.repeat(150_000) }])).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const bomb = Array.from({ length: 1_000 }, (_, i) => ({ op: 'copy', from: '/filler', path: `/filler/${i}` }));
    expect(await refusal(a, pageId, filled, bomb)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const tooMany = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [i + 1, {}]));
    expect((await ada.call('POST', '/pages', { body: { schema: { rootId: 1, components: tooMany } } })).body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    // Almost five megabytes, to somebody who has just come.
    expect((await join(await ada.connect(), pageId)).version).toBe(filled);
  });
});

describe('who joins', () => {
  it('gets the page in the ack, and as `sync` behind it', async () => {
    const { ada, ben, pageId, id, version } = await together();
    const socket = await ben.connect();
    const joined = await join(socket, pageId);
    expect(joined).toMatchObject({ pageId, id, version, role: 'editor', schema: SCHEMA });
    expect(joined.users.map(({ userId }) => userId)).toEqual(expect.arrayContaining([ada.id, ben.id]));
    const sync = await socket.event('sync');
    expectShape(PageSync, sync);
    expect(sync).toMatchObject({ pageId, version, schema: SCHEMA });
    const quiet = await ben.connect();
    await join(quiet, pageId, { sync: false });
    await quiet.fence();
    expect(quiet.events('sync')).toEqual([]);
  });

  it('gets only what is missing, where that can be told', async () => {
    const { ben, a, pageId, version } = await together();
    await send(a, pageId, version, text('one'));
    await send(a, pageId, version + 1, text('two'));
    const joined = await join(await ben.connect(), pageId, { after: version + 1 });
    expect(joined.schema).toBeUndefined();
    expect(joined.entries!.map(({ seq, patches }) => [seq, patches])).toEqual([[version + 2, text('two')]]);
    expect((await join(await ben.connect(), pageId, { after: 99 })).schema).toMatchObject({ components: { 2: { props: { text: 'two' } } } });
  });

  it('gets what is committed meanwhile either in the page or behind it, never both and never neither', async () => {
    const { ben, a, pageId, version } = await together();
    const edits = Array.from({ length: 300 }, (_, i) => send(a, pageId, version, text(`edit ${i}`)));
    const sockets = await Promise.all(Array.from({ length: 20 }, () => ben.connect()));
    const joins = await Promise.all(sockets.map((socket) => join(socket, pageId)));
    await Promise.all(edits);
    for (const [i, socket] of sockets.entries()) {
      await socket.until(() => joins[i]!.version === version + 300 || socket.events('op-patch').at(-1)?.['seq'] === version + 300, 'the last edit');
      const seqs = socket.events<EntryView>('op-patch').map(({ seq }) => seq);
      expect(seqs).toEqual(Array.from({ length: version + 300 - joins[i]!.version }, (_, k) => joins[i]!.version + 1 + k));
    }
  });

  it('may resume the page like any channel', async () => {
    const { ben, eve, a, pageId, id, version } = await together();
    await send(a, pageId, version, text('missed'));
    const [answer] = await (await ben.connect()).ask<ResumedChannel[]>('resume', { positions: [{ channelId: id, seq: version }] });
    expect(answer).toMatchObject({ complete: true, entries: [{ seq: version + 1, patches: text('missed') }] });
    expect(await eve.get(`/pages/${pageId}/entries?after=${version}`)).toMatchObject({ complete: true, entries: [{ seq: version + 1 }] });
  });

  it('knows of everybody who is there, also of who comes at the same moment', async () => {
    const people = await crowd.group('a', 'b', 'c', 'd', 'e', 'f');
    const page = await makePage(people[0]);
    await letIn(people[0], page, people.slice(1).map((person) => [person, 'editor']));
    const sockets = await Promise.all(people.map((person) => person.connect()));
    const joins = await Promise.all(sockets.map((socket) => join(socket, page.pageId)));
    for (const [i, socket] of sockets.entries()) {
      const known = () => new Set([...joins[i]!.users, ...socket.events<{ userId: string }>('user-join')].map(({ userId }) => userId));
      await socket.until(() => known().size === people.length, 'everybody');
    }
  });

  it('is announced, and so is who leaves', async () => {
    const { ben, eve, a, b, pageId } = await together();
    const joined = (userId: string) => ({ userId: id }: { userId: string }) => id === userId;
    await a.event('user-join', joined(eve.id));
    expectEvent(SERVER_EVENTS.userJoin, a.events('user-join').at(-1));
    await b.ask('page-leave', { pageId });
    expect(await a.event('user-leave', joined(ben.id))).toEqual({ pageId, userId: ben.id });
  });
});

describe('a cursor', () => {
  it('is told to the others, stamped by the server', async () => {
    const { ben, a, b, e, pageId } = await together();
    await b.ask('cursor-move', { pageId, x: 1.5, y: -2, componentId: 2, selection: [2, 3] });
    for (const socket of [a, e]) {
      const cursor = await socket.event('cursor-move');
      expectEvent(SERVER_EVENTS.cursorMove, cursor);
      expect(cursor).toEqual({ pageId, x: 1.5, y: -2, componentId: 2, selection: [2, 3], userId: ben.id, connectionId: b.socket.id });
    }
    await b.fence();
    expect(b.events('cursor-move')).toEqual([]);
    expect((await b.emit('cursor-move', { pageId, x: 1, y: 2, userId: ben.id })).error).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await (await ben.connect()).refusal('cursor-move', { pageId, x: 1, y: 2 })).toBe('PAGE_NOT_FOUND');
  });

  it('that moves all the time is told now and then, and at last where it is', async () => {
    const { a, b, pageId } = await together();
    await Promise.all(Array.from({ length: 200 }, (_, x) => b.ask('cursor-move', { pageId, x, y: 0 })));
    await a.event('cursor-move', ({ x }: { x: number }) => x === 199);
    const told = a.events<{ x: number }>('cursor-move').map(({ x }) => x);
    expect(told.length).toBeLessThan(60);
    expect(told).toEqual(told.toSorted((x, y) => x - y));
  });
});

it('a snapshot is written behind: after 50 entries, and it is the page', async () => {
  const { ada, a, pageId, id, version } = await together();
  for (let i = 0; i < 60; i++) await send(a, pageId, version + i, text(`edit ${i}`));
  const snapshot = () => snapshotOf(product.databaseUrl, id);
  await eventually('a snapshot is stored', async () => (await snapshot()).version >= version + 49);
  const { version: stored, schema } = await snapshot();
  expect(schema).toMatchObject({ components: { 2: { props: { text: `edit ${stored - version - 1}` } } } });
  expect((await read(ada, pageId)).body.version).toBe(version + 60);
});
