import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, PASSWORD, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const ROOM = 'Harbour 港口';
const MESSAGES = [
  'Plan for **Friday**, *weather permitting*, ~~Saturday~~:\n\n1. Load the boat\n2. Leave at `06:30`\n   - coffee first\n   - no, *tea*',
  '> When do we leave?\n\nAt half past six. Details: [the harbour page](https://harbour.example/plan), or https://harbour.example/地图，很近。',
  '**“重点”**是早点出发。~~周六~~周五见 **加粗**文字\n第二行\n  缩进的第三行',
  '```ts\nconst boat = await load({ crew: 4 });\nif (!boat.ready) throw new Error("wait");\n```\nRun it _twice_.',
  'מזמינים **שולחן** ליום שישי:\n- קפה\n- תה',
  '[https://bank.com](https://evil.example/login) ![a picture](https://tracker.example/pixel.png)',
];
/** The last one, which previews show. */
const DANGEROUS = '**x** [click](javascript:window.hacked=1) <img src=x onerror="window.hacked=1"> <script>window.hacked=1</script>';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let roomId: string;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  const ben = await crowd.person('ben', '本杰明');
  ada = await crowd.person('ada', 'Ada');
  ({ id: roomId } = await ada.post<{ id: string }>('/rooms', { name: ROOM }));
  await ben.post(`/rooms/${roomId}/join`);
  let first: { id: string } | undefined;
  for (const [i, content] of [...MESSAGES, DANGEROUS].entries()) {
    const sender = i % 2 === 0 ? ada : ben;
    const message = await sender.post<{ id: string }>(`/rooms/${roomId}/messages`, { clientMsgId: `m${i}`, content, ...(i === 3 && { replyTo: first!.id }) });
    first ??= message;
  }
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

async function open(options?: BrowserContextOptions): Promise<WebPerson> {
  const person = await WebPerson.open(browser, product.url, ada.user.username, options);
  await person.signIn();
  await person.page.goto(`${product.url}/rooms/${roomId}`);
  await person.page.getByText('click').first().waitFor();
  return person;
}

describe('Markdown', { timeout: 120_000 }, () => {
  it('is shown as what it says, and its links are the only thing in it that does anything', async () => {
    const { page, problems } = await open();
    const foreign: string[] = [];
    page.on('request', (request) => void (request.url().startsWith(product.url) || foreign.push(request.url())));
    await page.reload();
    const list = page.getByRole('list', { name: ROOM });
    await list.getByText('click').first().waitFor();
    const textsOf = (selector: string) => list.locator(selector).allTextContents();
    expect(await textsOf('strong')).toEqual(['Friday', '“重点”', '加粗', 'שולחן', 'x']);
    expect(await textsOf('em')).toEqual(['weather permitting', 'tea', 'twice']);
    expect(await textsOf('del')).toEqual(['Saturday', '周六']);
    expect(await textsOf('blockquote')).toEqual(['When do we leave?']);
    expect(await list.locator('ol > li').count()).toBe(2);
    // The bullets stand where the words begin.
    expect(await list.locator('ul').evaluateAll((all) => all.map((each) => getComputedStyle(each).direction))).toEqual(['ltr', 'rtl']);
    expect(await textsOf('ul > li')).toEqual(['coffee first', 'no, tea', 'קפה', 'תה']);
    expect(await textsOf('pre')).toEqual(['const boat = await load({ crew: 4 });\nif (!boat.ready) throw new Error("wait");']);
    expect(await list.getByText('第二行').innerText()).toBe('“重点”是早点出发。周六周五见 加粗文字\n第二行\n  缩进的第三行');
    const links = await list.locator('a').evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href'), link.getAttribute('rel'), link.getAttribute('target')]));
    const safe = ['noopener noreferrer nofollow', '_blank'];
    expect(links).toEqual([
      ['the harbour page', 'https://harbour.example/plan', ...safe],
      ['https://harbour.example/地图', 'https://harbour.example/%E5%9C%B0%E5%9B%BE', ...safe],
      ['https://bank.com (evil.example)', 'https://evil.example/login', ...safe],
      ['a picture', 'https://tracker.example/pixel.png', ...safe],
    ]);
    expect(await list.getByText('[click](javascript:window.hacked=1)').innerText()).toBe('x [click](javascript:window.hacked=1) <img src=x onerror="window.hacked=1"> <script>window.hacked=1</script>');
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('is shown as it was written until its parser has come', async () => {
    const person = await WebPerson.open(browser, product.url, ada.user.username);
    const { page } = person;
    await person.signIn();
    const held = Promise.withResolvers<void>();
    await page.route('**/assets/markdown-*.js', async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.goto(`${product.url}/rooms/${roomId}`);
    const list = page.getByRole('list', { name: ROOM });
    await list.getByText('**“重点”**是早点出发').waitFor();
    expect(await list.locator('strong').count()).toBe(0);
    held.resolve();
    await list.locator('strong').getByText('“重点”').waitFor();
    await list.getByText('click').waitFor();
  });

  it('is read without its marks in the list of rooms, in quotes, and by a screen reader', async () => {
    const { page, rooms } = await open();
    const plain = 'x [click](javascript:window.hacked=1)';
    await rooms.getByText(plain).waitFor();
    const quote = page.getByRole('button', { name: /In reply to/ });
    expect(await quote.textContent()).toContain('Plan for Friday, weather permitting, Saturday: 1. Load the boat 2. Leave at 06:30 • coffee first');
    await page.getByRole('listitem', { name: `本杰明, ` }).first().waitFor({ state: 'attached' });
    expect(await page.getByRole('listitem', { name: /Plan for Friday, weather permitting/ }).count()).toBe(1);
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'zh-CN' }],
  ] as [string, BrowserContextOptions][])('looks finished (%s)', async (name, options) => {
    const person = await WebPerson.open(browser, product.url, ada.user.username, options);
    const { page } = person;
    await page.goto(product.url);
    await page.locator('input').first().fill(ada.user.username);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: ROOM }).click();
    await page.getByText('click').last().waitFor();
    await page.getByRole('textbox').last().fill('Half **a** sentence');
    expect(await page.locator('pre').last().evaluate((node) => node.scrollWidth > 0 && document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await keepScreenshot(page, `markdown-${name}`);
    await page.getByText('Plan for').last().scrollIntoViewIfNeeded();
    await keepScreenshot(page, `markdown-${name}-top`);
  });
});

describe('the keys of the composer', { timeout: 120_000 }, () => {
  it('set marks around what is selected and take them away, and one can undo it', async () => {
    const person = await open();
    const { page } = person;
    const composer = person.composer(ROOM);
    await composer.fill('two words');
    for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Control+b');
    expect(await composer.inputValue()).toBe('two **words**');
    await page.keyboard.press('Control+i');
    expect(await composer.inputValue()).toBe('two ***words***');
    await page.keyboard.press('Control+b');
    expect(await composer.inputValue()).toBe('two *words*');
    await page.keyboard.press('Control+z');
    expect(await composer.inputValue()).toBe('two ***words***');
    expect(await page.getByText('Markdown works: Ctrl+B for bold', { exact: false }).count()).toBe(1);
    await page.keyboard.press('Enter');
    const sent = page.getByRole('list', { name: ROOM }).locator('em > strong').last();
    await eventually('it is shown with its marks', async () => (await sent.count()) > 0 && (await sent.textContent()) === 'words');
  });

  it('leave a message sendable into which something invisible was pasted', async () => {
    const person = await open();
    await person.composer(ROOM).fill('\u202eturned\u202c and \u2068isolated\u2069');
    await person.page.keyboard.press('Enter');
    await person.page.getByRole('list', { name: ROOM }).getByText('turned and isolated', { exact: true }).waitFor();
    expect(await person.page.getByText('Not sent').count()).toBe(0);
  });
});
