import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument } from '../../src/protocol/pages.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { damagePage, letIn } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { sitDown } from './page-person.js';

const SCHEMA = { rootId: 1, components: { '1': { id: 1, name: 'Page', type: 'page', props: {}, children: [2] }, '2': { id: 2, name: 'Text', type: 'text', props: { text: 'Still good' }, children: [] } } };

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let ben: Person;
let vera: Person;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  [ada, ben, vera] = [await crowd.person('ada'), await crowd.person('ben'), await crowd.person('vera')];
});
afterAll(async () => {
  await closeBrowser();
  await product.stop();
});

describe('a damaged page', { timeout: 60_000 }, () => {
  it('says so to each person, and can be changed again once one of them restores it', async () => {
    const page = await ada.post<PageDocument>('/pages', { title: 'Harbour', schema: SCHEMA });
    await letIn(ada, page, [
      [ben, 'editor'],
      [vera, 'viewer'],
    ]);
    const { version } = await ada.get<PageDocument>(`/pages/${page.pageId}`);
    await damagePage(product.databaseUrl, ada, page, version + 1, [[{ op: 'remove', path: '/components/none' }]]);
    const windows = [await sitDown(browser, product.url, ben), await sitDown(browser, product.url, vera, { viewport: { width: 390, height: 844 } })] as const;
    const [b, v] = windows;
    for (const { page: window, screen } of windows) {
      await screen.open(product.url, page.pageId);
      await window.getByText('This page is damaged.').waitFor();
      await screen.shown('Still good').waitFor();
    }
    await keepScreenshot(b.page, 'page-damaged');
    await keepScreenshot(v.page, 'page-damaged-phone');
    expect(await b.page.getByRole('button', { name: 'Add Text' }).count()).toBe(0);
    expect(await v.page.getByRole('button', { name: 'Restore' }).count()).toBe(0);

    await b.page.getByRole('button', { name: 'Restore' }).click();
    await b.page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
    for (const { page: window } of windows) await window.getByText('This page is damaged.').waitFor({ state: 'detached' });
    await b.screen.add('Text');
    await b.page.keyboard.type('Goes on');
    await v.screen.shown('Goes on').waitFor();
    expect([b.problems, v.problems]).toEqual([[], []]);
    await Promise.all(windows.map(({ close }) => close()));
  });
});
