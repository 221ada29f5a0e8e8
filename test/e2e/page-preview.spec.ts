import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument } from '../../src/protocol/pages.js';
import { keepScreenshot, launchBrowser, openPage } from '../support/browser.js';
import { Api, Crowd, type Person } from '../support/client.js';
import { letIn } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';

let product: Product;
let crowd: Crowd;

beforeAll(async () => {
  product = await startProduct();
  crowd = new Crowd(product.url);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  expect(product.errors()).toEqual([]);
  await product.stop();
});

type Component = [type: string, props?: Record<string, unknown>, children?: Component[]];

/** A schema of what is in what. */
function schemaOf(root: Component) {
  const components: Record<string, unknown> = {};
  const add = ([type, props = {}, children = []]: Component): number => {
    const id = Object.keys(components).length + 1;
    components[id] = {};
    components[id] = { id, type, name: type, props, children: children.map(add) };
    return id;
  };
  return { rootId: add(root), components };
}

const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 240"><rect width="640" height="240" fill="#cfe0d4"/><circle cx="480" cy="90" r="50" fill="#f4c95d"/><path d="M0 240 180 90 320 240z" fill="#4f7d5c"/><path d="M180 240 400 120 560 240z" fill="#3b6148"/></svg>')}`;
const HARBOUR = schemaOf(['page', { lang: 'en' }, [
  ['text', { text: 'Harbour walks', variant: 'heading1' }],
  ['text', { text: 'Every Saturday at ten, from the lighthouse. Bring good shoes.\n港口散步，每周六十点。' }],
  ['image', { src: PICTURE, alt: 'Hills above the harbour' }],
  ['container', { direction: 'row', gap: 'large' }, [
    ['container', { gap: 'small' }, [['text', { text: 'North pier', variant: 'heading2' }], ['text', { text: '5 km, easy' }], ['text', { text: 'Closed in December', variant: 'caption' }]]],
    ['container', { gap: 'small' }, [['text', { text: 'Old town', variant: 'heading2' }], ['text', { text: '3 km, with a stop for tea' }], ['text', { text: 'All year', variant: 'caption' }]]],
  ]],
  ['table', { columns: ['Day', 'Guide', 'Places'], rows: [['2 May', 'Ada', '12'], ['9 May', 'Ben', '8'], ['16 May', 'Cleo', 'full']] }],
  ['container', {}, [
    ['field', { label: 'E-mail', kind: 'email', placeholder: 'you@example.org', required: true }],
    ['field', { label: 'Walk', kind: 'select', options: ['North pier', 'Old town'] }],
    ['field', { label: 'Anything we should know?', kind: 'textarea', placeholder: 'Allergies, a dog …' }],
    ['field', { label: 'Send me news', kind: 'checkbox' }],
  ]],
  ['container', { direction: 'row', gap: 'small', align: 'start' }, [
    ['button', { label: 'Join', href: 'https://example.org/join' }],
    ['button', { label: 'Write to us', variant: 'secondary', href: 'mailto:walks@example.org' }],
    ['button', { label: 'Not yet' }],
  ]],
  ['chart', {}, [['text', { text: 'Visitors by month', variant: 'caption', align: 'center' }]]],
]]);
const HOSTILE = schemaOf(['page', { lang: '"><script>document.title="evil"</script>' }, [
  ['text', { text: '<script>document.title="evil"</script><img src=x onerror="document.title=1">' }],
  ['button', { label: '<b onclick=1>x</b>', href: 'java\nscript:document.title="evil"' }],
  ['image', { src: 'data:text/html,<script>1</script>', alt: '" onerror="document.title=1' }],
  ['image', { src: `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1"><script>document.title=1</script></svg>')}`, alt: 'svg' }],
]]);

const makePage = (owner: Person, schema: object, title = 'Harbour walks') => owner.post<PageDocument>('/pages', { title, schema });
const previewOf = (person: Api, { pageId }: { pageId: string }, headers: Record<string, string> = {}) => person.call<string>('GET', `/pages/${pageId}/preview`, { headers });

describe('the preview of a page', () => {
  it('is HTML that may do nothing but show pictures and its one style', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada, HOSTILE, 'Tom & <Jerry>');
    const { status, headers, body } = await previewOf(ada, page);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'self'; img-src https: http: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox`,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(body).toMatch(/^<!doctype html>/);
    expect(body).toContain('<title>Tom &amp; &lt;Jerry&gt;</title>');
    expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+="|javascript:/i);
    const style = await fetch(new URL(/<link rel="stylesheet" href="([^"]+)">/.exec(body)![1]!, product.url));
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(style.headers.get('cache-control')).toBe('public, max-age=3600');
  });

  it('has the ETag of the page, which a change or another title changes', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada, HARBOUR);
    const etagOf = async () => (await previewOf(ada, page)).headers.get('etag')!;
    const first = await etagOf();
    expect(first).toBe((await ada.call('GET', `/pages/${page.pageId}`)).headers.get('etag'));
    expect(await previewOf(ada, page, { 'if-none-match': first })).toMatchObject({ status: 304, body: undefined });
    await ada.put(`/pages/${page.pageId}/title`, { title: 'Autumn' });
    expect(await previewOf(ada, page, { 'if-none-match': first })).toMatchObject({ status: 200, body: expect.stringContaining('<title>Autumn</title>') as string });
    const second = await etagOf();
    await ada.patch(`/pages/${page.pageId}`, [{ op: 'replace', path: '/components/2/props/text', value: 'Other walks' }]);
    expect(await previewOf(ada, page, { 'if-none-match': second })).toMatchObject({ status: 200, body: expect.stringContaining('<h1 class="text heading1">Other walks</h1>') as string });
  });

  it('is for those who may see the page', async () => {
    const [ada, ben, stranger] = await crowd.group('ada', 'ben', 'stranger');
    const page = await makePage(ada, HARBOUR);
    await letIn(ada, page, [[ben, 'viewer']]);
    expect((await previewOf(ben, page)).status).toBe(200);
    expect(await previewOf(stranger, page)).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
    expect(await previewOf(new Api(product.url), page)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    await ada.delete(`/pages/${page.pageId}`);
    expect(await previewOf(ada, page)).toMatchObject({ status: 404, body: { code: 'PAGE_NOT_FOUND' } });
  });
});

describe('in a browser', () => {
  let browser: Browser;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ browser, close } = await launchBrowser());
  });
  afterAll(() => close());

  it('looks as it should, by itself and in a sandboxed frame', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada, HARBOUR);
    for (const [name, viewport] of [['wide', { width: 1280, height: 1500 }], ['phone', { width: 390, height: 844 }]] as const) {
      const person = await openPage(browser, { viewport, extraHTTPHeaders: { authorization: `Bearer ${ada.token}` } });
      await person.page.goto(`${product.url}/api/v1/pages/${page.pageId}/preview`);
      expect(await person.page.locator('h1').innerText()).toBe('Harbour walks');
      expect(await person.page.evaluate(() => [getComputedStyle(document.querySelector('main')!).display, document.querySelector('img')!.naturalWidth > 0, document.documentElement.scrollWidth <= innerWidth])).toEqual(['flex', true, true]);
      await keepScreenshot(person.page, `preview-${name}`);
      expect(person.problems).toEqual([]);
      await person.close();
    }
    const html = (await previewOf(ada, page)).body;
    const person = await openPage(browser);
    // Any page of the same origin; of the app only its policy matters here.
    await person.page.goto(product.url);
    const frame = await person.page.evaluateHandle((srcdoc) => {
      const element = Object.assign(document.createElement('iframe'), { srcdoc, sandbox: '' });
      document.body.replaceChildren(element);
      return element;
    }, html);
    const content = (await frame.asElement().contentFrame())!;
    await content.locator('h1').waitFor();
    await content.waitForLoadState();
    expect(await content.locator('main').evaluate((main) => getComputedStyle(main).display)).toBe('flex');
    await person.close();
  });

  it('can be read by everybody', async () => {
    const ada = await crowd.person('ada');
    const html = (await previewOf(ada, await makePage(ada, HARBOUR))).body;
    // Axe is a script, which the sandbox does not let run: so the same HTML and style without it.
    const person = await openPage(browser);
    await person.page.setContent(html.replace(/<link rel="stylesheet"[^>]*>/, ''));
    await person.page.addStyleTag({ content: await (await fetch(`${product.url}/api/v1/pages/preview.css`)).text() });
    const { violations } = await new AxeBuilder({ page: person.page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
    await person.close();
  });

  it('does nothing that a hostile page asks for', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada, HOSTILE, 'Good');
    const person = await openPage(browser, { extraHTTPHeaders: { authorization: `Bearer ${ada.token}` } });
    const asked: string[] = [];
    person.page.on('request', (request) => asked.push(request.url()));
    await person.page.goto(`${product.url}/api/v1/pages/${page.pageId}/preview`);
    await person.page.locator('button').first().click({ force: true });
    expect(await person.page.title()).toBe('Good');
    expect(asked.filter((url) => !url.startsWith('data:image/svg')).map((url) => new URL(url).pathname)).toEqual([`/api/v1/pages/${page.pageId}/preview`, '/api/v1/pages/preview.css']);
    await person.close();
  });

  it('is not framed by others', async () => {
    const ada = await crowd.person('ada');
    const page = await makePage(ada, HARBOUR);
    const other = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(`<iframe src="${product.url}/api/v1/pages/${page.pageId}/preview"></iframe>`)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const person = await openPage(browser, { extraHTTPHeaders: { authorization: `Bearer ${ada.token}` } });
    await person.page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    expect(person.problems.join()).toContain('frame-ancestors');
    await person.close();
    other.close();
  });
});
