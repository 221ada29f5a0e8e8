import { once } from 'node:events';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, Crowd, type Person } from '../support/client.js';
import { within } from '../support/eventually.js';
import { freePort, type Product, startProduct } from '../support/product.js';
import { type ReverseProxy, startReverseProxy } from '../support/reverse-proxy.js';

const PATH = '/team/chat';
const NAVIGATION = { accept: 'text/html' };

describe.each([
  ['strips it', true],
  ['keeps it', false],
])('below a path that the proxy in front of it knows, and %s, the product', (_what, strips) => {
  let product: Product;
  let proxy: ReverseProxy;
  let origin: string;
  let base: string;
  let ada: Person;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    base = `${origin}${PATH}`;
    product = await startProduct({ PUBLIC_URL: `${base}/`, TRUST_PROXY: 'loopback' });
    proxy = await startReverseProxy(port, new URL(product.url), PATH, strips);
    ada = await new Crowd(base).person('ada');
  });
  afterAll(async () => {
    expect(proxy.strays, 'nothing is asked for beside the path').toEqual([]);
    await proxy.stop();
    await product.stop();
  });

  const get = (url: string | URL, headers: Record<string, string> = {}) => fetch(url, { headers });
  /** Everything that a page refers to, as a browser would ask for it. */
  async function references(at: string): Promise<URL[]> {
    const answer = await get(at, NAVIGATION);
    expect(answer.status).toBe(200);
    return [...(await answer.text()).matchAll(/(?:src|href)=["']([^"']+)["']/g)].map(([, reference]) => new URL(reference!, answer.url)).filter(({ protocol }) => protocol === 'http:');
  }

  it.each(['', '/', '/rooms/019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77', '/invite/x?y=1', '/docs'])('serves the page %s with everything that belongs to it', async (path) => {
    const found = await references(`${base}${path}`);
    expect(found.length).toBeGreaterThan(2);
    for (const url of found) {
      const answer = await get(url);
      expect([url.href, answer.status, answer.headers.get('content-type')?.startsWith('text/html')]).toEqual([url.href, 200, false]);
    }
  });

  it('tells the app where it begins', async () => {
    const page = await (await get(`${base}/rooms/x`, NAVIGATION)).text();
    expect(page).toContain(`<meta name="atrium:base" content="${PATH}/"`);
    const manifest = new URL(/href="([^"]*manifest[^"]*)"/.exec(page)![1]!, base);
    const { start_url: start, icons } = (await (await get(manifest)).json()) as { start_url: string; icons: { src: string }[] };
    expect([new URL(start, manifest).href, new URL(icons[0]!.src, manifest).href]).toEqual([`${base}/`, `${base}/favicon.svg`]);
  });

  it('makes links that lead there', async () => {
    const { id } = await ada.post<{ id: string }>('/rooms', { name: 'Below' });
    const { url, token } = await ada.post<{ url: string; token: string }>(`/rooms/${id}/invite`, { role: 'member' });
    expect(url).toBe(`${base}/invite/${token}`);
    expect((await get(url, NAVIGATION)).headers.get('content-type')).toMatch(/^text\/html/);
  });

  it('describes itself at its address', async () => {
    expect(await (await get(`${base}/openapi.json`)).json()).toMatchObject({ servers: [{ url: base }] });
    expect(await (await get(`${base}/asyncapi.json`)).json()).toMatchObject({ servers: { public: { host: new URL(base).host, pathname: `${PATH}/socket.io`, protocol: 'ws' } } });
  });

  it.each([['websocket'], ['polling'], ['polling', 'websocket']])('takes sockets by %s', async (...transports) => {
    const socket = io(origin, { path: `${PATH}/socket.io`, auth: { token: ada.token }, transports, forceNew: true, extraHeaders: { origin } });
    try {
      await within('it is connected', once(socket as never, 'connect'));
      expect(await socket.emitWithAck('room-join', { roomId: 'world' })).toMatchObject({ data: { role: 'member' } });
    } finally {
      socket.disconnect();
    }
  });

  it('answers below the path what it answers elsewhere', async () => {
    const nobody = new Api(base);
    expect(await nobody.call('GET', '/auth/me')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await nobody.call('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await get(`${base}/livez`)).status).toBe(200);
    // A path that only begins alike is not ours.
    expect((await get(`${product.url}${PATH}ter/livez`)).status).toBe(404);
  });
});
