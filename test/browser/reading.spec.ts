import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message, Receipt } from '../../src/protocol/messages.js';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const UNREAD = 45;

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let crowd: Crowd;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  crowd = new Crowd(product.url);
  [ada, ben] = await crowd.group('ada', 'ben');
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** A room in which Ben has read nothing of what Ada has written. */
async function roomWithUnread(name: string, count: number, text = (i: number) => `Line ${i}.`): Promise<{ id: string; seqs: number[] }> {
  const { id } = await ada.post<MyRoom>('/rooms', { name });
  await ben.post(`/rooms/${id}/join`);
  return { id, seqs: await sayMore(id, 1, count, text) };
}

async function sayMore(roomId: string, from: number, to: number, text = (i: number) => `Line ${i}.`): Promise<number[]> {
  const seqs: number[] = [];
  for (let i = from; i <= to; i++) seqs.push((await ada.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: `m${i}`, content: text(i) })).seq);
  return seqs;
}

async function signIn(): Promise<WebPerson> {
  const person = await WebPerson.open(browser, product.url, ben.user.username);
  await person.signIn();
  return person;
}

const stateOf = (roomId: string) => ben.get<MyRoom>(`/rooms/${roomId}`);
const readersOf = async (roomId: string, seq: number) => (await ada.get<Page<Receipt>>(`/rooms/${roomId}/messages/${seq}/receipts`)).items.map(({ userId }) => userId);

/** The seq of the last message whose end is on the screen. */
const lastInSight = ({ timeline }: WebPerson) =>
  timeline.evaluate((list) => {
    const { bottom } = list.getBoundingClientRect();
    return Math.max(...[...list.querySelectorAll<HTMLElement>('[data-seq]')].filter((row) => row.getBoundingClientRect().bottom <= bottom + 1).map((row) => Number(row.dataset['seq'])));
  });

/** The position has come to rest where it should. */
const readUpTo = (roomId: string, seq: number) => eventually(`read up to ${seq}`, async () => (await stateOf(roomId)).lastReadSeq === seq);

/** Makes the window look as if another one had the focus, or as if it had it again. */
const setFocus = (person: WebPerson, hasFocus: boolean) =>
  person.page.evaluate((focus) => {
    document.hasFocus = () => focus;
    dispatchEvent(new Event(focus ? 'focus' : 'blur'));
  }, hasFocus);

describe('what counts as read', { timeout: 120_000 }, () => {
  it('is what was on the screen: the room opens at the first unread message, and the rest stays unread', async () => {
    const { id, seqs } = await roomWithUnread('Forty-five', UNREAD);
    const person = await signIn();
    await person.room('Forty-five').click();
    await person.message('Line 1.').waitFor();
    await person.timeline.getByText('New', { exact: true }).waitFor();
    const seen = await lastInSight(person);
    expect(seen).toBeLessThan(seqs.at(-1)!);
    await readUpTo(id, seen);
    await keepScreenshot(person.page, 'reading-first-unread');
    expect((await stateOf(id)).unread).toBe(seqs.filter((seq) => seq > seen).length);
    expect(await readersOf(id, seqs.at(-1)!)).toEqual([]);
    expect(await readersOf(id, seen)).toEqual([ben.id]);
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('has no gap: who jumps to the newest has not read what is between, until it was on the screen, too', async () => {
    const { id, seqs } = await roomWithUnread('With a gap', UNREAD);
    const person = await signIn();
    const { page } = person;
    await person.room('With a gap').click();
    await person.message('Line 1.').waitFor();
    const seen = await lastInSight(person);
    await readUpTo(id, seen);
    await page.getByRole('button', { name: /new messages$/ }).click();
    await person.message(`Line ${UNREAD}.`).waitFor();
    const toUnread = page.getByRole('button', { name: /unread messages$/ });
    await toUnread.waitFor();
    await keepScreenshot(page, 'reading-gap');
    expect((await stateOf(id)).lastReadSeq).toBe(seen);
    await toUnread.click();
    await eventually('the position moves on', async () => (await stateOf(id)).lastReadSeq > seen);
    // Down to the end, a few messages at a time.
    await person.timeline.hover();
    await eventually('everything is read', async () => {
      await page.mouse.wheel(0, 200);
      return (await stateOf(id)).unread === 0;
    });
    expect(await readersOf(id, seqs.at(-1)!)).toEqual([ben.id]);
    await person.close();
  });

  it('is not what a reader rushed past', async () => {
    const { id, seqs } = await roomWithUnread('Rushed past', UNREAD);
    const person = await signIn();
    await person.room('Rushed past').click();
    await person.message('Line 1.').waitFor();
    await readUpTo(id, await lastInSight(person));
    const { lastReadSeq } = await stateOf(id);
    await person.timeline.hover();
    await person.page.mouse.wheel(0, 50_000);
    await person.message(`Line ${UNREAD}.`).waitFor();
    await person.page.getByRole('button', { name: /unread messages$/ }).waitFor();
    expect((await stateOf(id)).lastReadSeq).toBe(lastReadSeq);
    expect(lastReadSeq).toBeLessThan(seqs.at(-1)!);
    await person.close();
  });

  it('is everything for who says so, by Escape or by the button', async () => {
    const [first, second] = [await roomWithUnread('By Escape', UNREAD), await roomWithUnread('By button', UNREAD)];
    const person = await signIn();
    const { page } = person;
    await person.room('By Escape').click();
    await person.composer('By Escape').press('Escape');
    await readUpTo(first.id, first.seqs.at(-1)!);
    await person.room('By button').click();
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await readUpTo(second.id, second.seqs.at(-1)!);
    expect([(await stateOf(first.id)).unread, (await stateOf(second.id)).unread]).toEqual([0, 0]);
    await page.getByRole('button', { name: 'Mark as read' }).waitFor({ state: 'detached' });
    await person.close();
  });

  it('is everything before one’s own message', async () => {
    const { id } = await roomWithUnread('Answered', UNREAD);
    const person = await signIn();
    await person.room('Answered').click();
    await person.say('I answer');
    await eventually('everything is read', async () => (await stateOf(id)).unread === 0);
    await person.close();
  });

  it('is nothing while another window has the focus, however the room came to be open', async () => {
    const { id, seqs } = await roomWithUnread('In the background', 3);
    const person = await signIn();
    await setFocus(person, false);
    await person.room('In the background').click();
    await person.message('Line 3.').waitFor();
    // More than the screen holds: the first of them stays on it.
    const more = await sayMore(id, 4, UNREAD);
    await eventually('they have come', () => person.page.getByRole('button', { name: /new messages$/ }).isVisible());
    expect((await stateOf(id)).lastReadSeq).toBeLessThan(seqs[0]!);
    expect(await readersOf(id, seqs[0]!)).toEqual([]);
    await person.message('Line 1.').waitFor();
    await setFocus(person, true);
    await readUpTo(id, await lastInSight(person));
    expect((await stateOf(id)).lastReadSeq).toBeLessThan(more.at(-1)!);
    await person.close();
  });

  it('is a message that is taller than the screen once its end was on it', async () => {
    const { id, seqs } = await roomWithUnread('Tall', 1, () => Array.from({ length: 120 }, (_, i) => `Verse ${i + 1}`).join('\n'));
    const person = await signIn();
    await person.room('Tall').click();
    await person.timeline.getByText('Verse 1', { exact: false }).first().waitFor();
    // By now a message that fits would count.
    const before = await roomWithUnread('Short', 1);
    await person.room('Short').click();
    await readUpTo(before.id, before.seqs[0]!);
    expect((await stateOf(id)).lastReadSeq).toBeLessThan(seqs[0]!);
    await person.room('Tall').click();
    await person.timeline.hover();
    await eventually('its end is reached', async () => {
      await person.page.mouse.wheel(0, 400);
      return (await stateOf(id)).lastReadSeq === seqs[0]!;
    });
    await person.close();
  });

  it('stays where it was through a reload, and follows another tab', async () => {
    const { id, seqs } = await roomWithUnread('Two tabs', UNREAD);
    const person = await signIn();
    await person.room('Two tabs').click();
    await person.message('Line 1.').waitFor();
    const seen = await lastInSight(person);
    await readUpTo(id, seen);
    await person.page.reload();
    await person.timeline.getByText('New', { exact: true }).waitFor();
    await eventually('the next ones are read', async () => (await stateOf(id)).lastReadSeq > seen);
    expect((await stateOf(id)).lastReadSeq).toBeLessThan(seqs.at(-1)!);
    await ben.post(`/rooms/${id}/read`, { seq: seqs.at(-1)! });
    await person.page.getByRole('button', { name: /new messages$/ }).waitFor({ state: 'detached' });
    await person.close();
  });
});
