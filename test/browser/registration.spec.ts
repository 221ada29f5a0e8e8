import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { keepScreenshot, launchBrowser, openPage } from '../support/browser.js';
import { Api, PASSWORD, Person } from '../support/client.js';
import { query } from '../support/journal-node.js';
import { type Product, startProduct } from '../support/product.js';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: 'dark' } satisfies BrowserContextOptions;
const CHINESE = { locale: 'zh-CN' } satisfies BrowserContextOptions;

let browser: Browser;
let closeBrowser: () => Promise<void>;
let open: Product;
let byInvite: Product;
let closed: Product;

beforeAll(async () => {
  ({ browser, close: closeBrowser } = await launchBrowser());
  [open, byInvite, closed] = await Promise.all([startProduct({ QUOTA_ROOMS: '1' }), startProduct({ REGISTRATION: 'invite' }), startProduct({ REGISTRATION: 'closed' })]);
});
afterAll(async () => {
  await closeBrowser();
  for (const product of [open, byInvite, closed]) {
    expect(product.errors()).toEqual([]);
    await product.stop();
  }
});

async function visit(url: string, work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}, expected: RegExp[] = []): Promise<void> {
  const { page, problems, close } = await openPage(browser, options);
  await page.goto(url);
  await work(page);
  expect(problems.filter((problem) => !expected.some((some) => some.test(problem)))).toEqual([]);
  await close();
}

async function fillSignUp(page: Page, username: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(`${username}@example.org`);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
}

const isAdmin = async (product: Product, username: string) => (await query<{ is_admin: boolean }>(product.databaseUrl, 'SELECT is_admin FROM users WHERE username = $1', [username]))[0]?.is_admin;

describe('the link of the first start', { timeout: 120_000 }, () => {
  it('leads a newcomer to an account and to being the administrator, also where nobody else may register', async () => {
    const token = await byInvite.adminToken();
    await visit(`${byInvite.url}/setup#${token}`, async (page) => {
      await page.getByText('This server has no administrator yet.').waitFor();
      expect(page.url()).toBe(`${byInvite.url}/setup`);
      await keepScreenshot(page, 'setup-sign-in');
      await page.getByRole('button', { name: 'Create account' }).click();
      await fillSignUp(page, 'boss');
      await page.getByText('You are signed in as boss.').waitFor();
      expect(await isAdmin(byInvite, 'boss')).toBe(false);
      await keepScreenshot(page, 'setup-claim');
      // By the keyboard alone.
      await page.getByRole('button', { name: 'Become administrator' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('You are the administrator').waitFor();
      await keepScreenshot(page, 'setup-done');
      expect(await isAdmin(byInvite, 'boss')).toBe(true);
      await page.getByRole('button', { name: 'Go to start' }).click();
      await page.getByRole('navigation', { name: 'Chats' }).waitFor();
    });
  });

  it('says what has become of it: used, expired, not needed any more, incomplete', async () => {
    const [token, refused] = [await open.adminToken(), [/40[349]/]];
    const claimAs = async (page: Page, text: string, picture: string) => {
      await page.getByRole('button', { name: /^(Create account|创建账户)$/ }).waitFor();
      const username = `late-${picture}`;
      const { accessToken } = await new Api(open.url).post<{ accessToken: string }>('/auth/register', { email: `${username}@example.org`, username, password: PASSWORD });
      expect(accessToken).not.toBe('');
      await page.getByRole('button', { name: /^(Sign in|登录)$/ }).click();
      await page.getByRole('textbox').first().fill(username);
      await page.locator('input[type=password]').fill(PASSWORD);
      await page.getByRole('button', { name: /^(Sign in|登录)$/ }).click();
      await page.getByRole('button', { name: /^(Become administrator|成为管理员)$/ }).click();
      await page.getByText(text).waitFor();
      await keepScreenshot(page, `setup-${picture}`);
    };
    await query(open.databaseUrl, `UPDATE admin_claims SET expires_at = now() - interval '1 minute'`, []);
    await visit(`${open.url}/setup#${token}`, (page) => claimAs(page, 'This link has expired', 'expired'), PHONE, refused);
    await query(open.databaseUrl, `UPDATE users SET is_admin = true WHERE username = 'late-expired'`, []);
    await visit(`${open.url}/setup#${token}`, (page) => claimAs(page, '此服务器已有管理员', 'taken'), CHINESE, refused);
    await query(open.databaseUrl, `UPDATE admin_claims SET used_by = (SELECT id FROM users WHERE username = 'late-expired')`, []);
    await visit(`${open.url}/setup#${token}`, (page) => claimAs(page, 'This link has been used', 'used'), {}, refused);
    await visit(`${open.url}/setup`, async (page) => void (await page.getByRole('alert').getByText('This link does not work').waitFor()));
  });
});

describe('the page on which one creates an account', { timeout: 120_000 }, () => {
  it('says so where nobody can, in both languages, on a phone in the dark as well', async () => {
    await visit(`${closed.url}/sign-up`, async (page) => {
      await page.getByText('Registration is closed').waitFor();
      expect(await page.getByRole('textbox').count()).toBe(0);
      await keepScreenshot(page, 'registration-closed');
      await page.getByRole('link', { name: 'Sign in' }).waitFor();
    }, PHONE);
    await visit(`${byInvite.url}/sign-up`, async (page) => {
      await page.getByText('仅限受邀注册').waitFor();
      await keepScreenshot(page, 'registration-invite-zh');
    }, CHINESE);
  });

  it('takes the invite along from its link, and from nowhere else', async () => {
    const boss = await signedIn(byInvite, 'boss');
    const room = await boss.post<MyRoom>('/rooms', { name: 'Harbour', isPrivate: true });
    const { url, token } = await boss.post<{ url: string; token: string }>(`/rooms/${room.id}/invite`, {});
    // An address that somebody has made up: whoever follows it has wished for nothing.
    await visit(`${byInvite.url}/sign-up?next=%2Finvite%2F${token}`, async (page) => void (await page.getByText('Registration is by invitation').waitFor()));
    await visit(url, async (page) => {
      await page.getByRole('button', { name: 'Create an account and accept' }).click();
      await fillSignUp(page, 'guest');
      await page.getByRole('textbox', { name: 'Harbour' }).or(page.getByRole('heading', { name: 'Harbour' })).first().waitFor();
    });
    const [{ uses } = { uses: -1 }] = await query<{ uses: number }>(byInvite.databaseUrl, 'SELECT uses FROM invites', []);
    expect(uses).toBe(1);
  });
});

it('a limit that is reached is told in a plain sentence', { timeout: 120_000 }, async () => {
  const { user, accessToken } = await new Api(open.url).post<{ user: Person['user']; accessToken: string }>('/auth/register', { email: 'full@example.org', username: 'full', password: PASSWORD });
  await new Person(open.url, user, accessToken).post('/rooms', { name: 'First' });
  await visit(open.url, async (page) => {
    await page.getByRole('textbox', { name: 'E-mail address or username' }).fill('full');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const rooms = page.getByRole('navigation', { name: 'Chats' });
    await rooms.getByRole('button', { name: 'New' }).click();
    await page.getByRole('menuitem', { name: 'Create a room' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Second');
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await dialog.getByText('The limit of rooms for one person is 1.').waitFor();
    await keepScreenshot(page, 'quota-rooms');
  }, {}, [/403/]);
});

async function signedIn(product: Product, username: string): Promise<Person> {
  const { user, accessToken } = await new Api(product.url).post<{ user: Person['user']; accessToken: string }>('/auth/login', { login: username, password: PASSWORD });
  return new Person(product.url, user, accessToken);
}
