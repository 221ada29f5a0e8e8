import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, Tokens } from '../../src/protocol/auth.js';
import { launchBrowser } from '../support/browser.js';
import { Api, PASSWORD } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

/** A token that has less than 30 s left is refreshed: so this one is every 2 s. */
const TTL_SECONDS = 32;

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;

beforeAll(async () => {
  product = await startProduct({ ACCESS_TOKEN_TTL: `${TTL_SECONDS}s` });
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const cookieOf = async (page: Page) => (await page.context().cookies(`${product.url}/api/v1/auth`)).find(({ name }) => name === 'atrium_refresh');
const accessTokenIn = (page: Page) => page.evaluate(() => (JSON.parse(localStorage.getItem('atrium:session') ?? 'null') as { accessToken: string } | null)?.accessToken);
/** All that scripts of the page can read. */
const readable = (page: Page) =>
  page.evaluate(async () => {
    const texts = [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => (indexedDB.open(name!).onsuccess = ({ target }) => resolve((target as IDBOpenDBRequest).result)));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        texts.push(JSON.stringify(await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)))));
      }
      database.close();
    }
    return texts.join('\n');
  });
const sessionsOf = async (name: string): Promise<Session[]> => {
  const { accessToken } = await new Api(product.url).post<Tokens>('/auth/login', { login: name, password: PASSWORD });
  return (await new Api(product.url, accessToken).get<{ items: Session[] }>('/auth/sessions')).items.filter(({ current, userAgent }) => !current && userAgent?.includes('Chrome'));
};

describe('the web app', { timeout: 120_000 }, () => {
  it('keeps the refresh token where no script can read it, and its tabs refresh without ending the session', async () => {
    const ada = await WebPerson.open(browser, product.url, 'ada');
    await ada.signUp();
    const first = (await cookieOf(ada.page))!;
    expect(first).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/v1/auth', secure: false });
    const tabs = [ada.page, await ada.page.context().newPage(), await ada.page.context().newPage()];
    for (const tab of tabs.slice(1)) await tab.goto(product.url);
    let before = await accessTokenIn(ada.page);
    for (let round = 0; round < 2; round++) {
      await eventually('a tab has refreshed', async () => (await accessTokenIn(ada.page)) !== before, 60_000);
      before = await accessTokenIn(ada.page);
    }
    for (const tab of tabs) {
      await tab.reload();
      await tab.getByRole('navigation', { name: 'Chats' }).waitFor();
    }
    const now = (await cookieOf(ada.page))!;
    expect(now.value).not.toBe(first.value);
    const text = await readable(ada.page);
    // Everything was read: the access token, which lives for minutes, is there.
    expect(text).toContain('accessToken');
    for (const secret of [first.value, now.value, 'refreshToken', 'atrium_device']) expect(text).not.toContain(secret);
    expect((await sessionsOf('ada')).map(({ id }) => id)).toEqual([first.value.split('.')[0]]);
    await ada.close();
  });

  it('moves a sign-in of before there, and opens without a network as ever', async () => {
    const tokens = await new Api(product.url).post<Tokens>('/auth/register', { email: 'old@example.org', username: 'old', password: PASSWORD });
    const old = await WebPerson.open(browser, product.url, 'old');
    await old.page.goto(product.url);
    const { user, accessToken, refreshToken } = tokens;
    await old.page.evaluate((kept) => localStorage.setItem('atrium:session', JSON.stringify(kept)), { user, accessToken, refreshToken, expiresAtMs: 0 });
    await old.page.reload();
    await old.rooms.waitFor();
    await eventually('the token has moved', async () => (await cookieOf(old.page)) !== undefined);
    await eventually('nothing of it is left', async () => !(await readable(old.page)).includes('refreshToken'));
    await old.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await old.page.context().setOffline(true);
    await old.page.reload();
    await old.rooms.waitFor();
    await old.page.context().setOffline(false);
    await old.close();
  });

  it('tells the server of a sign-out later, when it cannot be told at once', async () => {
    const eve = await WebPerson.open(browser, product.url, 'eve');
    await eve.signUp();
    await eve.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await eve.page.context().setOffline(true);
    await eve.page.getByRole('button', { name: 'Account and settings' }).first().click();
    await eve.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await eve.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await cookieOf(eve.page)).toBeDefined();
    await eve.page.reload();
    await eve.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await eve.page.context().setOffline(false);
    await eventually('the cookie is gone', async () => (await cookieOf(eve.page)) === undefined);
    expect(await sessionsOf('eve')).toEqual([]);
    await eve.close();
  });
});
