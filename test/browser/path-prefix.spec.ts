import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { freePort, type Product, startProduct } from '../support/product.js';
import { type ReverseProxy, startReverseProxy } from '../support/reverse-proxy.js';
import { WebPerson } from './web-person.js';

const PATH = '/team/chat';

let browser: Browser;
let closeBrowser: () => Promise<void>;

beforeAll(async () => {
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(() => closeBrowser());

describe.each([
  ['strips it', true],
  ['keeps it', false],
])('below a path, behind a proxy that %s', (_what, strips) => {
  let product: Product;
  let proxy: ReverseProxy;
  let base: string;

  beforeAll(async () => {
    const port = await freePort();
    base = `http://127.0.0.1:${port}${PATH}`;
    product = await startProduct({ PUBLIC_URL: base, TRUST_PROXY: 'loopback' });
    proxy = await startReverseProxy(port, new URL(product.url), PATH, strips);
  });
  afterAll(async () => {
    await proxy.stop();
    await product.stop();
  });

  it('the web app works, through a reload in the middle as well', { timeout: 120_000 }, async () => {
    const ada = await WebPerson.open(browser, base, 'ada');
    const { page } = ada;
    await ada.signUp();
    expect(new URL(page.url()).pathname).toBe(`${PATH}/`);
    await ada.createRoom('Below');
    expect(new URL(page.url()).pathname).toMatch(/^\/team\/chat\/rooms\/[0-9a-f-]{36}$/);
    await ada.say('under a path');
    await page.reload();
    await ada.composer('Below').waitFor();
    await page.getByText('under a path').first().waitFor();
    // What is fetched by address alone: the words of the emoji picker.
    await page.getByRole('button', { name: 'Emoji' }).first().click();
    await page.getByRole('gridcell').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Pages' }).click();
    expect(new URL(page.url()).pathname).toBe(`${PATH}/pages`);
    await keepScreenshot(page, `path-prefix-${strips ? 'stripped' : 'kept'}`);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('atrium:session')))).toEqual([`atrium:session:${base}`]);
    expect(ada.problems).toEqual([]);
    expect(proxy.strays.filter((path) => path !== '/favicon.ico')).toEqual([]);
  });
});
