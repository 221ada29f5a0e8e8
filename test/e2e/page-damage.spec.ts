import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageChange, PageDocument, PageDiff, PageVersion, PatchResult } from '../../src/protocol/pages.js';
import { type Answer, Crowd, type Person } from '../support/client.js';
import { upTo } from '../support/journal-node.js';
import { damagePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { Server } from '../support/server.js';

const text = (value: string) => [{ op: 'replace', path: '/components/1/props/text', value }];
const SCHEMA = { rootId: 1, components: { '1': { id: 1, props: { text: 'at first' }, children: [] } } };
const patch = (person: Person, pageId: string, patches: unknown): Promise<Answer<PatchResult & { code?: string; detail?: string }>> =>
  person.call('PATCH', `/pages/${pageId}`, { body: patches, headers: { 'content-type': 'application/json-patch+json' } });
const textOf = ({ schema }: Pick<PageDocument, 'schema'>) => schema.components['1']!.props!['text'];

describe('a page whose journal holds an entry that does not follow', () => {
  let product: Product;
  let crowd: Crowd;
  let ada: Person;
  let page: PageDocument;

  beforeAll(async () => {
    product = await startProduct();
    crowd = new Crowd(product.url);
  });
  afterEach(() => crowd.disperse());
  afterAll(() => product.stop());

  /** Versions 1 and 2 are good, 3 is about nothing, 4 was made on what came of it. */
  async function damage(): Promise<void> {
    ada = await crowd.person('ada');
    page = await ada.post<PageDocument>('/pages', { schema: SCHEMA });
    for (const value of ['one', 'two']) expect((await patch(ada, page.pageId, text(value))).status).toBe(200);
    await damagePage(product.databaseUrl, ada, page, 3, [[{ op: 'remove', path: '/components/none' }], text('unknown')]);
  }

  it('opens as it was before, read-only, and works again when a version before is restored', async () => {
    await damage();
    const read = () => ada.get<PageDocument>(`/pages/${page.pageId}`);
    const socket = await ada.connect();
    const joined = await socket.ask<PageDocument>('page-join', { pageId: page.pageId });
    for (const shown of [await read(), joined]) expect([shown.version, shown.brokenAt, textOf(shown)]).toEqual([2, 3, 'two']);
    expect(await patch(ada, page.pageId, text('mine'))).toMatchObject({ status: 422, body: { code: 'INVARIANT_VIOLATED' } });
    expect((await socket.emit('op-patch', { pageId: page.pageId, version: 4, patches: text('mine'), opId: 'mine' })).error).toMatchObject({ code: 'INVARIANT_VIOLATED' });
    expect((await ada.call('POST', `/pages/${page.pageId}/restore`, { body: { version: 3 } })).status).toBe(404);
    // Entries do not lead to what it is.
    expect(await socket.ask<PageDocument>('page-join', { pageId: page.pageId, after: 2 })).toMatchObject({ version: 2, brokenAt: 3, schema: joined.schema });

    // What a conditional client does with the tag of what it was given.
    const { headers } = await ada.call('GET', `/pages/${page.pageId}`);
    const etag = headers.get('etag')!;
    expect((await ada.call('GET', `/pages/${page.pageId}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await ada.call('PUT', `/pages/${page.pageId}/title`, { body: { title: 'Still mine' }, headers: { 'if-match': etag } })).status).toBe(200);

    const restored = await ada.post<PatchResult>(`/pages/${page.pageId}/restore`, { version: 1 });
    expect(restored).toMatchObject({ version: 6, outcome: 'applied' });
    const whole = await read();
    expect([whole.version, whole.brokenAt, textOf(whole)]).toEqual([6, undefined, 'one']);
    expect(await patch(ada, page.pageId, text('three'))).toMatchObject({ status: 200, body: { version: 7 } });
    // Who had it open was told.
    expect(await socket.event<{ version: number }>('op-patch', ({ version }) => version === 6)).toMatchObject({ repairs: 3, patches: [{ op: 'replace', path: '' }] });
  });

  it('has a past of which all is told that can be', async () => {
    await damage();
    await ada.post(`/pages/${page.pageId}/restore`, { version: 2 });
    await patch(ada, page.pageId, text('three'));
    const at = (version: number) => ada.call<PageVersion>('GET', `/pages/${page.pageId}/versions/${version}`);
    expect(await Promise.all(upTo(7).map(async (version) => (await at(version)).status))).toEqual([200, 200, 404, 404, 200, 200, 404]);
    expect(textOf((await at(5)).body)).toBe('two');
    expect((await ada.get<PageDiff>(`/pages/${page.pageId}/diff?from=2&to=6`)).patches).toEqual(text('three'));
    const { items } = await ada.get<{ items: PageChange[] }>(`/pages/${page.pageId}/history`);
    expect(items.map(({ version, repairs }) => [version, repairs])).toEqual([[6, undefined], [5, 3], [4, undefined], [3, undefined], [2, undefined], [1, undefined]]);
    // Nothing leads back over the damage: what was made before it cannot be carried.
    expect((await ada.call<{ code: string }>('PATCH', `/pages/${page.pageId}`, { body: text('stale'), headers: { 'content-type': 'application/json-patch+json', 'if-match': '"1"' } })).body.code).toBe('VERSION_CONFLICT');
    expect(await ada.post('/pages', { pageId: `${page.pageId}-2`, schema: SCHEMA })).toMatchObject({ version: 0 });
  });
});

describe('values that were nested, step by step, as deep as one likes', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(() => server.remove());

  it('are refused in time, and the page is there after a restart', async () => {
    const crowd = new Crowd(server.url);
    const ada = await crowd.person('ada');
    const { pageId } = await ada.post<PageDocument>('/pages', { schema: { ...SCHEMA, components: { '1': { id: 1, props: { a: [], b: [] }, children: [] } } } });
    const at = (name: string, levels: number) => `/components/1/props/${name}${'/0'.repeat(levels)}`;
    let refused: string | undefined;
    // Doubles each time.
    for (let levels = 1; refused === undefined && levels < 100_000; levels *= 2) {
      const { status, body } = await patch(ada, pageId, [{ op: 'copy', from: at('a', 0), path: at('b', 0) }, { op: 'move', from: at('b', 0), path: at('a', levels) }, { op: 'add', path: at('b', 0), value: [] }]);
      if (status !== 200) refused = body.code;
    }
    expect(refused).toBe('INVARIANT_VIOLATED');
    const before = await ada.get<PageDocument>(`/pages/${pageId}`);
    await server.end('SIGKILL');
    await server.launch();
    const after = await ada.get<PageDocument>(`/pages/${pageId}`);
    expect([after.schema, after.version]).toEqual([before.schema, before.version]);
    expect((await patch(ada, pageId, [{ op: 'remove', path: at('a', 0) }])).status).toBe(200);
    crowd.disperse();
  });
});
