import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument, PageSummary, PatchResult } from '../../src/protocol/pages.js';
import { type Answer, Crowd, type Person } from '../support/client.js';
import { letIn } from '../support/pages.js';
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

type Body = PatchResult & { code?: string; current?: object };
type Headers = Record<string, string>;

const schemaWith = (text: string) => ({ rootId: 1, components: { '1': { id: 1, children: [2] }, '2': { id: 2, props: { text } } } });
const say = (value: string) => [{ op: 'replace', path: '/components/2/props/text', value }];
const patch = (person: Person, pageId: string, value: string, headers: Headers = {}): Promise<Answer<Body>> =>
  person.call('PATCH', `/pages/${pageId}`, { body: say(value), headers: { 'content-type': 'application/json-patch+json', ...headers } });
const put = (person: Person, pageId: string, value: string, headers: Headers = {}, more: object = {}): Promise<Answer<Body>> =>
  person.call('PUT', `/pages/${pageId}`, { body: { schema: schemaWith(value), ...more }, headers });
const rename = (person: Person, pageId: string, title: string, headers: Headers): Promise<Answer<Body>> => person.call('PUT', `/pages/${pageId}/title`, { body: { title }, headers });
const remove = (person: Person, pageId: string, headers: Headers): Promise<Answer<Body>> => person.call('DELETE', `/pages/${pageId}`, { headers });
const read = (person: Person, pageId: string) => person.call<PageDocument>('GET', `/pages/${pageId}`);
const textOf = async (person: Person, pageId: string) => (await read(person, pageId)).body.schema.components['2']!.props!['text'];

/** A page of Ada's at version 3, which says "3". */
async function pageAt3() {
  const ada = await crowd.person('ada');
  const { pageId } = await ada.post<PageSummary>('/pages', { schema: schemaWith('0') });
  for (const value of ['1', '2', '3']) await patch(ada, pageId, value);
  return { ada, pageId };
}

const MATCHING = ['"3"', '*', ' * ', '"1", "3"', '"x,y" ,"3"', ', "3",', 'W/"3", "3"'];
const OTHER = ['"2"', '"4"', '"999999"', '"03"', 'W/"3"', 'W/"2", W/"3"', '"abc"', '""', '"x,3"', ','];
const MALFORMED = ['3', '"3', 'three', '*, "3"', 'w/"3"'];

describe('If-Match of PUT and DELETE', () => {
  it('lets a change happen when it names the very version, or any', async () => {
    const { ada, pageId } = await pageAt3();
    for (const ifMatch of MATCHING) {
      const { version } = (await read(ada, pageId)).body;
      const header = ifMatch.replaceAll('"3"', `"${version}"`);
      const answer = await put(ada, pageId, header, { 'if-match': header });
      expect(answer, header).toMatchObject({ status: 200, body: { version: version + 1, outcome: 'applied' } });
      expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
    }
    const { version } = (await read(ada, pageId)).body;
    expect((await rename(ada, pageId, 'Renamed', { 'if-match': `"${version}"` })).status).toBe(200);
    expect((await remove(ada, pageId, { 'if-match': `"0", "${version + 1}"` })).status).toBe(204);
  });

  it.each([...OTHER.map((header) => [header, 412, 'PRECONDITION_FAILED'] as const), ...MALFORMED.map((header) => [header, 400, 'INVALID_INPUT'] as const)])('changes nothing otherwise: %s', async (header, status, code) => {
    const { ada, pageId } = await pageAt3();
    const headers = { 'if-match': header };
    for (const answer of [await put(ada, pageId, 'other', headers, { title: 'Other' }), await put(ada, pageId, '3', headers), await rename(ada, pageId, 'Other', headers), await rename(ada, pageId, 'Untitled', headers), await remove(ada, pageId, headers)]) {
      expect(answer).toMatchObject({ status, body: { code } });
      if (status === 412) expect(answer.body.version).toBe(3);
    }
    expect((await read(ada, pageId)).body).toMatchObject({ version: 3, title: 'Untitled', schema: schemaWith('3') });
  });

  it('means every entry: whoever has come in since has made another version', async () => {
    const { ada, pageId } = await pageAt3();
    await letIn(ada, { pageId } as PageSummary, [[await crowd.person('ben'), 'viewer']]);
    expect((await put(ada, pageId, 'x', { 'if-match': '"3"' })).status).toBe(412);
    expect((await put(ada, pageId, 'x', { 'if-match': (await read(ada, pageId)).headers.get('etag')! })).status).toBe(200);
  });

  it('may come in several lines', async () => {
    const { ada, pageId } = await pageAt3();
    const putLines = (...lines: string[]) =>
      new Promise<number>((resolve, reject) => {
        // A list becomes one line each.
        const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json', 'If-Match': lines };
        const outgoing = request(`${product.url}/api/v1/pages/${pageId}`, { method: 'PUT', headers }, (response) => void json(response).then(() => resolve(response.statusCode!), reject));
        outgoing.on('error', reject);
        outgoing.end(JSON.stringify({ schema: schemaWith(lines.join()) }));
      });
    expect(await putLines('"1"', '"2"')).toBe(412);
    expect(await putLines('"1"', '"3"')).toBe(200);
    expect(await putLines('"3"', 'W/"4"')).toBe(412);
  });

  it('of a page that was put with its title is good for the next one', async () => {
    const { ada, pageId } = await pageAt3();
    const first = await put(ada, pageId, 'a', { 'if-match': '"3"' }, { title: 'A' });
    expect(first.body).toEqual({ version: 5, outcome: 'applied' });
    expect((await put(ada, pageId, 'b', { 'if-match': first.headers.get('etag')! }, { title: 'A' })).body).toEqual({ version: 6, outcome: 'applied' });
  });

  it('is judged where the change is made: of many at once that name one version, one is done', async () => {
    const { ada, pageId } = await pageAt3();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? put(ada, pageId, `put ${i}`, { 'if-match': '"3"' }) : rename(ada, pageId, `title ${i}`, { 'if-match': '"3"' }))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(412)]);
    expect((await read(ada, pageId)).body.version).toBe(4);
  });
});

describe('If-None-Match of a change', () => {
  it.each(['*', '"3"', 'W/"3"', '"1", "3"'])('excludes the version that is there: %s', async (header) => {
    const { ada, pageId } = await pageAt3();
    const headers = { 'if-none-match': header };
    for (const answer of [await put(ada, pageId, 'x', headers), await patch(ada, pageId, 'x', headers), await rename(ada, pageId, 'x', headers), await remove(ada, pageId, headers)]) {
      expect(answer).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED', version: 3 } });
    }
  });

  it('lets others pass', async () => {
    const { ada, pageId } = await pageAt3();
    expect((await patch(ada, pageId, 'x', { 'if-none-match': '"2"' })).body).toEqual({ version: 4, outcome: 'applied' });
    expect((await put(ada, pageId, 'y', { 'if-none-match': '"3", "x"', 'if-match': '*' })).status).toBe(200);
  });
});

describe('If-Match of PATCH', () => {
  it('names the version that the patch was made on, up to the present one', async () => {
    const { ada, pageId } = await pageAt3();
    expect((await patch(ada, pageId, 'of 3', { 'if-match': '"3"' })).body).toEqual({ version: 4, outcome: 'applied' });
    expect((await patch(ada, pageId, 'of 1', { 'if-match': '"1"' })).body).toMatchObject({ version: 5, outcome: 'rebased' });
    expect((await patch(ada, pageId, 'any', { 'if-match': '*' })).body).toEqual({ version: 6, outcome: 'applied' });
    expect((await patch(ada, pageId, 'one of them', { 'if-match': '"1", "6"' })).body).toEqual({ version: 7, outcome: 'applied' });
    expect(await textOf(ada, pageId)).toBe('one of them');
  });

  it.each(['"4"', '"999999"', '"abc"', 'W/"3"', 'W/"2"', '"1", "2"', '"03"', '""', ','])('that is of no version, or of none to come, is a precondition that failed: %s', async (header) => {
    const { ada, pageId } = await pageAt3();
    for (const more of [{}, { prefer: 'strict' }] as Headers[]) expect(await patch(ada, pageId, 'x', { 'if-match': header, ...more })).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED', version: 3 } });
    expect(await textOf(ada, pageId)).toBe('3');
  });

  it.each(MALFORMED)('that is no list of tags is refused: %s', async (header) => {
    const { ada, pageId } = await pageAt3();
    expect(await patch(ada, pageId, 'x', { 'if-match': header })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'If-Match' }] } });
  });

  it('of an old version is a conflict for who wants no rebase', async () => {
    const { ada, pageId } = await pageAt3();
    expect(await patch(ada, pageId, 'x', { 'if-match': '"2"', prefer: 'strict' })).toMatchObject({ status: 409, body: { code: 'VERSION_CONFLICT', version: 3, current: { '/components/2/props/text': '3' } } });
    expect((await patch(ada, pageId, 'x', { 'if-match': '"3"', prefer: 'strict' })).body).toEqual({ version: 4, outcome: 'applied' });
  });
});

describe('a precondition', () => {
  it('tells nothing to those who may not change the page', async () => {
    const { ada, pageId } = await pageAt3();
    const [viewer, stranger] = await crowd.group('viewer', 'stranger');
    await letIn(ada, { pageId } as PageSummary, [[viewer, 'viewer']]);
    for (const header of ['"4"', '"1", "2"', 'W/"3"', '"abc"']) {
      for (const change of [patch, put, rename]) {
        expect((await change(viewer, pageId, 'x', { 'if-match': header })).status, `${change.name} ${header}`).toBe(403);
        for (const missing of [pageId, 'ghost']) expect((await change(stranger, missing, 'x', { 'if-match': header })).status, `${change.name} ${header}`).toBe(404);
      }
      expect((await remove(viewer, pageId, { 'if-match': header })).status).toBe(403);
    }
  });

  it('that there is something fails where there is nothing, or nothing for the caller', async () => {
    const { pageId } = await pageAt3();
    const stranger = await crowd.person('stranger');
    for (const missing of [pageId, 'ghost']) {
      for (const answer of [await patch(stranger, missing, 'x', { 'if-match': '*' }), await put(stranger, missing, 'x', { 'if-match': '*' }), await rename(stranger, missing, 'x', { 'if-match': '*' }), await remove(stranger, missing, { 'if-match': '*' })]) {
        expect(answer).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
        expect(answer.body.version).toBeUndefined();
      }
    }
  });
});
