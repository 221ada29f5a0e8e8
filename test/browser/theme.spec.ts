import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(async () => {
  await closeBrowser();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

const scheme = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);

async function choose(page: Page, theme: string): Promise<void> {
  await page.getByRole('button', { name: 'Account and settings' }).first().click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Appearance' }).click();
  await page.getByRole('button', { name: /Theme/ }).click();
  await page.getByRole('option', { name: theme }).click();
  await page.getByRole('option', { name: theme }).waitFor({ state: 'detached' });
}

describe('a theme that was chosen', { timeout: 120_000 }, () => {
  it('is there before the app is, whatever the system has', async () => {
    const ada = await WebPerson.open(browser, product.url, 'ada', { colorScheme: 'light', serviceWorkers: 'block' });
    const { page } = ada;
    await ada.signUp();
    expect(await scheme(page)).toBe('light dark');
    await choose(page, 'Dark');
    expect(await scheme(page)).toBe('dark');
    // Without its bundle, the page is what it is until the bundle has come.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    expect(await page.locator('#root').innerHTML()).toBe('');
    expect(await scheme(page)).toBe('dark');
    await page.unroute('**/assets/*.js');
    await page.reload();
    await ada.rooms.waitFor();
    await choose(page, 'System');
    await page.reload();
    await ada.rooms.waitFor();
    expect(await scheme(page)).toBe('light dark');
    await ada.close();
  });
});
