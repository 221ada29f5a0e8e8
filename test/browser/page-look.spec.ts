import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageSchema } from '../../src/protocol/pages.js';
import { keepScreenshot, launchBrowser, openPage } from '../support/browser.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { makePage } from '../support/pages.js';
import { type Product, startProduct } from '../support/product.js';
import { sitDown } from './page-person.js';

let product: Product;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ada: Person;

beforeAll(async () => {
  product = await startProduct();
  ({ browser, close: closeBrowser } = await launchBrowser());
  ada = await new Crowd(product.url).person('ada', 'Ada Lovelace');
});
afterAll(async () => {
  await closeBrowser();
  await product.stop();
});

const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Each type with each of its looks. */
function everything(): PageSchema {
  const components: PageSchema['components'] = {};
  let count = 0;
  const put = (type: string, props: Record<string, unknown> = {}, children: string[] = []): string => {
    const id = `c${count++}`;
    components[id] = { id, name: id, type, props, children };
    return id;
  };
  const long = 'A text that is so long that it needs more than one line of a page that is not as wide as all that it says, and then some more.';
  const texts = ['body', 'heading1', 'heading2', 'caption'].flatMap((variant) => [put('text', { text: `${variant}\nin two lines`, variant, align: 'center' }), put('text', { text: long, variant })]);
  const buttons = ['primary', 'secondary'].flatMap((variant) => [put('button', { label: variant, variant }), put('button', { label: 'Leads somewhere', variant, href: 'https://example.org' })]);
  const fields = ['text', 'email', 'number', 'textarea', 'select', 'checkbox'].map((kind) => put('field', { label: kind, kind, placeholder: 'Hint', options: ['One', 'Two'], required: true }));
  const rows = ['start', 'center', 'end', 'stretch'].map((align) => put('container', { direction: 'row', gap: 'small', align }, [put('text', { text: align }), put('button', { label: align }), put('image', { src: PIXEL, alt: 'A dot' })]));
  const columns = ['start', 'center', 'end', 'stretch'].map((align) => put('container', { direction: 'column', gap: 'large', align }, [put('text', { text: align }), put('button', { label: align }), put('image', { src: PIXEL, alt: 'A dot' })]));
  const table = put('table', { columns: ['Name', 'Price'], rows: [['Tea', '3'], [long, '4']] });
  const chart = put('chart', {}, [put('text', { text: 'in another client’s component' })]);
  components['root'] = { id: 'root', name: 'Page', type: 'page', props: {}, children: [...texts, ...buttons, ...fields, ...rows, ...columns, table, chart] };
  return { rootId: 'root', components };
}

/** Every element of the page with what one sees of it, in places on the paper. */
const seen = (page: Page) =>
  page.evaluate(() => {
    const paper = document.querySelector('.look.paper')!;
    const origin = paper.getBoundingClientRect();
    const styles = ['color', 'backgroundColor', 'fontSize', 'fontWeight', 'fontFamily', 'lineHeight', 'letterSpacing', 'textAlign', 'whiteSpace', 'borderTopWidth', 'borderTopColor', 'borderRadius', 'paddingLeft', 'paddingTop', 'boxShadow'] as const;
    return [paper, ...paper.querySelectorAll('*')]
      .filter((element) => !element.matches('[data-prop], option'))
      .map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        // The paper alone is as high as its window.
        const box = [left - origin.left, top - origin.top, width, ...(element === paper ? [] : [height])].map((value) => Math.round(value));
        return { className: element.className, box, style: Object.fromEntries(styles.map((name) => [name, style[name]])) };
      });
  });

describe('the preview and the canvas', { timeout: 60_000 }, () => {
  it.each([
    ['light', 1440],
    ['dark', 900],
  ] as const)('are one look, in the %s theme of a window %i pixels wide', async (colorScheme, width) => {
    const { pageId } = await makePage(ada, 'Everything');
    await ada.put(`/pages/${pageId}`, { schema: everything() });
    const editor = await sitDown(browser, product.url, ada, { viewport: { width, height: 900 }, colorScheme });
    await editor.screen.open(product.url, pageId);
    await editor.screen.canvas.getByText('in another client’s component').waitFor();
    await eventually('the images are there', () => editor.page.evaluate(() => [...document.querySelectorAll('img.image')].every((image) => (image as HTMLImageElement).complete)));
    const onCanvas = await seen(editor.page);
    await keepScreenshot(editor.page, `page-look-${colorScheme}`);
    const paperWidth = onCanvas[0]!.box[2]!;
    // A narrow preview is paper alone.
    const margin = paperWidth + 32 > 640 ? 32 : 0;
    const preview = await openPage(browser, { viewport: { width: paperWidth + margin, height: 900 }, colorScheme, extraHTTPHeaders: { authorization: `Bearer ${ada.token}` } });
    await preview.page.goto(`${product.url}/api/v1/pages/${pageId}/preview`);
    await eventually('the images are there', () => preview.page.evaluate(() => [...document.querySelectorAll('img.image')].every((image) => (image as HTMLImageElement).complete)));
    const inPreview = await seen(preview.page);
    expect(onCanvas.map(({ className }) => className)).toEqual(inPreview.map(({ className }) => className));
    for (const [at, element] of onCanvas.entries()) expect(element, `${at}: ${element.className}`).toEqual(inPreview[at]);
    expect(onCanvas.length).toBeGreaterThan(80);
    expect([...editor.problems, ...preview.problems]).toEqual([]);
    await editor.close();
    await preview.close();
  });
});
