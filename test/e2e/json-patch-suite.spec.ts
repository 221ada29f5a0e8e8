import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument } from '../../src/protocol/pages.js';
import { Crowd, type Person, type TestSocket } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';

/** One case of the suite (see its README). Without `expected` and `error` it must apply. */
interface Case {
  comment?: string;
  doc: unknown;
  patch: Record<string, unknown>[];
  expected?: unknown;
  error?: string;
  disabled?: boolean;
}

const FOLDER = process.env['JSON_PATCH_TESTS'] ?? join(import.meta.dirname, '..', 'fixtures', 'json-patch-tests');
const read = (name: string) => (JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Case[]).filter(({ patch, disabled }) => patch && !disabled);

/** Of our own. */
const MORE: Case[] = [
  { comment: 'replaces nothing where the parent is missing', doc: { shop: 'open' }, patch: [{ op: 'replace', path: '/stock/apples', value: 3 }], error: 'no parent' },
  { comment: 'removes nothing where the parent is missing', doc: { shop: 'open' }, patch: [{ op: 'remove', path: '/stock/apples' }], error: 'no parent' },
  { comment: 'copies nothing from nowhere', doc: { shop: 1 }, patch: [{ op: 'copy', from: '/stock', path: '/shop' }], error: 'nothing there' },
  { comment: 'moves nothing from nowhere', doc: { shop: 1 }, patch: [{ op: 'move', from: '/stock', path: '/shop' }], error: 'nothing there' },
  { comment: 'needs a path', doc: {}, patch: [{ op: 'add', value: 'apples' }], error: 'no path' },
  { comment: 'needs a path that is text', doc: {}, patch: [{ op: 'add', path: null, value: 'apples' }], error: 'no path' },
  { comment: 'needs a path that begins with a slash', doc: {}, patch: [{ op: 'add', path: 'apples', value: 3 }], error: 'no pointer' },
  {
    comment: 'leaves the original alone when the copy changes',
    doc: { a: { list: [{ n: 1 }] } },
    patch: [{ op: 'copy', from: '/a', path: '/b' }, { op: 'replace', path: '/b/list/0/n', value: 2 }],
    expected: { a: { list: [{ n: 1 }] }, b: { list: [{ n: 2 }] } },
  },
  {
    comment: 'leaves the copy alone when the original changes',
    doc: { a: { list: [{ n: 1 }] } },
    patch: [{ op: 'copy', from: '/a', path: '/b' }, { op: 'replace', path: '/a/list/0/n', value: 2 }],
    expected: { a: { list: [{ n: 2 }] }, b: { list: [{ n: 1 }] } },
  },
];

/** Where a case's document lies on the page. The whole document is then a member, which can be replaced like a whole document. */
const AT = '/components/2/props/doc';
const pageWith = (doc: unknown) => ({ rootId: 1, components: { '1': { id: 1, children: [2] }, '2': { id: 2, props: { doc } } } });
/** What is no pointer stays none. */
const moved = (pointer: unknown) => (typeof pointer === 'string' && /^(\/|$)/.test(pointer) ? `${AT}${pointer}` : pointer);
const onPage = (patch: Case['patch']) => patch.map((operation) => Object.fromEntries(Object.entries(operation).map(([name, value]) => [name, name === 'path' || name === 'from' ? moved(value) : value])));
/** What cannot be said of a member: that there is no document any more. */
const isExpressible = ({ patch }: Case) => !patch.some(({ op, path }) => op === 'remove' && path === '');

const suite = ['tests.json', 'spec_tests.json'].flatMap((name) => read(name).map((each) => ({ ...each, name })));
const cases = [...suite, ...MORE.map((each) => ({ ...each, name: 'own' }))].filter(isExpressible);
const titled = cases.map((each, index) => [`${each.name} ${index}: ${each.comment ?? JSON.stringify(each.patch).slice(0, 80)}`, each] as const);

let product: Product;
let ada: Person;
let socket: TestSocket;
let crowd: Crowd;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
  ada = await crowd.person('ada');
  socket = await ada.connect();
});
afterAll(async () => {
  crowd.disperse();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

it('has at least the 108 cases that the suite has enabled, and all of them can be expressed on a page', () => {
  expect(suite.length).toBeGreaterThanOrEqual(108);
  expect(suite.filter((each) => !isExpressible(each))).toEqual([]);
  expect(cases.filter(({ error }) => error !== undefined).length).toBeGreaterThan(30);
});

/** Ways to send a patch; each answers with the code of its refusal, or nothing. */
const ways: Record<string, (pageId: string, patch: unknown) => Promise<string | undefined>> = {
  async PATCH(pageId, patch) {
    const { status, body } = await ada.call<{ code?: string }>('PATCH', `/pages/${pageId}`, { body: patch, headers: { 'content-type': 'application/json-patch+json' } });
    return status === 200 ? undefined : body.code;
  },
  async 'op-patch'(pageId, patches) {
    return (await socket.emit('op-patch', { pageId, version: 0, patches, opId: pageId })).error?.code;
  },
};

describe.each(Object.entries(ways))('%s', (_way, send) => {
  it.each(titled)('%s', async (_title, { doc, patch, expected, error }) => {
    const { pageId } = await ada.post<PageDocument>('/pages', { schema: pageWith(doc) });
    const code = await send(pageId, onPage(patch));
    const { schema, version } = await ada.get<PageDocument>(`/pages/${pageId}`);
    if (error !== undefined) {
      expect(code).toMatch(/^(PATCH_FAILED|INVALID_INPUT)$/);
      expect({ schema, version }).toEqual({ schema: pageWith(doc), version: 0 });
    } else {
      expect(code).toBeUndefined();
      if (expected !== undefined) expect(schema).toEqual(pageWith(expected));
      expect(version).toBe(patch.length === 0 ? 0 : 1);
    }
  });
});
