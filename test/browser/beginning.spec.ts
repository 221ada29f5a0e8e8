import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/protocol/messages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, PASSWORD, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';
const LONG_NAME = 'Bartholomew Featherstonehaugh';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } satisfies BrowserContextOptions;

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
  ada = await crowd.person('ada', 'Ada Lovelace');
  ben = await crowd.person('ben', LONG_NAME);
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

async function signIn(who: Person, options?: BrowserContextOptions): Promise<WebPerson> {
  const person = await WebPerson.open(browser, product.url, who.user.username, options);
  await person.signIn();
  return person;
}

async function roomOfBoth(name: string): Promise<string> {
  const { id } = await ada.post<MyRoom>('/rooms', { name });
  await ben.post(`/rooms/${id}/join`);
  return id;
}

let messages = 0;
const say = (who: Person, roomId: string, content: string, replyTo: string | null = null) => who.post<Message>(`/rooms/${roomId}/messages`, { clientMsgId: `m${++messages}`, content, replyTo });

describe('a new user', { timeout: 120_000 }, () => {
  it('is told what to begin with, on a phone as well', async () => {
    for (const [options, picture] of [[{}, 'welcome'], [PHONE, 'welcome-phone']] as const) {
      const person = await WebPerson.open(browser, product.url, `new-${picture}`, options);
      await person.signUp();
      await person.page.getByText(`Welcome, new-${picture}`).filter({ visible: true }).waitFor();
      await keepScreenshot(person.page, picture);
      await person.page.getByRole('button', { name: 'Create a room' }).filter({ visible: true }).click();
      await person.page.getByRole('dialog', { name: 'Create a room' }).waitFor();
      expect(person.problems).toEqual([]);
      await person.close();
    }
  });

  it('makes a room, and takes its link from where the messages will be; who opens the link is in with the new account', async () => {
    const person = await signIn(await crowd.person('cleo'));
    await person.createRoom(ROOM);
    await keepScreenshot(person.page, 'new-room');
    await person.page.getByRole('main').getByRole('button', { name: 'Invite by link' }).click();
    const link = await person.page.getByRole('textbox', { name: 'The new link' }).inputValue();
    await keepScreenshot(person.page, 'new-room-link');
    await person.page.getByRole('button', { name: 'Add people' }).click();
    await person.page.getByRole('dialog').getByRole('searchbox', { name: 'Search people by name' }).waitFor();
    const guest = await WebPerson.open(browser, link, 'guest-of-cleo');
    const { page } = guest;
    await page.goto(link);
    await page.getByRole('button', { name: 'Create an account and accept' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill('guest-of-cleo');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('guest@example.org');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await guest.composer(ROOM).waitFor();
    expect([...person.problems, ...guest.problems]).toEqual([]);
    await person.close();
    await guest.close();
  });

  it('accepts nothing by signing in at an address that somebody has made up', async () => {
    const { id } = await ada.post<MyRoom>('/rooms', { name: 'Lure', isPrivate: true });
    const { token } = await ada.post<{ token: string }>(`/rooms/${id}/invite`, { role: 'member' });
    const { page, close } = await WebPerson.open(browser, product.url, 'ben').then((person) => ({ page: person.page, close: () => person.close() }));
    await page.goto(`${product.url}/sign-in?next=%2Finvite%2F${token}`);
    await page.getByRole('textbox', { name: 'E-mail address or username' }).fill(ben.user.username);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Accept and open' }).waitFor();
    expect(await ben.refusal('GET', `/rooms/${id}`)).toBe('ROOM_NOT_FOUND');
    await close();
  });
});

describe('elsewhere', { timeout: 120_000 }, () => {
  it('one sees that something is unread: at the area, in the title, in the icon', async () => {
    const roomId = await roomOfBoth('Unread');
    const person = await signIn(ben);
    const { page } = person;
    await page.goto(`${product.url}/pages`);
    const area = page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: /^Chat/ });
    await area.waitFor();
    const icon = () => page.locator('link[rel=icon]').getAttribute('href');
    expect(await icon()).toContain('favicon.svg');
    await say(ada, roomId, 'One');
    await say(ada, roomId, 'Two');
    await area.getByRole('img', { name: '2 unread messages' }).waitFor();
    await keepScreenshot(page, 'unread-elsewhere');
    expect(await page.title()).toMatch(/^\(2\) /);
    expect(await icon()).toContain('favicon-unread.svg');
    expect((await fetch(new URL((await icon())!, product.url))).status).toBe(200);
    await ben.post(`/rooms/${roomId}/read`, { seq: Number.MAX_SAFE_INTEGER });
    await area.getByRole('img').waitFor({ state: 'detached' });
    await eventually('the icon is plain', async () => (await icon())!.includes('favicon.svg'));
    await person.close();
  });

  it('one is told of being added to a room, to a page, and of a conversation, and led there', async () => {
    const dora = await crowd.person('dora');
    const person = await signIn(dora);
    const { page } = person;
    const { id } = await ada.post<MyRoom>('/rooms', { name: 'Council', isPrivate: true });
    await ada.put(`/rooms/${id}/members/${dora.id}`, { role: 'member' });
    await page.getByText('Ada Lovelace added you to “Council”.').waitFor();
    const { pageId } = await ada.post<{ pageId: string }>('/pages', { title: 'Spring sale' });
    await ada.put(`/pages/${pageId}/members/${dora.id}`, { role: 'viewer' });
    await page.getByText('Ada Lovelace shared the page “Spring sale” with you.').waitFor();
    await keepScreenshot(page, 'added');
    await ben.post('/rooms/direct', { userId: dora.id });
    await page.getByText(`${LONG_NAME} started a conversation with you.`).waitFor();
    await page.getByRole('status').getByRole('button', { name: 'Open' }).first().click();
    await person.composer('Council').waitFor();
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('one’s own doing is no news', async () => {
    const eve = await crowd.person('eve');
    const person = await signIn(eve);
    const { id } = await ada.post<MyRoom>('/rooms', { name: 'Open house' });
    await eve.post(`/rooms/${id}/join`);
    await person.room('Open house').waitFor();
    await ada.put(`/rooms/${(await ada.post<MyRoom>('/rooms', { name: 'Later' })).id}/members/${eve.id}`, { role: 'member' });
    await person.page.getByText('added you to “Later”').waitFor();
    expect(await person.page.getByText('Open house”').count()).toBe(0);
    await person.close();
  });
});

describe('in a conversation', { timeout: 120_000 }, () => {
  it('a name opens its owner’s profile, from where one writes to them', async () => {
    const roomId = await roomOfBoth('Names');
    await say(ada, roomId, 'Who am I?');
    const person = await signIn(ben);
    const { page } = person;
    await person.room('Names').click();
    await person.message('Who am I?').getByRole('button', { name: 'Ada Lovelace' }).click();
    const card = page.getByRole('dialog', { name: 'Profile' });
    await card.getByText(`@${ada.user.username}`).waitFor();
    await keepScreenshot(page, 'profile');
    await card.getByRole('button', { name: 'Message' }).click();
    await person.composer('Ada Lovelace').waitFor();
    // By the keyboard, and of members.
    await person.room('Names').click();
    await person.message('Who am I?').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Profile' }).click();
    await card.waitFor();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Members' }).click();
    await page.getByRole('dialog').getByRole('button', { name: LONG_NAME, exact: true }).click();
    await page.getByRole('dialog', { name: 'Profile' }).getByRole('button', { name: 'Edit profile' }).waitFor();
    expect(person.problems).toEqual([]);
    await person.close();
  });

  it('“edited” follows the last word, and a quoted name is whole', async () => {
    const roomId = await roomOfBoth('Details');
    const { id } = await say(ben, roomId, 'before');
    await ben.patch(`/messages/${id}`, { content: `${'Words that fill more than one line of the room. '.repeat(6)}The last word` });
    await say(ada, roomId, `An answer to it, which is long enough to leave no room for a name`, id);
    const person = await signIn(ada, PHONE);
    await person.room('Details').tap();
    const edited = person.message('The last word').getByText('edited', { exact: true }).first();
    const gap = await edited.evaluate((mark) => {
      const range = document.createRange();
      range.selectNode(mark.previousSibling!);
      const lines = [...range.getClientRects()];
      return { bottom: mark.getBoundingClientRect().bottom - lines.at(-1)!.bottom, left: mark.getBoundingClientRect().left - lines.at(-1)!.right };
    });
    expect(Math.abs(gap.bottom)).toBeLessThan(8);
    expect(gap.left).toBeGreaterThanOrEqual(0);
    expect(gap.left).toBeLessThan(20);
    const quoted = person.message('An answer').getByRole('button', { name: /In reply to/ }).getByText(LONG_NAME);
    await keepScreenshot(person.page, 'quoted-name');
    expect(await quoted.evaluate((name) => name.scrollWidth - name.clientWidth)).toBeLessThanOrEqual(0);
    await person.close();
  });

  it('Escape closes the switcher and the choice of a person, whatever is written in them', async () => {
    const person = await signIn(ben);
    const { page } = person;
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('searchbox').fill('Nothing is called this');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await person.add('New direct message');
    await page.getByRole('dialog').getByRole('searchbox').fill('Ada');
    await page.getByRole('dialog').getByRole('option', { name: 'Ada Lovelace' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await person.close();
  });
});
