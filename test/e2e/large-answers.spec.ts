import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesAnswer } from '../../src/protocol/entries.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { History } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Crowd, type Person } from '../support/client.js';
import { upTo } from '../support/journal-node.js';
import { type Product, startProduct } from '../support/product.js';

/** 64 KB each: as long as a message can be, and four bytes a character. */
const LONG = '\u{1f98a}'.repeat(LIMITS.messageChars);
const COUNT = 60;
/** Around a message there is a page on each side. */
const MAX_ANSWER_BYTES = 2_500_000;

let product: Product;
let ada: Person;
let room: MyRoom;
let seqs: number[];

beforeAll(async () => {
  product = await startProduct({ RATE_LIMITS: 'off' });
  ada = await new Crowd(product.url).person('ada');
  room = await ada.post<MyRoom>('/rooms', { name: 'Long' });
  const sent = [];
  for (const n of upTo(COUNT)) sent.push(await ada.post<{ seq: number }>(`/rooms/${room.id}/messages`, { clientMsgId: `m${n}`, content: LONG }));
  seqs = sent.map(({ seq }) => seq);
}, 120_000);
afterAll(() => product.stop());

/** The answer, which is checked to be small enough. */
async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${product.url}/api/v1${path}`, { headers: { authorization: `Bearer ${ada.token}` } });
  const text = await response.text();
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_ANSWER_BYTES);
  return JSON.parse(text) as T;
}
const history = (query: string) => get<History>(`/rooms/${room.id}/messages?limit=200${query}`);

describe('a list of rooms whose last messages are long', () => {
  it('is read in answers of some bytes, each room once', async () => {
    const made: string[] = [];
    for (const n of upTo(30)) {
      const { id } = await ada.post<MyRoom>('/rooms', { name: `Room ${n}` });
      await ada.post(`/rooms/${id}/messages`, { clientMsgId: 'long', content: LONG });
      made.push(id);
    }
    const read: string[] = [];
    for (let query: string | null = ''; query !== null; ) {
      const { items, nextCursor }: Page<MyRoom> = await get<Page<MyRoom>>(`/rooms?limit=200${query}`);
      expect(items.length).toBeGreaterThan(0);
      read.push(...items.map(({ id }) => id));
      query = nextCursor === null ? null : `&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(new Set(read).size).toBe(read.length);
    expect(read).toEqual(expect.arrayContaining(made));
  });
});

describe('a room of long messages', () => {
  it.each([
    ['backwards', 'before', ''],
    ['forwards', 'after', '&after=0'],
  ] as const)('is read %s in answers of some bytes, each message once', async (_way, name, first) => {
    const read: number[] = [];
    for (let query: string | null = first; query !== null; ) {
      const { items, nextCursor } = await history(query);
      expect(items.length).toBeGreaterThan(0);
      if (name === 'after') read.push(...items.map(({ seq }) => seq));
      else read.unshift(...items.map(({ seq }) => seq));
      query = nextCursor === null ? null : `&${name}=${nextCursor}`;
    }
    expect(read).toEqual(seqs);
  });

  it('has on both sides of a message what there is room for', async () => {
    const middle = seqs[COUNT / 2]!;
    const { items, hasBefore, hasAfter } = await history(`&around=${middle}`);
    expect([hasBefore, hasAfter]).toEqual([true, true]);
    const read = items.map(({ seq }) => seq);
    expect(read).toContain(middle);
    expect(read).toEqual(seqs.slice(seqs.indexOf(read[0]!), seqs.indexOf(read.at(-1)!) + 1));
  });

  it('has a journal that is read in answers of some bytes, without a hole', async () => {
    const read: number[] = [];
    for (let isComplete = false; !isComplete; ) {
      const response = await fetch(`${product.url}/api/v1/rooms/${room.id}/entries?after=${read.at(-1) ?? 0}&limit=200`, { headers: { authorization: `Bearer ${ada.token}` } });
      const text = await response.text();
      expect(Buffer.byteLength(text)).toBeLessThan(4_500_000);
      const answer = JSON.parse(text) as Extract<EntriesAnswer, { entries: unknown }>;
      expect(answer.entries.length).toBeGreaterThan(0);
      for (const { seq, type, content } of answer.entries) {
        if (type === 'new-message') expect(content).toBe(LONG);
        read.push(seq);
      }
      isComplete = answer.complete;
    }
    expect(read).toEqual(upTo(read.length));
    expect(read).toEqual(expect.arrayContaining(seqs));
  });
});
