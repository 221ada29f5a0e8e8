import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Product, startProduct } from '../support/product.js';
import { WebPerson } from './web-person.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#2c7"/></svg>';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Somebody's server of images, which sees who looks. */
class ForeignHost {
  readonly asked: string[] = [];
  private server: Server;

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      this.asked.push(request.url!);
      response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(SVG);
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  url(path: string): string {
    return `http://${this.host}${path}`;
  }
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let ben: Person;
let pictures: ForeignHost;
let faces: ForeignHost;
let ofPages: ForeignHost;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  pictures = await new ForeignHost().start();
  faces = await new ForeignHost().start();
  ofPages = await new ForeignHost().start();
  const crowd = new Crowd(product.url);
  ada = await crowd.person('ada', 'Ada Lovelace');
  ben = await crowd.person('ben', '本杰明 Ben');
  await ben.patch('/users/me', { avatarUrl: faces.url('/ben.svg') });
});
afterAll(async () => {
  await closeBrowser();
  for (const host of [pictures, faces, ofPages]) host.stop();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

async function signIn(person: Person, options = {}): Promise<WebPerson> {
  const web = await WebPerson.open(browser, product.url, person.user.username, options);
  await web.signIn();
  return web;
}

describe('images of other hosts', { timeout: 120_000 }, () => {
  it('in messages and of people are loaded when somebody asks for them, and those of that host from then on', async () => {
    const { id } = await ben.post<MyRoom>('/rooms', { name: 'Harbour' });
    await ada.post(`/rooms/${id}/join`);
    for (const name of ['one', 'two']) await ben.post(`/rooms/${id}/messages`, { clientMsgId: name, type: 'image', content: pictures.url(`/${name}.svg`) });
    await ben.post(`/rooms/${id}/messages`, { clientMsgId: 'three', type: 'image', content: `${product.url}/favicon-unread.svg` });
    const web = await signIn(ada);
    const { page } = web;
    await web.room('Harbour').click();
    const show = page.getByRole('button', { name: /^Show image: Picture from 本杰明 Ben/ });
    await eventually('both have their place', async () => (await show.count()) === 2);
    await page.getByText(`Image from ${pictures.host}`).first().waitFor();
    await eventually('that of our own host is loaded', () => page.evaluate(() => [...document.querySelectorAll('img')].some(({ src, complete }) => src.endsWith('/favicon-unread.svg') && complete)));
    await keepScreenshot(page, 'foreign-images');
    expect([pictures.asked, faces.asked]).toEqual([[], []]);
    await show.first().focus();
    await page.keyboard.press('Enter');
    await eventually('both are loaded', () => pictures.asked.length >= 2);
    expect(pictures.asked.toSorted()).toEqual(['/one.svg', '/two.svg']);
    expect(await show.count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(pictures.url('/one.svg'));
    expect(faces.asked).toEqual([]);
    await page.getByRole('button', { name: '本杰明 Ben' }).first().click();
    const profile = page.getByRole('dialog');
    const showFace = profile.getByRole('button', { name: `Show image: 本杰明 Ben, ${faces.host}` });
    await showFace.waitFor();
    await keepScreenshot(page, 'foreign-avatar');
    await showFace.click();
    await eventually('the face is loaded', () => faces.asked.length > 0);
    await profile.locator('img').waitFor();
    expect(web.problems).toEqual([]);
    await web.close();
  });

  it('in pages are loaded when somebody asks for them, on the canvas and in the preview', async () => {
    const components = {
      root: { type: 'page', name: 'Sale', props: { background: '#ffffff', padding: 'medium' }, children: ['far', 'near'] },
      far: { type: 'image', name: 'Far', props: { src: ofPages.url('/far.svg'), alt: 'A lighthouse' }, children: [] },
      near: { type: 'image', name: 'Near', props: { src: `data:image/svg+xml,${encodeURIComponent(SVG)}`, alt: 'Near' }, children: [] },
    };
    const { pageId } = await ada.post<{ pageId: string }>('/pages', { title: 'Sale', schema: { rootId: 'root', components } });
    const web = await signIn(ada, PHONE);
    const { page } = web;
    await page.goto(`${product.url}/pages/${pageId}`);
    const show = page.getByRole('button', { name: `Show image: A lighthouse, ${ofPages.host}` });
    await show.waitFor();
    await keepScreenshot(page, 'foreign-image-on-canvas');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Preview' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Images of other hosts are not loaded: ${ofPages.host}`).waitFor();
    const frame = dialog.frameLocator('iframe');
    await frame.getByText(`A lighthouse · Image from ${ofPages.host}`).waitFor();
    await frame.getByRole('img', { name: 'Near' }).waitFor();
    await keepScreenshot(page, 'foreign-image-in-preview');
    expect(ofPages.asked).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await show.click();
    await eventually('it is loaded', () => ofPages.asked.length > 0);
    await page.getByRole('img', { name: 'A lighthouse' }).waitFor();
    await page.getByRole('button', { name: 'Preview' }).click();
    await frame.getByRole('img', { name: 'A lighthouse' }).waitFor();
    await keepScreenshot(page, 'foreign-image-shown-in-preview');
    expect(web.problems).toEqual([]);
    await web.close();
  });
});
