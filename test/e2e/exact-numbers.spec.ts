import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/protocol/errors.js';
import type { PageDocument, PageSummary } from '../../src/protocol/pages.js';
import { type OpenApi, routesOf } from '../support/bad-input.js';
import { Crowd, type Person } from '../support/client.js';
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

const SCHEMA = { rootId: 1, components: { '1': { id: 1, children: [2] }, '2': { id: 2, props: { n: 1 } } } };
/** Of those `JSON.parse` makes other numbers, or may. */
const INEXACT = ['9007199254740993', '-9007199254740993', '9007199254740992', '12345678901234567890', '1e400', '-1e400', '1e-400', '9007199254740993.0'];
const EXACT = ['9007199254740991', '-9007199254740991', '0.1', '1.5e3', '5e-324', '-0.0', '1E2'];

const makePage = (owner: Person) => owner.post<PageSummary>('/pages', { schema: SCHEMA });
const refusal = async (person: Person, method: string, path: string, body: string, type = 'application/json') => {
  const answer = await person.call<Problem>(method, path, { body, headers: { 'content-type': type } });
  return { status: answer.status, code: answer.body.code, path: answer.body.errors?.[0]?.path };
};

describe('a number that JSON.parse would change', () => {
  it.each(INEXACT)('is refused with its path, and changes nothing: %s', async (number) => {
    const ada = await crowd.person('ada');
    const { pageId } = await makePage(ada);
    const refused = (path: string) => ({ status: 400, code: 'INVALID_INPUT', path });
    const patch = `[{"op":"test","path":"/rootId","value":1},{"op":"replace","path":"/components/2/props/n","value":{"list":["9007199254740993",{"n":${number}}]}}]`;
    expect(await refusal(ada, 'PATCH', `/pages/${pageId}`, patch, 'application/json-patch+json')).toEqual(refused('[1].value.list[1].n'));
    const page = `{"schema":{"rootId":1,"components":{"1":{"children":[2]},"2":{"props":{"text":"1e400, \\"9007199254740993","n": ${number} }}}}}`;
    expect(await refusal(ada, 'PUT', `/pages/${pageId}`, page)).toEqual(refused('schema.components.2.props.n'));
    expect(await refusal(ada, 'POST', '/pages', page)).toEqual(refused('schema.components.2.props.n'));
    expect((await ada.get<PageDocument>(`/pages/${pageId}`))).toMatchObject({ version: 0, schema: SCHEMA });
    expect((await ada.get<{ items: PageSummary[] }>('/pages')).items).toHaveLength(1);
  });

  it('is refused by every route that has a body', async () => {
    const ada = await crowd.person('ada');
    const routes = routesOf((await (await fetch(`${product.url}/openapi.json`)).json()) as OpenApi).filter(({ body }) => body);
    expect(routes.length).toBeGreaterThan(15);
    for (const { method, path, mediaTypes } of routes) {
      expect(await refusal(ada, method, path.replace(/\{\w+\}/g, '00000000-0000-7000-8000-000000000001'), '[{"deep":[1,{"n":9007199254740993}]}]', mediaTypes[0]), `${method} ${path}`).toEqual({ status: 400, code: 'INVALID_INPUT', path: '[0].deep[1].n' });
    }
  });

  it('is refused on a socket, too', async () => {
    const ada = await crowd.person('ada');
    const { pageId } = await makePage(ada);
    const socket = await ada.connect();
    for (const number of [2 ** 53, -(2 ** 53), 2 ** 64, 1e300]) {
      const { error } = await socket.emit('op-patch', { pageId, version: 0, opId: `n${number}`, patches: [{ op: 'add', path: '/components/2/props/m', value: { list: [number] } }] });
      expect(error).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'patches[0].value.list.0' }] });
    }
    expect((await ada.get<PageDocument>(`/pages/${pageId}`))).toMatchObject({ version: 0, schema: SCHEMA });
  });
});

it.each(EXACT)('a number that a double holds is stored as it is: %s', async (number) => {
  const ada = await crowd.person('ada');
  const { pageId } = await makePage(ada);
  const answer = await ada.call('PATCH', `/pages/${pageId}`, { body: `[{"op":"replace","path":"/components/2/props/n","value":${number}}]`, headers: { 'content-type': 'application/json-patch+json' } });
  expect(answer.status).toBe(200);
  const text = JSON.stringify((await ada.get<PageDocument>(`/pages/${pageId}`)).schema.components['2']!.props!['n']);
  expect(text).toBe(JSON.stringify(JSON.parse(number)));
});
