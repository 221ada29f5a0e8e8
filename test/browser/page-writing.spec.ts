import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
let b: Seated;
let pageId: string;

const TEXTS = { one: 'The quick fox', two: 'Another text', three: 'A third one' };

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  const crowd = new Crowd(product.url);
  [ada, ben] = [await crowd.person('ada', 'Ada Lovelace'), await crowd.person('ben', '本杰明')];
  const page = await makePage(ada, 'Letter');
  pageId = page.pageId;
  await letIn(ada, page, [[ben, 'editor']]);
  const text = ([id, content]: [string, string]): [string, object] => [id, { id, name: id, type: 'text', props: { text: content, variant: 'body', align: 'start' }, children: [] }];
  const table = { id: 'table', name: 'table', type: 'table', props: { columns: ['A', 'B'], rows: [['1', '2'], ['3', '4']] }, children: [] };
  const root = { id: 'root', name: 'Page', type: 'page', props: {}, children: [...Object.keys(TEXTS), 'table'] };
  await ada.put(`/pages/${pageId}`, { schema: { rootId: 'root', components: { root, table, ...Object.fromEntries(Object.entries(TEXTS).map(text)) } } });
  [a, b] = await Promise.all([sitDown(browser, product.url, ada, { viewport: { width: 1280, height: 800 } }), sitDown(browser, product.url, ben)]);
  await Promise.all([a.screen.open(product.url, pageId), b.screen.open(product.url, pageId)]);
});
afterAll(async () => {
  expect([...a.problems, ...b.problems]).toEqual([]);
  await a.close();
  await b.close();
  await closeBrowser();
  await product.stop();
});

const propsOf = async (id: string) => (await ada.get<PageDocument>(`/pages/${pageId}`)).schema.components[id]!.props!;
const becomes = (field: Locator, value: string) => eventually(`the field says ${value}`, async () => (await field.inputValue()) === value);
const caretOf = (field: Locator) => field.evaluate((element) => [(element as HTMLTextAreaElement).selectionStart, (element as HTMLTextAreaElement).selectionEnd]);
const setCaret = (field: Locator, start: number, end = start) => field.evaluate((element, [from, to]) => (element as HTMLTextAreaElement).setSelectionRange(from!, to!), [start, end]);

/** Begins to write on the canvas. */
async function writeOnCanvas({ screen }: Seated, text: string): Promise<Locator> {
  await screen.shown(text).dblclick();
  return screen.canvas.getByRole('textbox');
}

describe('two people in one text', { timeout: 60_000 }, () => {
  it('keep their places and all that both type, on the canvas and in the properties', async () => {
    const ofAda = await writeOnCanvas(a, TEXTS.one);
    await b.screen.row('one').click();
    const ofBen = b.screen.property('Text');
    await ofBen.focus();
    await setCaret(ofBen, TEXTS.one.length);
    await setCaret(ofAda, 'The quick'.length);
    let expected: string = TEXTS.one;
    for (const [at, letter] of [...' brown'].entries()) {
      await a.page.keyboard.type(letter);
      expected = `The quick${' brown'.slice(0, at + 1)} fox${'jumps '.slice(0, at)}`;
      await becomes(ofBen, expected);
      expect(await caretOf(ofBen), 'Ben is at the end').toEqual([expected.length, expected.length]);
      await b.page.keyboard.type('jumps '[at]!);
      expected = `The quick${' brown'.slice(0, at + 1)} fox${'jumps '.slice(0, at + 1)}`;
      await becomes(ofAda, expected);
      const place = 'The quick'.length + at + 1;
      expect(await caretOf(ofAda), 'Ada is in the middle').toEqual([place, place]);
    }
    await eventually('both have it on disk', async () => (await propsOf('one'))['text'] === 'The quick brown foxjumps ');
  });

  it('see where the other one writes', async () => {
    const tag = a.page.locator('[data-frame="one"] [data-tag]').getByText('本杰明 is writing');
    await tag.waitFor({ state: 'attached' });
    await a.page.locator('[data-caret] > *').first().waitFor();
    await b.page.locator('[data-frame="one"] [data-tag]').getByText('Ada Lovelace is writing').waitFor({ state: 'attached' });
    await b.screen.properties.getByText('Ada Lovelace is writing').waitFor();
    // Where Ada's caret is drawn in Ben's window, there her caret is.
    const [caret, word] = await Promise.all([
      b.page.locator('[data-caret] > *').last().boundingBox(),
      b.screen.canvas.locator('[data-prop="text"]').first().evaluate((element) => {
        const range = document.createRange();
        range.setStart(element.firstChild!, 'The quick brown'.length);
        range.setEnd(element.firstChild!, 'The quick brown '.length);
        const { left, top } = range.getBoundingClientRect();
        return { left, top };
      }),
    ]);
    expect(caret!.x).toBeCloseTo(word.left, 0);
    expect(caret!.y).toBeCloseTo(word.top, 0);
    await keepScreenshot(a.page, 'page-two-writers');
    await keepScreenshot(b.page, 'page-two-writers-properties');
    await a.page.emulateMedia({ colorScheme: 'dark' });
    await keepScreenshot(a.page, 'page-two-writers-dark');
    await a.page.emulateMedia({ colorScheme: 'light' });
    await a.page.keyboard.press('Escape');
    await b.screen.properties.getByText('Ada Lovelace is writing').waitFor({ state: 'detached' });
  });

  it('keep what is selected', async () => {
    const ofAda = await writeOnCanvas(a, TEXTS.two);
    await setCaret(ofAda, 'Another '.length, TEXTS.two.length);
    await b.screen.row('two').click();
    const ofBen = b.screen.property('Text');
    await ofBen.focus();
    await setCaret(ofBen, 0);
    await b.page.keyboard.type('Yet ');
    await becomes(ofAda, `Yet ${TEXTS.two}`);
    expect(await caretOf(ofAda)).toEqual(['Yet Another '.length, 'Yet Another text'.length]);
    await a.page.keyboard.type('line');
    await becomes(ofBen, 'Yet Another line');
    expect(await caretOf(ofBen)).toEqual([4, 4]);
    await a.page.keyboard.press('Escape');
  });

  it('do not disturb an input method, whose word comes where it was begun', async () => {
    // A window of its own: what it composes may still be there when the next picture of it is taken.
    const c = await sitDown(browser, product.url, ada);
    await c.screen.open(product.url, pageId);
    const ofAda = await writeOnCanvas(c, TEXTS.three);
    await setCaret(ofAda, 'A third'.length);
    const session = await c.page.context().newCDPSession(c.page);
    await session.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
    await becomes(ofAda, 'A thirdni one');
    await b.screen.row('three').click();
    const ofBen = b.screen.property('Text');
    await ofBen.focus();
    await setCaret(ofBen, 0);
    await b.page.keyboard.type('Not ');
    await c.screen.row('three').getByText('Not A third one').waitFor();
    expect(await ofAda.inputValue(), 'as long as it is being composed').toBe('A thirdni one');
    await session.send('Input.imeSetComposition', { text: 'ni h', selectionStart: 4, selectionEnd: 4 });
    await session.send('Input.insertText', { text: '你好' });
    await becomes(ofAda, 'Not A third你好 one');
    expect(await caretOf(ofAda)).toEqual(['Not A third你好'.length, 'Not A third你好'.length]);
    await becomes(ofBen, 'Not A third你好 one');
    await session.detach();
    await c.close();
  });

  it('write into two cells of one table, also while rows come and go', async () => {
    for (const { screen } of [a, b]) await screen.row('table').click();
    const cell = (seated: Seated, name: string) => seated.screen.properties.getByRole('textbox', { name, exact: true });
    await cell(a, 'Row 2, column 1').focus();
    await a.page.keyboard.press('End');
    await cell(b, 'Row 1, column 2').focus();
    await b.page.keyboard.press('End');
    await a.page.keyboard.type('a');
    await b.page.keyboard.type('b');
    await becomes(cell(a, 'Row 1, column 2'), '2b');
    await becomes(cell(b, 'Row 2, column 1'), '3a');
    await b.screen.properties.getByRole('button', { name: 'Remove row 1' }).click();
    await becomes(cell(a, 'Row 1, column 1'), '3a');
    await a.page.keyboard.type('c');
    await eventually('it came into the row that Ada was in', async () => {
      expect(await propsOf('table')).toMatchObject({ columns: ['A', 'B'], rows: [['3ac', '4']] });
      return true;
    });
  });
});

describe('a new component', { timeout: 60_000 }, () => {
  it('that has a text is written at once, and the tree says what it says', async () => {
    await a.screen.row('Page').click();
    const before = await a.screen.outline();
    await a.screen.add('Text');
    const field = a.screen.canvas.getByRole('textbox');
    await field.and(a.page.locator(':focus')).waitFor();
    await a.page.keyboard.type('Typed at once?');
    await a.screen.row('Text').getByText('Typed at once?').waitFor();
    expect(await a.screen.outline()).toEqual([...before, '2 Text']);
    await a.page.keyboard.press('Escape');
    await a.page.getByRole('button', { name: 'Add Button' }).press('Enter');
    await field.and(a.page.locator(':focus')).waitFor();
    await a.page.keyboard.type('Send');
    await b.screen.shown('Send').waitFor();
    await a.page.keyboard.press('Escape');
    await keepScreenshot(a.page, 'page-tree-texts');
  });
});

describe('the room for the canvas', { timeout: 60_000 }, () => {
  it('is not taken by the list of pages, and panels fold by the keyboard', async () => {
    const widthOf = async () => (await a.screen.canvas.boundingBox())!.width;
    expect(await a.page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
    expect(await widthOf()).toBeGreaterThan(700);
    await a.page.getByRole('button', { name: 'Hide Components' }).press('Enter');
    await a.page.getByRole('button', { name: 'Show Components' }).and(a.page.locator(':focus')).waitFor();
    await a.page.getByRole('button', { name: 'Hide Properties' }).press('Enter');
    expect(await widthOf()).toBeGreaterThan(1_100);
    await keepScreenshot(a.page, 'page-folded');
    await a.page.reload();
    await a.page.getByRole('button', { name: 'Show Components' }).press('Enter');
    await a.page.getByRole('button', { name: 'Show Properties' }).press('Enter');
    await a.page.getByRole('button', { name: 'Show the list of pages' }).press('Enter');
    await a.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await a.page.getByRole('button', { name: 'Hide the list of pages' }).press('Enter');
    await a.screen.tree.waitFor();
  });

  it('is there on a phone, too, with a title that can be read', async () => {
    await a.page.setViewportSize({ width: 390, height: 844 });
    const title = a.page.getByRole('button', { name: 'Letter', exact: true });
    await title.waitFor();
    expect(await title.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    expect((await a.page.getByRole('banner').or(a.page.locator('section > header')).last().boundingBox())!.width).toBe(390);
    await keepScreenshot(a.page, 'page-phone');
    await a.page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('a table with many columns', { timeout: 60_000 }, () => {
  it('has the button that removes a row in sight', async () => {
    await a.screen.row('table').click();
    for (let column = 3; column <= 6; column++) await a.screen.properties.getByRole('button', { name: 'Add a column' }).click();
    const [button, panel] = await Promise.all([a.screen.properties.getByRole('button', { name: 'Remove row 1' }).boundingBox(), a.screen.properties.boundingBox()]);
    expect(button!.x + button!.width).toBeLessThanOrEqual(panel!.x + panel!.width);
    await keepScreenshot(a.page, 'page-table-editor');
  });
});
