import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser, openPage } from '../support/browser.js';
import { Crowd, PASSWORD, type Person } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';

const ROOM = 'Harbour 港口';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } satisfies BrowserContextOptions;
const WIDE = { viewport: { width: 1280, height: 800 } } satisfies BrowserContextOptions;

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let roomId: string;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  ada = await crowd.person('ada', 'Ada Lovelace');
  const ben = await crowd.person('ben', '本杰明');
  ({ id: roomId } = await ada.post<{ id: string }>('/rooms', { name: ROOM }));
  await ben.post(`/rooms/${roomId}/join`);
  const texts = ['Hello, 世界', 'A link: https://example.org', '`code`', '👋'];
  for (const [i, content] of texts.entries()) await (i % 2 ? ben : ada).post(`/rooms/${roomId}/messages`, { clientMsgId: `m${i}`, content });
  const { id } = await ben.post<{ id: string }>(`/rooms/${roomId}/messages`, { clientMsgId: 'gone', content: 'Forget this' });
  await ben.delete(`/messages/${id}`);
  await ben.post('/rooms/direct', { userId: ada.id });
});
afterAll(async () => {
  await closeBrowser();
  await product.stop();
});

/** Rules of WCAG 2.2, A and AA, and axe's best practices. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Waits until nothing slides or fades any more; an animation may be cancelled for another, and may begin a frame after what it moves. */
async function stillness(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = () => document.getAnimations().filter((animation) => animation.playState === 'running' && animation.effect?.getComputedTiming().iterations !== Infinity);
    do {
      await Promise.allSettled(moving().map(({ finished }) => finished));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    } while (moving().length > 0);
  });
}

/** Every screen: what a person sees, and axe without a complaint. `words` are what the buttons are called. */
async function walk(page: Page, look: string, words: { login: RegExp; account: RegExp; settings: RegExp; add: RegExp; members: RegExp; emoji: RegExp; entries: RegExp[] }): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const check = async (screen: string): Promise<void> => {
    await stillness(page);
    await keepScreenshot(page, `${look}-${screen}`);
    const problems = await violations(page);
    if (problems.length > 0) found[screen] = problems;
  };
  await page.goto(`${product.url}/rooms/${roomId}`);
  await page.getByRole('textbox', { name: words.login }).waitFor();
  await check('sign-in');
  await page.getByRole('textbox', { name: words.login }).fill(ada.user.username);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('Hello, 世界').first().waitFor();
  await check('conversation');
  await page.getByRole('button', { name: words.emoji }).click();
  await page.getByRole('gridcell').first().waitFor();
  await check('emoji');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: words.members }).click();
  await page.getByRole('dialog').getByText('本杰明').waitFor();
  await check('members');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goto(product.url);
  await page.getByRole('link', { name: ROOM }).waitFor();
  await check('rooms');
  for (const [i, entry] of words.entries.entries()) {
    await page.getByRole('button', { name: words.add }).click();
    await page.getByRole('menuitem', { name: entry }).click();
    // Could be clicked: it has come to rest, and nothing covers it.
    await page.getByRole('dialog').getByRole('heading').first().click({ trial: true });
    await check(`dialog-${i + 1}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: words.account }).first().click();
  await page.getByRole('menuitem', { name: words.settings }).click();
  await page.getByRole('dialog').getByRole('tab').first().waitFor();
  const tabs = page.getByRole('tab');
  for (let i = 0; i < (await tabs.count()); i++) {
    await tabs.nth(i).click();
    await check(`settings-${i + 1}`);
  }
  return found;
}

const ENGLISH = { login: /E-mail/, account: /Account/, settings: /^Settings/, add: /^New$/, members: /^Members/, emoji: /emoji/, entries: [/direct/, /Create/, /Discover/] };
const CHINESE = { login: /邮箱|邮件|用户名/, account: /账号|账户/, settings: /^设置/, add: /^(新建|新增|添加)/, members: /成员/, emoji: /表情/, entries: [/私信|私聊|直接/, /创建|新建/, /发现/] };

/** Each language, each theme and each size twice, in four walks instead of eight. */
const LOOKS = [
  { look: 'en-light-wide', locale: 'en-GB', words: ENGLISH, options: { ...WIDE, colorScheme: 'light' } },
  { look: 'zh-dark-wide', locale: 'zh-CN', words: CHINESE, options: { ...WIDE, colorScheme: 'dark' } },
  { look: 'en-dark-phone', locale: 'en-GB', words: ENGLISH, options: { ...PHONE, colorScheme: 'dark' } },
  { look: 'zh-light-phone', locale: 'zh-CN', words: CHINESE, options: { ...PHONE, colorScheme: 'light' } },
] as const;

describe('every screen satisfies axe', { timeout: 120_000 }, () => {
  it.each(LOOKS)('as $look', async ({ look, locale, words, options }) => {
    const { page, problems, close } = await openPage(browser, { ...options, locale });
    expect(await walk(page, look, words)).toEqual({});
    expect(problems).toEqual([]);
    await close();
  });
});
