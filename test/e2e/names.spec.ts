import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageSummary } from '../../src/protocol/pages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { type Answer, Crowd, PASSWORD, type Person } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';

let product: Product;
let crowd: Crowd;
let ada: Person;
let room: MyRoom;
let page: PageSummary;
let registered = 0;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
  ada = await crowd.person('ada');
  room = await ada.post<MyRoom>('/rooms', { name: 'Harbour' });
  page = await ada.post<PageSummary>('/pages', { title: 'Harbour' });
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** Wherever somebody gives a name, and the field in which it stands. */
const PLACES: [place: string, field: string, give: (name: string) => Promise<Answer>][] = [
  ['a new room', 'name', (name) => ada.call('POST', '/rooms', { body: { name } })],
  ['a room', 'name', (name) => ada.call('PATCH', `/rooms/${room.id}`, { body: { name } })],
  ['a new page', 'title', (title) => ada.call('POST', '/pages', { body: { title } })],
  ['a page', 'title', (title) => ada.call('PUT', `/pages/${page.pageId}/title`, { body: { title } })],
  ['a copy of a page', 'title', (title) => ada.call('POST', `/pages/${page.pageId}/duplicate`, { body: { title } })],
  ['oneself', 'displayName', (displayName) => ada.call('PATCH', '/users/me', { body: { displayName } })],
  ['a new user', 'displayName', (displayName) => ada.call('POST', '/auth/register', { body: { email: `p${++registered}@example.org`, username: `p${registered}`, password: PASSWORD, displayName } })],
];

describe.each(PLACES)('the name of %s', (_, field, give) => {
  it.each([
    ['two lines', 'Ada\nAdmin', 'must be one line'],
    ['a line separator', 'Ada\u2028Admin', 'must be one line'],
    ['nothing that one sees', '\u3164\u200b', 'must not be blank'],
    ['a direction that is turned', '\u202enimdA', 'must not contain invisible characters'],
    ['a zero-width space', 'Ad\u200ba', 'must not contain invisible characters'],
    ['marks in a heap', `A${'\u0335'.repeat(20)}`, 'must not have more than 4 marks on one letter'],
  ])('cannot be %s', async (__, name, message) => {
    expect(await give(name)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: field, message }] } });
  });

  it('is measured before it is looked at', async () => {
    const { status, body } = (await give('\u0301'.repeat(7_000))) as Answer<{ errors: { message: string }[] }>;
    expect(status).toBe(400);
    expect(body.errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^must have at most \d+ characters$/)]);
  });

  it.each(['می‌خواهم', 'ශ්‍රී', 'Nguyễn', '👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '葛\u{e0100}城', 'שָׁלוֹם'])('may be %s, and stays so', async (name) => {
    const { status, body } = await give(name);
    expect([200, 201]).toContain(status);
    const named = body as Record<string, unknown> & { user?: Record<string, unknown> };
    expect((named.user ?? named)[field]).toBe(name);
  });
});
