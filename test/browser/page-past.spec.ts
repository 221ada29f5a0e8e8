import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument } from '../../src/protocol/pages.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { letIn, makePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { type Seated, sitDown } from './page-person.js';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;
let ben: Person;
let a: Seated;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  ada = await crowd.person('ada', 'Ada Lovelace');
  ben = await crowd.person('ben', 'Ben');
});
afterEach(async () => {
  expect(a.problems).toEqual([]);
  await a.close();
});
afterAll(async () => {
  await closeBrowser();
  await product.stop();
});

const text = (id: string, content: string) => ({ id, name: id, type: 'text', props: { align: 'start', text: content, variant: 'body' }, children: [] });

/** A page of Ada's with three texts, which Ben has put there. */
async function pageWithHistory(): Promise<string> {
  const page = await makePage(ada, 'Harbour');
  await letIn(ada, page, [[ben, 'editor']]);
  const components = { 1: { id: 1, name: 'Page', type: 'page', props: {}, children: ['first', 'second', 'third'] }, first: text('first', 'One'), second: text('second', 'Two'), third: text('third', 'Three') };
  await ben.put(`/pages/${page.pageId}`, { schema: { rootId: 1, components } });
  return page.pageId;
}

/** Everything is on disk. */
const reaches = (pageId: string, version: number) => eventually(`version ${version}`, async () => (await ada.get<PageDocument>(`/pages/${pageId}`)).version >= version);

const schemaOf = async (pageId: string) => (await ada.get<PageDocument>(`/pages/${pageId}`)).schema;

describe('the past of a page', { timeout: 60_000 }, () => {
  it('is marked where it was changed, and nowhere else', async () => {
    const pageId = await pageWithHistory();
    const { version } = await ada.get<PageDocument>(`/pages/${pageId}`);
    a = await sitDown(browser, product.url, ada);
    await a.screen.open(product.url, pageId);
    await a.screen.row('second').click();
    await a.screen.property('Text').fill('Twofold');
    await reaches(pageId, version + 1);
    await a.page.getByRole('button', { name: 'History', exact: true }).click();
    await a.page.getByRole('button', { name: /^View the page as Ada/ }).first().click();
    const past = a.page.getByRole('group', { name: 'The page as it was' });
    await past.locator('[data-frame]').first().waitFor();
    expect(await past.locator('[data-frame]').evaluateAll((frames) => frames.map((frame) => frame.getAttribute('data-frame')).sort())).toEqual(['second']);
    await keepScreenshot(a.page, 'page-past');
  });

  it('keeps the present from being edited, and leads back to it by a button and by the keyboard', async () => {
    const pageId = await pageWithHistory();
    a = await sitDown(browser, product.url, ada);
    await a.screen.open(product.url, pageId);
    await a.screen.row('second').click();
    const before = await schemaOf(pageId);
    await a.page.keyboard.press('Control+c');
    await a.page.getByRole('button', { name: 'History', exact: true }).click();
    const view = a.page.getByRole('button', { name: /^View the page as Ben/ }).first();
    await view.click();
    await a.page.getByText('You are viewing an earlier version, which cannot be edited.').first().waitFor();
    const past = a.page.getByRole('group', { name: 'The page as it was' });
    await past.click();
    for (const key of ['Delete', 'Backspace', 'Control+d', 'Control+v', 'Control+x', 'Control+z', 'Control+Shift+z', 'Control+y', 'Alt+ArrowDown', 'Alt+ArrowUp', 'Enter']) await a.page.keyboard.press(key);
    await past.getByText('Two', { exact: true }).dblclick();
    await a.page.keyboard.type('typed');
    const [from, to] = [(await past.getByText('One', { exact: true }).boundingBox())!, (await past.getByText('Three', { exact: true }).boundingBox())!];
    await a.page.mouse.move(from.x + 5, from.y + 5);
    await a.page.mouse.down();
    await a.page.mouse.move(to.x + 5, to.y + to.height + 20, { steps: 6 });
    await a.page.mouse.up();
    expect(await a.page.getByRole('button', { name: /^Add |^Undo$|^Redo$/ }).count()).toBe(0);
    expect(await a.page.getByRole('tree').count()).toBe(0);
    expect(await a.page.getByRole('button', { name: 'Harbour', exact: true }).count(), 'the title').toBe(0);
    // Escape leads back, and the keys reach the canvas again.
    await past.focus();
    await a.page.keyboard.press('Escape');
    await a.screen.canvas.and(a.page.locator(':focus')).waitFor();
    expect(await schemaOf(pageId)).toEqual(before);
    await view.click();
    await a.page.getByRole('button', { name: 'Back to the present' }).press('Enter');
    await a.screen.canvas.and(a.page.locator(':focus')).waitFor();
    await a.page.getByText('You are viewing the current version.').waitFor({ state: 'attached' });
    expect(await schemaOf(pageId)).toEqual(before);
  });

  it('is made the present from where it is shown', async () => {
    const pageId = await pageWithHistory();
    const { version, schema: before } = await ada.get<PageDocument>(`/pages/${pageId}`);
    a = await sitDown(browser, product.url, ada, { viewport: { width: 390, height: 844 } });
    await a.screen.open(product.url, pageId);
    await a.page.getByRole('button', { name: 'Components' }).click();
    await a.screen.row('second').click();
    await a.page.keyboard.press('Delete');
    await a.screen.row('second').waitFor({ state: 'detached' });
    await reaches(pageId, version + 1);
    expect(await schemaOf(pageId)).not.toEqual(before);
    await a.page.getByRole('button', { name: 'History', exact: true }).click();
    await a.page.getByRole('button', { name: /^View the page as Ben/ }).first().click();
    await a.page.getByRole('button', { name: 'Restore', exact: true }).waitFor();
    await a.page.getByRole('group', { name: 'The page as it was' }).waitFor();
    await keepScreenshot(a.page, 'page-past-phone');
    await a.page.getByRole('button', { name: 'Restore', exact: true }).click();
    await a.page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
    await a.page.getByText('The page was restored.').waitFor();
    await a.screen.canvas.waitFor();
    expect(await schemaOf(pageId)).toEqual(before);
  });
});
