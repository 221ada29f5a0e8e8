import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageDocument, PageSchema } from '../../src/protocol/pages.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { letIn, makePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { type EditorScreen, type Seated, sitDown } from './page-person.js';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let crowd: Crowd;
let ada: Person;
let ben: Person;
let vera: Person;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  crowd = new Crowd(product.url);
  ada = await crowd.person('ada', 'Ada Lovelace');
  ben = await crowd.person('ben', '本杰明');
  vera = await crowd.person('vera', 'Vera');
});
afterAll(async () => {
  await closeBrowser();
  await product.stop();
});

/** A page of Ada's, on which Ben may edit and Vera may look. */
async function sharedPage(title: string): Promise<string> {
  const page = await makePage(ada, title);
  await letIn(ada, page, [
    [ben, 'editor'],
    [vera, 'viewer'],
  ]);
  return page.pageId;
}

const sit = (person: Person, options: BrowserContextOptions = {}): Promise<Seated> => sitDown(browser, product.url, person, options);

/** The page as it is stored: each component with its depth. */
async function stored(pageId: string): Promise<string[]> {
  const { schema } = await ada.get<PageDocument>(`/pages/${pageId}`);
  return outlineOf(schema);
}

function outlineOf({ rootId, components }: PageSchema): string[] {
  const lines = (id: string | number, depth: number): string[] => {
    const { name, children = [] } = components[String(id)]!;
    return [`${depth} ${name}`, ...children.flatMap((child) => lines(child, depth + 1))];
  };
  return lines(rootId, 1);
}

/** All have on the screen what is stored. */
const agree = (pageId: string, ...screens: EditorScreen[]) =>
  eventually('everybody has the same page', async () => {
    const expected = await stored(pageId);
    for (const screen of screens) expect(await screen.outline()).toEqual(expected);
    return true;
  });

const becomes = (screen: EditorScreen, expected: string[]) =>
  eventually(expected.join(', '), async () => {
    expect(await screen.outline()).toEqual(expected);
    return true;
  });

/** One event of input, after which the field has this text. */
const enterAsFirefox = (field: Locator, text: string): Promise<void> =>
  field.evaluate((element, value) => {
    // React looks for changes of the value behind its own setter.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value')!.set!.call(element, value);
    element.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, text);

describe('two people on one page', { timeout: 120_000 }, () => {
  let a: Awaited<ReturnType<typeof sit>>;
  let b: Awaited<ReturnType<typeof sit>>;
  let pageId: string;

  beforeAll(async () => {
    pageId = await sharedPage('Landing');
    [a, b] = await Promise.all([sit(ada), sit(ben)]);
    await Promise.all([a.screen.open(product.url, pageId), b.screen.open(product.url, pageId)]);
  });
  afterAll(async () => {
    // The one that was cut off says so, too.
    expect([...a.problems, ...b.problems].filter((problem) => !problem.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    await a.close();
    await b.close();
  });

  it('see each other, and what each of them adds', async () => {
    await a.page.getByRole('list', { name: 'On this page now' }).getByRole('button', { name: '本杰明' }).waitFor();
    await a.screen.add('Container');
    await a.screen.add('Text');
    await a.screen.row('Page').click();
    await a.screen.add('Button');
    await b.screen.row('Button').waitFor();
    await becomes(b.screen, ['1 Page', '2 Container', '3 Text', '2 Button']);
    await agree(pageId, a.screen, b.screen);
  });

  it('drag in the tree, on the canvas and from the palette', async () => {
    await a.screen.drag(a.screen.row('Button'), a.screen.row('Container'), 0.5);
    await b.screen.tree.getByRole('treeitem', { name: 'Button', level: 3 }).waitFor();
    await a.screen.drag(a.screen.shown('Write something'), a.screen.shown('Button'), 0.95);
    await agree(pageId, a.screen, b.screen);
    await becomes(b.screen, ['1 Page', '2 Container', '3 Button', '3 Text']);
    await b.screen.drag(b.page.getByRole('button', { name: 'Add Table' }), b.screen.row('Container'), 0.05);
    await a.screen.row('Table').waitFor();
    await becomes(a.screen, ['1 Page', '2 Table', '2 Container', '3 Button', '3 Text']);
    // Nothing comes into itself.
    await a.screen.drag(a.screen.row('Container'), a.screen.row('Text'), 0.9);
    await agree(pageId, a.screen, b.screen);
    await becomes(a.screen, ['1 Page', '2 Table', '2 Container', '3 Button', '3 Text']);
  });

  it('write on the canvas and in the properties, and take it back', async () => {
    await a.screen.shown('Write something').dblclick();
    await a.page.keyboard.type('Hello, 世界');
    await b.screen.shown('Hello, 世界').waitFor();
    await a.page.keyboard.press('Escape');
    await b.screen.row('Button').click();
    await b.screen.property('Label').fill('Go');
    await a.screen.shown('Go').waitFor();
    await b.screen.property('Label').press('Control+z');
    await a.screen.shown('Button').waitFor();
    await b.page.getByRole('button', { name: 'Redo' }).click();
    await a.screen.shown('Go').waitFor();
    await keepScreenshot(a.page, 'page-editor');
  });

  it('write characters that a browser hands over in halves', async () => {
    await b.screen.row('Button').click();
    for (const [field, whole] of [
      [b.screen.property('Label'), 'Go 🦊'],
      [b.screen.property('Name'), 'Button 𠮷'],
    ] as const) {
      await enterAsFirefox(field, whole.slice(0, -1));
      await enterAsFirefox(field, whole);
    }
    await a.screen.shown('Go 🦊').waitFor();
    await a.screen.row('Button 𠮷').waitFor();
    // Half a character that stays alone is no Unicode.
    await enterAsFirefox(b.screen.property('Name'), 'Button\ud83e');
    await enterAsFirefox(b.screen.property('Name'), 'Button\ud83e!');
    await a.screen.row('Button\ufffd!').waitFor();
    await b.screen.property('Name').fill('Button');
    await b.screen.property('Label').fill('Go');
    await a.screen.shown('Go').waitFor();
    await a.screen.shown('Hello, 世界').dblclick();
    const area = a.page.getByRole('textbox', { name: 'Text' }).and(a.screen.canvas.getByRole('textbox'));
    await enterAsFirefox(area, 'Hello, 世界 \ud83e');
    await enterAsFirefox(area, 'Hello, 世界 🦊');
    await b.screen.shown('Hello, 世界 🦊').waitFor();
    await enterAsFirefox(area, 'Hello, 世界');
    await a.page.keyboard.press('Escape');
    await b.screen.shown('Hello, 世界').waitFor();
    await agree(pageId, a.screen, b.screen);
  });

  it('see where the other one is', async () => {
    await b.screen.row('Text').click();
    await b.screen.shown('Hello, 世界').hover();
    await a.page.locator('[data-cursor]').getByText('本杰明').waitFor({ state: 'attached' });
    await a.page.locator('[data-frame]').getByText('本杰明').waitFor({ state: 'attached' });
    await keepScreenshot(a.page, 'page-editor-cursors');
  });

  it('copy, paste, duplicate and delete by the keyboard', async () => {
    await a.screen.row('Button').click();
    await a.page.keyboard.press('Control+c');
    await a.screen.row('Table').click();
    await a.page.keyboard.press('Control+v');
    await becomes(b.screen, ['1 Page', '2 Table', '2 Button', '2 Container', '3 Button', '3 Text']);
    await a.page.keyboard.press('Control+d');
    await becomes(b.screen, ['1 Page', '2 Table', '2 Button', '2 Button', '2 Container', '3 Button', '3 Text']);
    await a.page.keyboard.press('Delete');
    await a.page.keyboard.press('Control+z');
    await a.page.keyboard.press('Control+z');
    await becomes(b.screen, ['1 Page', '2 Table', '2 Button', '2 Container', '3 Button', '3 Text']);
    await agree(pageId, a.screen, b.screen);
  });

  it('move by the keyboard', async () => {
    await a.screen.row('Table').click();
    for (const key of ['Alt+ArrowDown', 'Alt+ArrowDown', 'Alt+ArrowRight']) await a.page.keyboard.press(key);
    await becomes(b.screen, ['1 Page', '2 Button', '2 Container', '3 Button', '3 Text', '3 Table']);
    await a.page.keyboard.press('Alt+ArrowLeft');
    await a.page.keyboard.press('Alt+ArrowUp');
    await becomes(b.screen, ['1 Page', '2 Button', '2 Table', '2 Container', '3 Button', '3 Text']);
  });

  it('go on while one of them is cut off, and agree afterwards', async () => {
    await a.page.context().setOffline(true);
    await a.page.evaluate(() => dispatchEvent(new Event('offline')));
    await a.screen.row('Text').click();
    await a.screen.property('Text').fill('Written while away');
    await a.screen.add('Image');
    await b.screen.row('Container').click();
    await b.screen.add('Field');
    await a.page.locator('[data-saved="offline"]').waitFor({ timeout: 60_000 });
    await keepScreenshot(a.page, 'page-editor-offline');
    await a.page.context().setOffline(false);
    await b.screen.shown('Written while away').waitFor({ timeout: 60_000 });
    await a.page.locator('[data-saved="saved"]').waitFor({ timeout: 60_000 });
    await agree(pageId, a.screen, b.screen);
  });

  it('show a viewer everything, and let them change nothing', async () => {
    const v = await sit(vera);
    await v.screen.open(product.url, pageId);
    await v.screen.shown('Written while away').waitFor();
    await v.page.getByText('You can view this page, but not edit it.').waitFor();
    expect(await v.page.getByRole('button', { name: /^Add / }).count()).toBe(0);
    await v.screen.row('Text').first().click();
    expect(await v.screen.property('Text').getAttribute('readonly')).not.toBeNull();
    const before = await v.screen.outline();
    await v.page.keyboard.press('Delete');
    await v.screen.drag(v.screen.row('Table'), v.screen.row('Container'), 0.5);
    expect(await v.screen.outline()).toEqual(before);
    await keepScreenshot(v.page, 'page-editor-viewer');
    await v.close();
  });

  it('are told what was not taken', async () => {
    await a.screen.row('Field').click();
    await b.screen.row('Field').click();
    await a.page.context().setOffline(true);
    await a.page.evaluate(() => dispatchEvent(new Event('offline')));
    await a.screen.property('Label').fill('Too late');
    await b.page.keyboard.press('Delete');
    await b.screen.row('Field').waitFor({ state: 'detached' });
    // On disk, not only on the screen of who did it: else the other one, back on line, could be the earlier.
    await agree(pageId, b.screen);
    await a.page.context().setOffline(false);
    await a.page.getByText('Not saved: changed “Label” of').waitFor({ timeout: 60_000 });
    await agree(pageId, a.screen, b.screen);
  });

  it('carry components to another page', async () => {
    const other = await sharedPage('Another');
    await a.screen.row('Container').click();
    await a.page.keyboard.press('Control+c');
    await a.screen.open(product.url, other);
    await a.screen.canvas.click();
    await a.page.keyboard.press('Control+v');
    await becomes(a.screen, ['1 Page', '2 Container', '3 Button', '3 Text', '3 Image']);
    await agree(other, a.screen);
    await a.screen.open(product.url, pageId);
  });

  it('look at what the page was, go back to it, and take back what somebody did', async () => {
    await a.page.getByRole('button', { name: 'History', exact: true }).click();
    const history = a.page.getByRole('region', { name: 'History' });
    await history.getByText('本杰明').first().waitFor();
    await history.getByRole('button', { name: /^View the page as Ada/ }).last().click();
    await a.page.getByText('The changes of this version are marked.').waitFor();
    await a.page.getByRole('button', { name: 'Back to the present' }).click();
    const before = await stored(pageId);
    await history.getByRole('button', { name: /^Actions for the changes by Ada/ }).last().click();
    await a.page.getByRole('menuitem', { name: 'Restore this version' }).click();
    await a.page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
    await a.page.getByText('The page was restored.').waitFor();
    await agree(pageId, a.screen, b.screen);
    expect(await stored(pageId)).not.toEqual(before);
    // The present is Ada's now; she takes it back.
    await history.getByRole('button', { name: /^Actions for the changes by Ada/ }).first().click();
    await a.page.getByRole('menuitem', { name: 'Revert these changes' }).click();
    await a.page.getByRole('alertdialog').getByRole('button', { name: 'Revert' }).click();
    await a.page.getByText(/(?:was|were) reverted\.$/).waitFor();
    await agree(pageId, a.screen, b.screen);
    await history.getByRole('button', { name: 'Close the history' }).click();
  });

  it('look at it as its readers will', async () => {
    await a.page.getByRole('button', { name: 'Preview', exact: true }).click();
    const frame = a.page.frameLocator('iframe[sandbox=""]');
    // Its style sheet comes by a request of its own.
    await eventually('it looks as it should', () => frame.locator('main').evaluate((main) => getComputedStyle(main).display === 'flex'));
    await a.page.getByRole('radio', { name: 'Phone' }).click();
    await a.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await a.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('rename it where the title stands', async () => {
    await a.page.getByRole('button', { name: 'Landing', exact: true }).click();
    await a.page.getByRole('textbox', { name: 'Title of the page' }).fill('Harbour');
    await a.page.keyboard.press('Enter');
    await b.page.getByRole('heading', { name: 'Harbour' }).first().waitFor();
  });

  it('are told when it is gone', async () => {
    const other = await sharedPage('Short-lived');
    await b.screen.open(product.url, other);
    await ada.delete(`/pages/${other}`);
    await b.page.getByText('This page is gone').waitFor();
    await keepScreenshot(b.page, 'page-editor-gone');
  });
});

describe('a page on a phone', { timeout: 60_000 }, () => {
  it('is edited by a finger', async () => {
    const pageId = await sharedPage('Small');
    const a = await sit(ada, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await a.screen.open(product.url, pageId);
    await a.page.getByRole('button', { name: 'Components' }).tap();
    for (const type of ['Text', 'Container', 'Table']) {
      await a.screen.row('Page').tap();
      await a.page.getByRole('button', { name: `Add ${type}` }).tap();
    }
    await becomes(a.screen, ['1 Page', '2 Text', '2 Container', '2 Table']);
    await a.screen.dragByFinger(a.screen.row('Table'), a.screen.row('Text'), 0.1);
    await becomes(a.screen, ['1 Page', '2 Table', '2 Text', '2 Container']);
    await a.page.getByRole('button', { name: 'Components' }).tap();
    await a.screen.dragByFinger(a.screen.shown('Write something'), a.screen.shown('Column 1'), 0.1);
    await a.page.getByRole('button', { name: 'Properties' }).tap();
    await a.screen.property('Text').fill('Written on a phone');
    await a.screen.shown('Written on a phone').waitFor();
    await a.page.getByRole('button', { name: 'Components' }).tap();
    await becomes(a.screen, ['1 Page', '2 Text', '2 Table', '2 Container']);
    await agree(pageId, a.screen);
    await a.close();
  });
});

/** As many as make a page slow where each of them is rendered for every letter. */
function largeSchema(): PageSchema {
  const components: PageSchema['components'] = { 1: { id: 1, name: 'Page', type: 'page', props: {}, children: [] } };
  for (let box = 0; box < 100; box++) {
    const children = Array.from({ length: 19 }, (_, at) => `t${box}-${at}`);
    for (const id of children) components[id] = { id, name: id, type: 'text', props: { text: `Line ${id}` }, children: [] };
    components[`b${box}`] = { id: `b${box}`, name: `Box ${box}`, type: 'container', props: {}, children };
    components['1']!.children!.push(`b${box}`);
  }
  return { rootId: 1, components };
}

describe('a page of 2,000 components', { timeout: 60_000 }, () => {
  it('touches one of them for a letter, and renders of the tree what is in sight', async () => {
    const pageId = await sharedPage('Large');
    await ada.put(`/pages/${pageId}`, { schema: largeSchema() });
    const a = await sit(ada);
    await a.screen.open(product.url, pageId);
    await a.screen.shown('Line t0-1').click();
    expect(await a.page.locator('[data-component]').count()).toBe(2_001);
    expect(await a.screen.tree.getByRole('treeitem').count()).toBeLessThan(100);
    await a.page.evaluate(() => {
      const touched = new Set<string>();
      const observer = new MutationObserver((records) => {
        for (const { target } of records) touched.add((target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>('[data-component]')?.dataset['component'] ?? 'editor');
      });
      observer.observe(document.querySelector('[data-component]')!, { subtree: true, childList: true, characterData: true, attributes: true });
      Object.assign(globalThis, { touched });
    });
    await a.screen.property('Text').press('End');
    await a.page.keyboard.type('abc');
    await a.screen.shown('Line t0-1abc').waitFor();
    expect(await a.page.evaluate(() => [...(globalThis as unknown as { touched: Set<string> }).touched])).toEqual(['t0-1']);
    await a.close();
  });
});
