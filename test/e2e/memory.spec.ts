import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageSummary } from '../../src/protocol/pages.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';

/** A heap in which what follows would not fit twice. */
const HEAP_MB = 640;
const TEXT = 'x'.repeat(4_800_000);

let product: Product;
let ada: Person;

beforeAll(async () => {
  product = await startProduct({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
  ada = await new Crowd(product.url).person('ada');
});
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** What every store holds, and the most that it may. */
async function stores(): Promise<Map<string, { bytes: number; maxBytes: number }>> {
  const text = await (await fetch(`${product.url}/metrics`)).text();
  const read = (name: string) => new Map([...text.matchAll(new RegExp(`^${name}\\{store="([\\w-]+)"\\} (\\d+)$`, 'gm'))].map(([, store, value]) => [store!, Number(value)]));
  const maxBytes = read('store_max_bytes');
  return new Map([...read('store_bytes')].map(([store, bytes]) => [store, { bytes, maxBytes: maxBytes.get(store)! }]));
}

/** Documents that make room are stored first, and gone a moment later. */
const expectBounded = () =>
  eventually('every store has at most what it may have', async () => {
    for (const [store, { bytes, maxBytes }] of await stores()) expect(bytes, store).toBeLessThanOrEqual(maxBytes);
    return true;
  });

const page = (n: number) => ({ schema: { rootId: 'r', components: { r: { type: 'Text', props: { n, text: TEXT } } } } });

describe('one account with a small heap', { timeout: 180_000 }, () => {
  it('shows every store, empty or not', async () => {
    const found = await stores();
    expect([...found.keys()].sort()).toEqual(
      ['answers', 'bodies', 'commit-queue', 'documents', 'login-turns', 'logins-waiting', 'page-allowances', 'page-names', 'passwords', 'rate-limits', 'rights-memberships', 'rights-grants', 'sessions', 'silent-channels', 'socket-queues', 'subscriptions', 'tails', 'turns-of-users'].sort(),
    );
    for (const [store, { maxBytes }] of found) expect(maxBytes, store).toBeGreaterThan(0);
    const heap = HEAP_MB * 1024 * 1024;
    const held = ['answers', 'bodies', 'commit-queue', 'documents', 'socket-queues', 'tails'].reduce((sum, store) => sum + found.get(store)!.maxBytes, 0);
    expect(held, 'what is kept of content').toBeLessThan(heap);
  });

  it('can replace a page of 4.8 MB 120 times, while it is open', async () => {
    const { pageId } = await ada.post<PageSummary>('/pages', page(0));
    const socket = await ada.connect();
    await socket.ask('page-join', { pageId });
    for (let n = 1; n <= 120; n++) {
      await ada.put(`/pages/${pageId}`, page(n));
      if (n % 20 === 0) await expectBounded();
    }
    expect((await ada.call('GET', '/auth/me')).status).toBe(200);
  });

  it('can open 60 pages of 4.8 MB', async () => {
    for (let n = 0; n < 60; n++) {
      const { pageId } = await ada.post<PageSummary>('/pages', page(n));
      await ada.call('PATCH', `/pages/${pageId}`, { body: [{ op: 'replace', path: '/components/r/props/n', value: -1 }], headers: { 'content-type': 'application/json-patch+json' } });
      if (n % 20 === 0) await expectBounded();
    }
    await expectBounded();
    expect((await ada.call('GET', '/auth/me')).status).toBe(200);
  });
});
