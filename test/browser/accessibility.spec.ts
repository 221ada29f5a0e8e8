import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser, openPage } from '../support/browser.js';
import { Crowd, PASSWORD, type Person } from '../support/client.js';
import { type Product, startProduct } from '../support/product.js';

const ROOM = 'Harbour 港口';
const PAGE = 'spring-sale';
const EDITED = 'summer-sale';
/** Something of every type, and of one that is not known. */
const SCHEMA = {
  rootId: 'root',
  components: {
    root: { type: 'page', name: 'Page', props: {}, children: ['title', 'text', 'row', 'table', 'chart'] },
    title: { type: 'text', name: 'Title', props: { text: 'Spring 春季', variant: 'heading1' }, children: [] },
    text: { type: 'text', name: 'Intro', props: { text: 'Everything must go 清仓' }, children: [] },
    row: { type: 'container', name: 'Row', props: { direction: 'row' }, children: ['field', 'image', 'button'] },
    field: { type: 'field', name: 'Size', props: { label: 'Size', kind: 'select', options: ['S', 'M'], required: true }, children: [] },
    image: { type: 'image', name: 'Picture', props: { src: '', alt: '' }, children: [] },
    button: { type: 'button', name: 'Buy', props: { label: 'Buy', variant: 'secondary' }, children: [] },
    table: { type: 'table', name: 'Prices', props: { columns: ['What', ''], rows: [['Coat', '10']] }, children: [] },
    chart: { type: 'chart', name: 'Chart', children: [] },
  },
};
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } satisfies BrowserContextOptions;
const WIDE = { viewport: { width: 1280, height: 800 } } satisfies BrowserContextOptions;

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let crowd: Crowd;
let ada: Person;
let roomId: string;
let invite: string;
let endedInvite: string;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  crowd = new Crowd(product.url);
  ada = await crowd.person('ada', 'Ada Lovelace');
  const ben = await crowd.person('ben', '本杰明');
  ({ id: roomId } = await ada.post<{ id: string }>('/rooms', { name: ROOM }));
  await ben.post(`/rooms/${roomId}/join`);
  const texts = ['Hello, 世界', 'A link: https://example.org', '`code`', '👋'];
  for (const [i, content] of texts.entries()) await (i % 2 ? ben : ada).post(`/rooms/${roomId}/messages`, { clientMsgId: `m${i}`, content });
  const { id } = await ben.post<{ id: string }>(`/rooms/${roomId}/messages`, { clientMsgId: 'gone', content: 'Forget this' });
  await ben.delete(`/messages/${id}`);
  await ben.post('/rooms/direct', { userId: ada.id });
  await ada.post('/pages', { pageId: PAGE, title: 'Spring sale 春季促销', schema: SCHEMA });
  await ada.post(`/pages/${PAGE}/duplicate`, { pageId: EDITED, title: 'Summer sale 夏季促销' });
  await ada.put(`/pages/${EDITED}`, { schema: { ...SCHEMA, components: { ...SCHEMA.components, text: { ...SCHEMA.components.text, props: { text: 'Half the price 半价' } } } } });
  for (const title of ['Autumn fair', '冬季促销']) await ben.post<{ pageId: string }>('/pages', { title }).then(({ pageId }) => ben.put(`/pages/${pageId}/members/${ada.id}`, { role: 'viewer' }));
  await ada.put(`/pages/${PAGE}/members/${ben.id}`, { role: 'editor' });
  const { pageId: deleted } = await ada.post<{ pageId: string }>('/pages', { title: 'Thrown away' });
  await ada.delete(`/pages/${deleted}`);
  const links = [];
  for (const role of ['editor', 'viewer']) links.push(await ada.post<{ id: string; token: string }>(`/pages/${PAGE}/invite`, { role }));
  [invite, endedInvite] = [links[0]!.token, links[1]!.token];
  await ada.delete(`/invites/${links[1]!.id}`);
});
afterAll(async () => {
  await closeBrowser();
  await product.stop();
});

/** Rules of WCAG 2.2, A and AA, and axe's best practices. */
async function violations(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  // A preview is sandboxed, so that axe cannot run in it, and would wait for it.
  if ((await page.locator('iframe').count()) > 0) axe.exclude('iframe').setLegacyMode(true);
  const { violations: found } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
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

/** What the buttons are called. */
interface Words {
  login: RegExp;
  account: RegExp;
  settings: RegExp;
  add: RegExp;
  members: RegExp;
  emoji: RegExp;
  entries: RegExp[];
  byLink: RegExp;
  newPage: RegExp;
  more: RegExp;
  addPeople: RegExp;
  createLink: RegExp;
  back: RegExp;
  history: RegExp;
  view: RegExp;
  preview: RegExp;
  accept: RegExp;
}

type Check = (screen: string) => Promise<void>;

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor({ state: 'detached' });
}

/** The list of pages, and every dialog about one. */
async function walkPages(page: Page, check: Check, words: Words): Promise<void> {
  const { newPage, more, addPeople, byLink, createLink, back } = words;
  await page.goto(`${product.url}/pages`);
  await page.getByRole('link', { name: 'Spring sale' }).waitFor();
  await check('pages');
  await page.getByRole('button', { name: newPage }).first().click();
  await page.getByRole('dialog').getByRole('heading').click({ trial: true });
  await page.getByRole('dialog').getByRole('textbox').last().fill('not a slug');
  await check('pages-new');
  await close(page);
  await page.getByRole('button', { name: more }).first().click();
  await page.getByRole('menuitem').first().click();
  await page.getByRole('dialog').getByText('Thrown away').waitFor();
  await check('pages-deleted');
  await close(page);
  const choose = async (index: number): Promise<void> => {
    await page.getByRole('link', { name: 'Spring sale' }).hover();
    await page.getByRole('button', { name: 'Spring sale' }).first().click();
    await page.getByRole('menuitem').nth(index).click();
  };
  await page.getByRole('link', { name: 'Spring sale' }).hover();
  await page.getByRole('button', { name: 'Spring sale' }).first().click();
  await page.getByRole('menuitem').first().waitFor();
  await check('pages-menu');
  await page.keyboard.press('Escape');
  await choose(1);
  await page.getByRole('dialog').getByRole('textbox').waitFor();
  await check('pages-rename');
  await close(page);
  await choose(3);
  await page.getByRole('alertdialog').waitFor();
  await check('pages-delete');
  await close(page);
  await choose(0);
  await page.getByRole('dialog').getByText('本杰明').waitFor();
  await check('pages-share');
  await page.getByRole('button', { name: addPeople }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('ben');
  await page.getByRole('dialog').getByText('本杰明').waitFor();
  await check('pages-share-add');
  await page.getByRole('button', { name: back }).click();
  await page.getByRole('button', { name: byLink }).click();
  await page.getByRole('button', { name: createLink }).click();
  await page.getByRole('dialog').getByRole('textbox').waitFor();
  await check('pages-share-links');
  await close(page);
}

/** A page in the editor: what is selected, what it was, and what its readers will see. */
async function walkEditor(page: Page, check: Check, { history, view, preview }: Words): Promise<void> {
  await page.goto(`${product.url}/pages/${EDITED}`);
  const canvas = page.locator('[data-canvas]');
  await canvas.getByText('Half the price').waitFor();
  await check('editor');
  const isPhone = (page.viewportSize()?.width ?? 0) < 720;
  const sheets = page.getByRole('button', { expanded: false }).and(page.locator('main nav button'));
  for (const [screen, text] of Object.entries({ text: 'Half the price', field: 'Size', table: 'Coat', unknown: 'Chart' })) {
    await canvas.locator('[data-component]').first().getByText(text).click();
    if (isPhone && screen === 'text') await sheets.last().click();
    await check(`editor-${screen}`);
  }
  if (isPhone) {
    await sheets.first().click();
    await page.getByRole('tree').waitFor();
    await check('editor-tree');
  }
  await page.getByRole('button', { name: history }).click();
  await page.getByRole('button', { name: view }).first().click();
  await page.locator('[data-frame]').first().waitFor();
  await check('editor-history');
  await page.getByRole('button', { name: preview }).click();
  await page.frameLocator('iframe').getByText('Half the price').waitFor();
  await check('editor-preview');
  await close(page);
}

/** What is behind a link: before one is signed in, `screen` begins with that. */
async function walkInvite(page: Page, check: Check, words: Words, isSignedIn: boolean): Promise<void> {
  await page.goto(`${product.url}/invite/${invite}`);
  await page.getByRole('heading', { name: 'Spring sale' }).waitFor();
  if (isSignedIn) await page.getByRole('button', { name: words.accept }).waitFor();
  await check(isSignedIn ? 'invite-signed-in' : 'invite');
  if (isSignedIn) return;
  for (const [screen, token] of Object.entries({ ended: endedInvite, unknown: 'nonsense' })) {
    await page.goto(`${product.url}/invite/${token}`);
    await page.getByRole('main').getByRole('button').waitFor();
    await check(`invite-${screen}`);
  }
}

/** A room that was just made, from where one invites. */
async function walkEmptyRoom(page: Page, check: Check, { byLink }: Words): Promise<void> {
  const { id } = await ada.post<{ id: string }>('/rooms', { name: 'Council' });
  await page.goto(`${product.url}/rooms/${id}`);
  await page.getByRole('main').getByRole('button', { name: byLink }).click();
  await page.getByRole('main').locator('input[readonly]').waitFor();
  await check('new-room');
}

/** What somebody sees first who is in no room yet. */
async function walkWelcome(page: Page, { login }: Words): Promise<string[]> {
  const newcomer = await crowd.person('newcomer');
  await page.goto(product.url);
  await page.getByRole('textbox', { name: login }).fill(newcomer.user.username);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText(newcomer.user.username).filter({ visible: true }).waitFor();
  await stillness(page);
  await keepScreenshot(page, `welcome-${newcomer.user.username}`);
  return violations(page);
}

/** Every screen: what a person sees, and axe without a complaint. */
async function walk(page: Page, look: string, words: Words): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const check: Check = async (screen) => {
    await stillness(page);
    await keepScreenshot(page, `${look}-${screen}`);
    const problems = await violations(page);
    if (problems.length > 0) found[screen] = problems;
  };
  await walkInvite(page, check, words, false);
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
  await page.getByRole('main').getByRole('textbox').fill(':smi');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await check('emoji-suggestions');
  await page.getByRole('main').getByRole('textbox').fill('');
  await page.getByRole('main').getByRole('button', { name: '本杰明' }).first().click();
  await page.getByRole('dialog').getByText('@ben').waitFor();
  await check('profile');
  await close(page);
  await page.getByRole('button', { name: words.members }).click();
  await page.getByRole('dialog').getByText('本杰明').waitFor();
  await check('members');
  await page.getByRole('button', { name: words.byLink }).click();
  await page.getByRole('button', { name: words.createLink }).waitFor();
  await check('room-links');
  await close(page);
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
  await walkInvite(page, check, words, true);
  await walkEmptyRoom(page, check, words);
  await walkPages(page, check, words);
  await walkEditor(page, check, words);
  return found;
}

const ENGLISH: Words = { login: /E-mail/, account: /Account/, settings: /^Settings/, add: /^New$/, members: /^Members/, emoji: /emoji/, entries: [/direct/, /Create/, /Discover/], byLink: /^Invite by link/, newPage: /^New page/, more: /^More$/, addPeople: /^Add people/, createLink: /^Create link/, back: /^Back to the members/, history: /^History$/, view: /^View the page/, preview: /^Preview$/, accept: /^Accept/ };
const CHINESE: Words = { login: /邮箱|邮件|用户名/, account: /账号|账户/, settings: /^设置/, add: /^(新建|新增|添加)/, members: /成员/, emoji: /表情/, entries: [/私信|私聊|直接/, /创建|新建/, /发现/], byLink: /^通过链接邀请/, newPage: /^新建页面/, more: /^更多$/, addPeople: /^添加成员/, createLink: /^创建链接/, back: /^返回成员列表/, history: /^历史$/, view: /^查看/, preview: /^预览$/, accept: /^接受/ };

/** Each language, each theme and each size twice, in four walks instead of eight. */
const ALL_LOOKS = [
  { look: 'en-light-wide', locale: 'en-GB', words: ENGLISH, options: { ...WIDE, colorScheme: 'light' } },
  { look: 'zh-dark-phone', locale: 'zh-CN', words: CHINESE, options: { ...PHONE, colorScheme: 'dark' } },
  { look: 'en-dark-wide', locale: 'en-GB', words: ENGLISH, options: { ...WIDE, colorScheme: 'dark' } },
  { look: 'zh-light-phone', locale: 'zh-CN', words: CHINESE, options: { ...PHONE, colorScheme: 'light' } },
] as const;
/** A walk takes most of a minute. AXE_LOOKS=all takes all four; usually the two do that have everything once. */
const LOOKS = process.env['AXE_LOOKS'] === 'all' ? ALL_LOOKS : ALL_LOOKS.filter(({ look }) => look === 'en-light-wide' || look === 'zh-dark-phone');

describe('every screen satisfies axe', { timeout: 180_000 }, () => {
  it.each(LOOKS)('as $look', async ({ look, locale, words, options }) => {
    const { page, problems, close } = await openPage(browser, { ...options, locale });
    expect(await walk(page, look, words)).toEqual({});
    const stranger = await openPage(browser, { ...options, locale });
    expect(await walkWelcome(stranger.page, words)).toEqual([]);
    await stranger.close();
    // The invites that have ended, or never were.
    expect(problems.filter((problem) => !/status of (404|410)/.test(problem))).toEqual([]);
    await close();
  });
});
