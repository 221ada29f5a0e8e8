import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MyRoom } from '../../src/protocol/rooms.js';
import type { User } from '../../src/protocol/users.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let ben: Person;
let roomId: string;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  ada = await crowd.person('ada', 'Ada Lovelace');
  ben = await crowd.person('ben', '本杰明 Ben');
  ({ id: roomId } = await ben.post<MyRoom>('/rooms', { name: ROOM }));
  await ada.post(`/rooms/${roomId}/join`);
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

async function signIn(person: Person, options = {}): Promise<WebPerson> {
  const web = await WebPerson.open(browser, product.url, person.user.username, options);
  await web.signIn();
  return web;
}

async function openPrivacy(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Account and settings' }).first().click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Privacy' }).click();
  return page.getByRole('dialog');
}

describe('privacy', { timeout: 120_000 }, () => {
  it('lets one block somebody where one sees them, and unblock them in the settings, on every device', async () => {
    const [laptop, phone] = [await signIn(ada), await signIn(ada, PHONE)];
    const { page } = laptop;
    await laptop.room(ROOM).click();
    await page.getByRole('button', { name: 'Members' }).click();
    const members = page.getByRole('dialog');
    const manage = members.getByRole('button', { name: 'Manage 本杰明 Ben' });
    await manage.click();
    await page.getByRole('menuitem', { name: 'Block …' }).click();
    await keepScreenshot(page, 'block-somebody');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect((await ben.call('POST', '/rooms/direct', { body: { userId: ada.id } })).status).toBe(403);
    await manage.click();
    await page.getByRole('menuitem', { name: 'Unblock' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    // The other device knows it without being asked to look again.
    const settings = await openPrivacy(phone.page);
    await settings.getByRole('button', { name: 'Unblock 本杰明 Ben' }).waitFor();
    await keepScreenshot(phone.page, 'privacy-phone');
    await settings.getByRole('button', { name: 'Unblock 本杰明 Ben' }).click();
    await settings.getByText('You have not blocked anybody.').waitFor();
    await manage.click();
    await page.getByRole('menuitem', { name: 'Block …' }).waitFor();
    expect((await ben.call('POST', '/rooms/direct', { body: { userId: ada.id } })).status).toBe(201);
    expect([laptop.problems, phone.problems]).toEqual([[], []]);
    await laptop.close();
    await phone.close();
  });

  it('lets one choose who may add one, and tells the others that they may not', async () => {
    const person = await signIn(ada, { colorScheme: 'dark' });
    const settings = await openPrivacy(person.page);
    await settings.getByRole('button', { name: /Who can add you/ }).click();
    await person.page.getByRole('option', { name: 'Nobody' }).click();
    await eventually('it is stored', async () => (await ada.get<User>('/users/me')).whoMayAdd === 'nobody');
    await keepScreenshot(person.page, 'privacy');
    await person.page.reload();
    await person.rooms.waitFor();
    await (await openPrivacy(person.page)).getByRole('button', { name: /Nobody/ }).waitFor();
    const other = await signIn(ben);
    await other.room(ROOM).click();
    const { page } = other;
    await ada.post(`/rooms/${roomId}/leave`);
    await page.getByRole('button', { name: 'Members' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add people' }).click();
    await page.getByRole('dialog').getByRole('searchbox').fill('Ada');
    await page.getByRole('button', { name: 'Add Ada Lovelace' }).click();
    await page.getByRole('alert').filter({ hasText: 'You cannot add them.' }).waitFor();
    await keepScreenshot(page, 'cannot-be-added');
    await other.close();
    await person.close();
  });
});
