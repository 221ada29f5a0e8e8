import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/primitives.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Api, PASSWORD } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: WebPerson;
let ben: WebPerson;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  ada = await WebPerson.open(browser, product.url, 'ada');
  ben = await WebPerson.open(browser, product.url, 'ben');
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** What the browser itself says of a network that was switched off, or of a session that was ended, is no fault of the page. */
function isOurs(problem: string): boolean {
  return !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket connection to|status of 401/.test(problem);
}

/** What the server has of the room's messages. */
async function stored(): Promise<{ content: string | null }[]> {
  const { accessToken } = await new Api(product.url).post<{ accessToken: string }>('/auth/login', { login: 'ada', password: PASSWORD });
  const api = new Api(product.url, accessToken);
  const room = (await api.get<Page<MyRoom>>('/rooms')).items.find(({ name }) => name === ROOM)!;
  return (await api.get<Page<{ content: string | null }>>(`/rooms/${room.id}/messages?limit=200`)).items;
}

describe('two people in two browsers', { timeout: 120_000 }, () => {
  it('sign up, make a room, find it and talk', async () => {
    await ada.signUp();
    await ben.signUp();
    await ada.createRoom(ROOM);
    await keepScreenshot(ada.page, 'room-empty');
    await ben.discoverAndJoin(ROOM);
    await ada.say('Hello, 世界');
    await ben.message('Hello, 世界').waitFor();
    await ben.say('Hello yourself');
    await ada.message('Hello yourself').waitFor();
    await keepScreenshot(ada.page, 'room-two-messages');
  });

  it('see each other type', async () => {
    await ben.composer(ROOM).pressSequentially('I am wri');
    await ada.page.getByText('ben is typing').waitFor();
    await ben.composer(ROOM).fill('');
    await ada.page.getByText('ben is typing').waitFor({ state: 'hidden' });
  });

  it('edit and delete their own messages', async () => {
    await ben.say('The boat leaves at nien');
    await ben.act('nien', 'Edit');
    const editor = ben.page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('The boat leaves at nine');
    await editor.press('Enter');
    await ada.message('The boat leaves at nine').getByText('edited').waitFor();
    await ben.say('Forget this');
    await ada.message('Forget this').waitFor();
    await ben.act('Forget this', 'Delete');
    await ben.page.getByRole('alertdialog').or(ben.page.getByRole('dialog')).getByRole('button', { name: 'Delete' }).click();
    await ada.message('Message deleted').waitFor();
    await ada.message('Forget this').waitFor({ state: 'detached' });
    await keepScreenshot(ada.page, 'room-edited-and-deleted');
  });

  it('answer a message, and find their way to it', async () => {
    await ada.act('The boat leaves at nine', 'Reply');
    await ada.say('I will be there');
    const answer = ben.message('I will be there');
    await answer.getByRole('button', { name: /In reply to ben/ }).click();
    await keepScreenshot(ben.page, 'room-reply');
  });

  it('lose nothing offline: what they write is sent when they are back, once', async () => {
    await ben.goOffline();
    await ben.say('Written in the tunnel');
    await ben.say('还在隧道里');
    await ben.message('还在隧道里').getByText('Sending').first().waitFor({ state: 'attached' });
    await keepScreenshot(ben.page, 'room-offline');
    await ada.say('Where are you');
    await ben.comeBack();
    await ada.message('还在隧道里').waitFor();
    await ben.message('Where are you').waitFor();
    const contents = (await stored()).map(({ content }) => content);
    expect(contents.filter((content) => content === 'Written in the tunnel')).toHaveLength(1);
    expect(contents.indexOf('Written in the tunnel')).toBeLessThan(contents.indexOf('还在隧道里'));
  });

  it('lose nothing to a reload either', async () => {
    await ada.goOffline();
    await ada.say('Kept through a reload');
    await ada.message('Kept through a reload').waitFor();
    // The page itself must come from somewhere: back online for it, with the API still out of reach.
    await ada.page.route('**/socket.io/**', (route) => route.abort());
    await ada.comeBack();
    await ada.page.reload();
    await ada.rooms.waitFor();
    await ada.page.unroute('**/socket.io/**');
    await ben.message('Kept through a reload').waitFor();
    expect((await stored()).filter(({ content }) => content === 'Kept through a reload')).toHaveLength(1);
  });

  it('see what is unread, and that it was read', async () => {
    await ben.writeTo('ada');
    await ada.say('One');
    await ada.say('Two');
    await ben.room(ROOM).filter({ hasText: '2' }).waitFor();
    await keepScreenshot(ben.page, 'unread');
    await ben.room(ROOM).click();
    await ben.message('Two').waitFor();
    await ada.message('Two').getByText(/Read/).first().waitFor();
  });

  it('shows text as text, whatever it contains', async () => {
    const nasty = '<img src=x onerror="document.title=1"><script>alert(1)</script> javascript:alert(1) https://example.org/?q=<b>';
    await ada.say(nasty);
    await ben.message('<img src=x').waitFor();
    expect(await ben.timeline.locator('script, img[src="x"], a[href^="javascript"]').count()).toBe(0);
    expect(await ben.message('<img src=x').getByRole('link').getAttribute('href')).toMatch(/^https:\/\/example\.org/);
  });

  it('lets who may keep order', async () => {
    await ada.page.getByRole('button', { name: 'Members' }).click();
    const dialog = ada.page.getByRole('dialog');
    await keepScreenshot(ada.page, 'members');
    await dialog.getByRole('button', { name: 'Manage ben' }).click();
    await ada.page.getByRole('menuitem', { name: /Remove from the room/ }).click();
    await ada.page.getByRole('button', { name: 'Remove', exact: true }).click();
    await ben.room(ROOM).waitFor({ state: 'detached' });
    await ada.message('ben').first().waitFor({ state: 'attached' });
  });

  it('signs out everywhere at once', async () => {
    const elsewhere = await WebPerson.open(browser, product.url, 'ben');
    await elsewhere.signIn();
    await ben.page.getByRole('button', { name: 'Account and settings' }).first().click();
    await ben.page.getByRole('menuitem', { name: 'Security' }).click();
    await keepScreenshot(ben.page, 'security');
    await ben.page.getByRole('button', { name: 'Sign out everywhere' }).click();
    const confirm = ben.page.getByRole('alertdialog').getByRole('button', { name: /Sign out/ });
    await confirm.click();
    await ben.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await elsewhere.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(elsewhere.problems.filter(isOurs)).toEqual([]);
    await elsewhere.close();
  });

  it('without a complaint of the browser', () => {
    expect(ada.problems.filter(isOurs)).toEqual([]);
    expect(ben.problems.filter(isOurs)).toEqual([]);
  });
});
