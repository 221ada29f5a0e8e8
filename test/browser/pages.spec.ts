import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { PASSWORD } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: WebPerson;
let ben: WebPerson;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  ada = await WebPerson.open(browser, product.url, 'ada', WIDE);
  ben = await WebPerson.open(browser, product.url, 'ben', WIDE);
  await ada.signUp();
  await ben.signUp();
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** So wide that the list stays beside a page that is open. */
const WIDE = { viewport: { width: 1600, height: 900 } };

const list = ({ page }: WebPerson) => page.getByRole('navigation', { name: 'Pages' });
/** Its name goes on with who made it and when, but not with what a copy is called. */
const row = (person: WebPerson, title: string) => list(person).getByRole('link', { name: new RegExp(`^${title.replaceAll(/[()]/g, '\\$&')} (?!\\()`) });
const dialog = ({ page }: WebPerson) => page.getByRole('dialog');

async function openPages(person: WebPerson): Promise<void> {
  await person.page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Pages' }).click();
  await list(person).waitFor();
}

/** Chooses from the menu of a page in the list. */
async function act(person: WebPerson, title: string, action: string | RegExp): Promise<void> {
  await row(person, title).hover();
  await list(person).getByRole('button', { name: `Actions for “${title}”` }).click();
  await person.page.getByRole('menuitem', { name: action }).click();
}

/** Makes a link, which is to be seen only now, and waits until it is in the list. */
async function newLink(person: WebPerson, listed: string): Promise<string> {
  await dialog(person).getByRole('button', { name: 'Create link' }).click();
  await dialog(person).getByRole('listitem').filter({ hasText: listed }).waitFor();
  return dialog(person).getByRole('textbox', { name: 'The new link' }).inputValue();
}

describe('pages', { timeout: 60_000 }, () => {
  it('are made, under a name of one’s own that nobody else has', async () => {
    await openPages(ada);
    await list(ada).getByText('No pages yet').waitFor();
    await keepScreenshot(ada.page, 'pages-empty');
    await list(ada).getByRole('button', { name: 'New page' }).first().click();
    await dialog(ada).getByRole('textbox', { name: 'Title' }).fill('Spring sale');
    const address = dialog(ada).getByRole('textbox', { name: /Address/ });
    await address.fill('spring sale');
    await dialog(ada).getByText('without spaces').waitFor();
    expect(await dialog(ada).getByRole('button', { name: 'Create page' }).isDisabled()).toBe(true);
    await address.fill('spring-sale');
    await dialog(ada).getByText('/pages/spring-sale').waitFor();
    await dialog(ada).getByRole('button', { name: 'Create page' }).click();
    await ada.page.waitForURL('**/pages/spring-sale');
    await row(ada, 'Spring sale').waitFor();
    await ada.page.waitForFunction(() => document.title.startsWith('Spring sale'));

    await openPages(ben);
    await list(ben).getByRole('button', { name: 'New page' }).first().click();
    await dialog(ben).getByRole('textbox', { name: 'Title' }).fill('Mine');
    await dialog(ben).getByRole('textbox', { name: /Address/ }).fill('spring-sale');
    await dialog(ben).getByRole('button', { name: 'Create page' }).click();
    await dialog(ben).getByText('This is taken already.').waitFor();
    await ben.page.keyboard.press('Escape');
  });

  it('are found by a part of the title or the address, and by the keyboard', async () => {
    for (const title of ['Autumn fair', '冬季促销']) {
      await list(ada).getByRole('button', { name: 'New page' }).click();
      await dialog(ada).getByRole('textbox', { name: 'Title' }).fill(title);
      await ada.page.keyboard.press('Enter');
      await row(ada, title).waitFor();
    }
    const search = list(ada).getByRole('searchbox', { name: 'Search pages' });
    await search.fill('g-sa');
    await row(ada, 'Autumn fair').waitFor({ state: 'detached' });
    await row(ada, 'Spring sale').waitFor();
    await search.fill('冬季');
    await row(ada, 'Spring sale').waitFor({ state: 'detached' });
    await row(ada, '冬季促销').waitFor();
    await search.press('Enter');
    await ada.page.waitForFunction(() => document.title.includes('冬季促销'));
    await search.fill('nothing like it');
    await list(ada).getByText('No page is called that').waitFor();
    await search.press('Escape');
    await search.press('ArrowDown');
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.press('Enter');
    await ada.page.waitForURL('**/pages/spring-sale');
  });

  it('are shared with people, who see them come, change and go', async () => {
    await act(ada, 'Spring sale', /Share/);
    await dialog(ada).getByText('Owner', { exact: true }).waitFor();
    await dialog(ada).getByRole('button', { name: 'Add people' }).click();
    await dialog(ada).getByRole('searchbox').fill('ben');
    await dialog(ada).getByRole('button', { name: 'Add ben' }).click();
    await dialog(ada).getByText('Added').waitFor();
    await row(ben, 'Spring sale').waitFor();
    await dialog(ada).getByRole('button', { name: 'Back to the members' }).click();
    await dialog(ada).getByText('You are the only owner').waitFor();
    await keepScreenshot(ada.page, 'pages-share');
    await dialog(ada).getByRole('button', { name: 'Manage ben' }).click();
    await ada.page.getByRole('menuitem', { name: 'Make viewer' }).click();
    await row(ben, 'Spring sale').getByRole('img', { name: 'View only' }).waitFor();
    await ada.page.keyboard.press('Escape');

    await act(ada, 'Spring sale', /Rename/);
    const title = dialog(ada).getByRole('textbox', { name: 'Title' });
    await title.fill('Summer sale');
    await title.press('Enter');
    await row(ben, 'Summer sale').waitFor();
    await row(ada, 'Summer sale').waitFor();
    await ada.page.waitForFunction(() => document.title.startsWith('Summer sale'));
  });

  it('are deleted, and brought back by who has just done it or thinks better of it later', async () => {
    await act(ada, 'Summer sale', /Delete/);
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await row(ben, 'Summer sale').waitFor({ state: 'detached' });
    await row(ada, 'Summer sale').waitFor({ state: 'detached' });
    await ada.page.waitForURL('**/pages');
    await keepScreenshot(ada.page, 'pages-deleted');
    await ada.page.getByRole('button', { name: 'Undo' }).click();
    await row(ada, 'Summer sale').waitFor();
    await row(ben, 'Summer sale').waitFor();
    await ada.page.waitForURL('**/pages/spring-sale');

    await act(ada, 'Autumn fair', /Delete/);
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await row(ada, 'Autumn fair').waitFor({ state: 'detached' });
    await list(ada).getByRole('button', { name: 'More' }).click();
    await ada.page.getByRole('menuitem', { name: 'Deleted pages' }).click();
    await dialog(ada).getByRole('button', { name: 'Restore “Autumn fair”' }).click();
    await dialog(ada).getByText('Nothing deleted').waitFor();
    await ada.page.keyboard.press('Escape');
    await row(ada, 'Autumn fair').waitFor();
  });

  it('are copied, by whoever may see them', async () => {
    await act(ben, 'Summer sale', 'Duplicate');
    await row(ben, 'Summer sale (copy)').waitFor();
    await ben.page.waitForFunction(() => document.title.startsWith('Summer sale (copy)'));
  });

  it('are left by members, but not by the only owner', async () => {
    await act(ada, 'Summer sale', /Share/);
    await dialog(ada).getByText('You are the only owner').waitFor();
    expect(await dialog(ada).getByRole('button', { name: 'Manage ada' }).count()).toBe(0);
    await ada.page.keyboard.press('Escape');
    await act(ben, 'Summer sale', /Leave/);
    await ben.page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
    await ben.page.getByText('You have left “Summer sale”.').waitFor();
    await row(ben, 'Summer sale').waitFor({ state: 'detached' });
    await row(ben, 'Summer sale (copy)').waitFor();
  });
});

describe('a link that invites', { timeout: 60_000 }, () => {
  it('says to what, lets a new person sign up, and leads to the page', async () => {
    await act(ada, 'Summer sale', /Share/);
    await dialog(ada).getByRole('button', { name: 'Invite by link' }).click();
    await dialog(ada).getByText('No links').waitFor();
    await dialog(ada).getByRole('button', { name: /Uses/ }).click();
    await ada.page.getByRole('option', { name: '1 time' }).click();
    const link = await newLink(ada, '0 of 1 use');
    await keepScreenshot(ada.page, 'pages-invite-links');

    const cleo = await WebPerson.open(browser, product.url, 'cleo', WIDE);
    await cleo.page.goto(link);
    await cleo.page.getByText('ada invites you to the page').waitFor();
    await cleo.page.getByRole('heading', { name: 'Summer sale' }).waitFor();
    await keepScreenshot(cleo.page, 'invite-signed-out');
    await cleo.page.getByRole('button', { name: 'Create an account and accept' }).click();
    await cleo.page.getByRole('textbox', { name: 'Username' }).fill('cleo');
    await cleo.page.getByRole('textbox', { name: 'E-mail address' }).fill('cleo@example.org');
    await cleo.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await cleo.page.getByRole('button', { name: 'Create account' }).click();
    // Which accepts as well.
    await cleo.page.waitForURL('**/pages/spring-sale');
    await row(cleo, 'Summer sale').waitFor();
    expect(cleo.problems).toEqual([]);
    await cleo.close();

    await ben.page.goto(link);
    await ben.page.getByText('This invite has been used up').waitFor();
    await ben.page.getByRole('button', { name: /I have already accepted/ }).click();
    await ben.page.getByText('You have not accepted this invite').waitFor();
  });

  it('opens nothing any more once it was taken back', async () => {
    await dialog(ada).getByRole('button', { name: /Uses/ }).click();
    await ada.page.getByRole('option', { name: 'No limit' }).click();
    const link = await newLink(ada, 'used 0 times');
    await dialog(ada).getByRole('button', { name: /^Revoke the link/ }).first().click();
    await ada.page.getByText('The link no longer works.').waitFor();
    // To the dialog: what had the focus has just gone.
    await dialog(ada).press('Escape');
    await dialog(ada).waitFor({ state: 'hidden' });
    await ben.page.goto(link);
    await ben.page.getByText('This invite has ended').waitFor();
    await ben.page.goto(`${product.url}/invite/nonsense`);
    await ben.page.getByText('There is no such invite').waitFor();
    await ben.page.getByRole('button', { name: 'Go to start' }).click();
    await ben.rooms.waitFor();
  });

  it('leads to rooms, too', async () => {
    await ada.page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Chat' }).click();
    await ada.createRoom('Harbour');
    await ada.page.getByRole('button', { name: 'Members' }).click();
    await dialog(ada).getByRole('button', { name: 'Invite by link' }).click();
    const link = await newLink(ada, 'used 0 times');
    await ada.page.keyboard.press('Escape');
    await ben.page.goto(link);
    await ben.page.getByText('ada invites you to the room').waitFor();
    await ben.page.getByRole('button', { name: 'Accept and open' }).click();
    await ben.composer('Harbour').waitFor();
  });

  it('without a complaint of the browser, but for the refusals that were asked for', () => {
    const isOurs = (problem: string): boolean => !/status of (404|409|410)/.test(problem);
    expect(ada.problems.filter(isOurs)).toEqual([]);
    expect(ben.problems.filter(isOurs)).toEqual([]);
  });
});
