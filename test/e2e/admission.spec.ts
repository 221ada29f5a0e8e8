import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/protocol/errors.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { PageSummary } from '../../src/protocol/pages.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';

/** As many requests of one user are worked on at once. */
const AT_ONCE = 6;
const LARGE_TEXT = 'x'.repeat(4_500_000);

let product: Product;
let ada: Person;
let ben: Person;
const open: Socket[] = [];

beforeAll(async () => {
  product = await startProduct();
  [ada, ben] = await new Crowd(product.url).group('ada', 'ben');
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** A connection of its own, which sends these bytes. */
async function say(...lines: string[]): Promise<Socket> {
  const socket = connect(Number(new URL(product.url).port), '127.0.0.1');
  open.push(socket);
  await once(socket, 'connect');
  socket.on('error', () => undefined).write([...lines, 'Host: atrium', '', ''].join('\r\n'));
  return socket;
}

/** The status of what it is answered, though it has sent no body. */
async function statusOf(socket: Socket): Promise<number> {
  const [first] = (await once(socket, 'data')) as [Buffer];
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(first.toString())![1]);
}

const bearer = ({ token }: Person) => `Authorization: Bearer ${token}`;
const JSON_TYPE = 'Content-Type: application/json';
const metric = async (name: string) => Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec(await (await fetch(`${product.url}/metrics`)).text())![1]);

describe('before a body is read', () => {
  it.each([
    ['POST', '/rooms'],
    ['PATCH', '/rooms/world'],
    ['PUT', '/pages/any'],
    ['POST', '/%72ooms'],
    ['POST', '/rooms/'],
    ['POST', '/rooms?x=1'],
  ])('a stranger is refused: %s %s', async (method, path) => {
    const body = method === 'PATCH' ? 'Content-Type: application/json' : JSON_TYPE;
    expect(await statusOf(await say(`${method} /api/v1${path} HTTP/1.1`, body, 'Content-Length: 1000000'))).toBe(401);
    expect(await statusOf(await say(`${method} /api/v1${path} HTTP/1.1`, body, 'Transfer-Encoding: chunked'))).toBe(401);
  });

  it.each(['/auth/register', '/auth/login', '/auth/refresh', '/auth/logout', '/%61uth/login'])('a stranger may announce some kilobytes: %s', async (path) => {
    expect(await statusOf(await say(`POST /api/v1${path} HTTP/1.1`, JSON_TYPE, `Content-Length: ${LIMITS.publicBodyBytes + 1}`))).toBe(413);
    const socket = await say(`POST /api/v1${path} HTTP/1.1`, JSON_TYPE, `Content-Length: ${LIMITS.publicBodyBytes}`);
    socket.write('{'.repeat(LIMITS.publicBodyBytes));
    expect(await statusOf(socket)).toBe(400);
  });
});

describe('bodies that do not come', () => {
  it('take no turn, and no more bytes than one user may announce', async () => {
    const stalled = await Promise.all(Array.from({ length: 3 * AT_ONCE }, () => say('POST /api/v1/rooms HTTP/1.1', bearer(ada), JSON_TYPE, 'Content-Length: 1000000')));
    await eventually('as many bytes are under way as there may be', async () => (await metric('store_bytes{store="bodies"}')) === 16_000_000);
    expect(await statusOf(await say('POST /api/v1/rooms HTTP/1.1', bearer(ada), JSON_TYPE, 'Content-Length: 1000000'))).toBe(429);
    // What asks for no bytes, and other people, feel nothing of it.
    expect((await ada.call('GET', '/rooms')).status).toBe(200);
    expect((await ben.call('POST', '/rooms', { body: { name: 'Quay' } })).status).toBe(201);
    for (const socket of stalled) socket.destroy();
    await eventually('they are gone', async () => (await metric('store_bytes{store="bodies"}')) === 0);
    expect((await ada.call('POST', '/rooms', { body: { name: 'Pier' } })).status).toBe(201);
    expect(await metric('http_requests_waiting')).toBe(0);
  });
});

describe('answers that nobody reads', () => {
  it('are not made any more when one user has too many of them', async () => {
    const { pageId } = await ada.post<PageSummary>('/pages', { schema: { rootId: 'r', components: { r: { type: 'Text', props: { text: LARGE_TEXT } } } } });
    for (let i = 0; i < 16; i++) {
      const socket = await say(`GET /api/v1/pages/${pageId} HTTP/1.1`, bearer(ada), 'Host: atrium', '', `GET /api/v1/pages/${pageId} HTTP/1.1`, bearer(ada));
      socket.pause();
    }
    const refused = await eventually('she is refused', async () => {
      const answer = await ada.call<Problem>('GET', '/auth/me');
      return answer.status === 429 && answer.body;
    });
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', detail: expect.stringMatching(/not been read/) as string });
    expect(await metric('store_bytes{store="answers"}')).toBeLessThan(64_000_000);
    expect((await ben.call('GET', '/auth/me')).status).toBe(200);
    for (const socket of open) socket.destroy();
    await eventually('she is served again', async () => (await ada.call('GET', '/auth/me')).status === 200);
    await eventually('nothing is left', async () => (await metric('store_bytes{store="answers"}')) < 100_000);
  });
});

describe('requests of one user at once', () => {
  it('wait for their turn, and are all answered', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ada.call('POST', '/rooms', { body: { name: `Room ${i}` } })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await metric('http_requests_waiting')).toBe(0);
  });
});
