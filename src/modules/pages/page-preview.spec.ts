import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './document/json-value.js';
import { renderPreview } from './page-preview.js';
import { PREVIEW_CSS } from './page-preview-style.js';

type Props = Record<string, Json>;

/** The page's own HTML for components 1, 2, 3 …; the first is the root, and the others are its children. */
function show(...components: [type: string, props?: Props][]): string {
  const ids = components.map((_, i) => i + 2);
  const entries = components.map(([type, props = {}], i) => [i + 2, { id: i + 2, type, props, children: [] }] as const);
  return bodyOf(renderPreview({ rootId: 1, components: { 1: { id: 1, type: 'page', props: {}, children: ids }, ...Object.fromEntries(entries) } }, 'Page'));
}

const bodyOf = (html: string) => /<main class="look paper stack">(.*)<\/main><\/body><\/html>\n$/s.exec(html)![1]!;
const VOID = new Set(['meta', 'link', 'img', 'input']);
const TAG = /<(\/?)([a-z0-9]+)((?: [a-z-]+(?:="[^"<>]*")?)*)>/g;
const ALLOWED = new Set(['html', 'head', 'meta', 'title', 'link', 'body', 'main', 'div', 'span', 'b', 'p', 'h1', 'h2', 'img', 'a', 'button', 'label', 'input', 'textarea', 'select', 'option', 'table', 'thead', 'tbody', 'tr', 'th', 'td']);
const ATTRIBUTES = new Set(['lang', 'charset', 'name', 'content', 'rel', 'href', 'class', 'src', 'alt', 'loading', 'decoding', 'referrerpolicy', 'type', 'disabled', 'placeholder', 'title', 'scope']);

/** What is in the HTML besides text: only what we write, and all of it closed. @returns addresses in it */
function expectInert(html: string): string[] {
  const rest = html.replace('<!doctype html>', '').replace(TAG, '');
  expect(rest).not.toMatch(/[<>]/);
  const open: string[] = [];
  const addresses: string[] = [];
  for (const [, slash, name, attributes] of html.matchAll(TAG)) {
    // Not one `expect` a tag: a large table has hundreds of thousands.
    if (!ALLOWED.has(name!)) expect.unreachable(`the tag ${name}`);
    for (const [, attribute, value] of attributes!.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)) {
      if (!ATTRIBUTES.has(attribute!)) expect.unreachable(`the attribute ${attribute}`);
      if (attribute === 'href' || attribute === 'src') addresses.push(value!.replaceAll('&amp;', '&'));
    }
    if (slash) {
      if (open.pop() !== name) expect.unreachable(`the end of ${name}`);
    } else if (!VOID.has(name!)) open.push(name!);
  }
  expect(open).toEqual([]);
  for (const address of addresses) expect(address).toMatch(/^(https?:|mailto:|data:image\/|\/api\/v1\/pages\/preview\.css$)/);
  return addresses.filter((address) => !address.endsWith('/preview.css'));
}

describe('the preview of a page', () => {
  it.each<[string, Props, string]>([
    ['text', { text: 'Hello' }, '<p class="text">Hello</p>'],
    ['text', { text: 'Big', variant: 'heading1', align: 'center' }, '<h1 class="text heading1 text-center">Big</h1>'],
    ['text', { text: 'Less', variant: 'heading2' }, '<h2 class="text heading2">Less</h2>'],
    ['text', { text: 'Small', variant: 'caption', align: 'right' }, '<p class="text caption text-right">Small</p>'],
    ['text', { text: 42, variant: 'huge', align: 'diagonal' }, '<p class="text">42</p>'],
    ['container', { direction: 'row', gap: 'large', align: 'end' }, '<div class="row gap-large align-end"></div>'],
    ['container', { gap: 'medium' }, '<div class="stack"></div>'],
    ['image', { src: 'https://example.org/a.png?b=1&c=2', alt: 'A "cat"' }, '<img class="image" src="https://example.org/a.png?b=1&amp;c=2" alt="A &quot;cat&quot;" loading="lazy" decoding="async" referrerpolicy="no-referrer">'],
    ['image', { alt: 'A cat' }, '<div class="no-image">A cat</div>'],
    ['button', { label: 'Buy', href: 'https://example.org/buy' }, '<a class="button primary" href="https://example.org/buy" rel="noopener noreferrer nofollow">Buy</a>'],
    ['button', { label: 'Write', variant: 'secondary', href: 'mailto:ada@example.org' }, '<a class="button secondary" href="mailto:ada@example.org" rel="noopener noreferrer nofollow">Write</a>'],
    ['button', { label: 'Later' }, '<button class="button primary" type="button" disabled>Later</button>'],
    ['field', { label: 'E-mail', kind: 'email', placeholder: 'you@example.org', required: true }, '<label class="field"><span class="caption-of">E-mail <b class="required" title="required">*</b></span><input class="control" type="email" placeholder="you@example.org" disabled></label>'],
    ['field', { label: 'Note', kind: 'textarea' }, '<label class="field"><span class="caption-of">Note</span><textarea class="control" placeholder="" disabled></textarea></label>'],
    ['field', { label: 'Size', kind: 'select', options: ['S', 'M'] }, '<label class="field"><span class="caption-of">Size</span><select class="control" disabled><option>S</option><option>M</option></select></label>'],
    ['field', { label: 'I agree', kind: 'checkbox' }, '<label class="field check"><input class="box" type="checkbox" disabled><span class="caption-of">I agree</span></label>'],
    ['table', { columns: ['Name', 'Price'], rows: [['Tea', '3'], ['Cake']] }, '<div class="scroll"><table class="table"><thead><tr><th scope="col">Name</th><th scope="col">Price</th></tr></thead><tbody><tr><td>Tea</td><td>3</td></tr><tr><td>Cake</td></tr></tbody></table></div>'],
    ['table', { columns: ['', 'Price'], rows: [] }, '<div class="scroll"><table class="table"><thead><tr><td></td><th scope="col">Price</th></tr></thead><tbody></tbody></table></div>'],
  ])('shows %s %j', (type, props, html) => {
    expect(show([type, props])).toBe(html);
  });

  it('shows components of other types as boxes with their names, and what is in them', () => {
    const schema = { rootId: 'r', components: { r: { type: 'page', children: ['c'] }, c: { name: 'Price chart', type: 'chart', children: ['t'] }, t: { type: 'text', props: { text: 'inside' } } } };
    expect(bodyOf(renderPreview(schema, ''))).toBe('<div class="unknown stack gap-small"><span class="name">Price chart · chart</span><p class="text">inside</p></div>');
    for (const type of ['constructor', '__proto__', 'toString', 'script', 'hasOwnProperty']) expect(show([type])).toBe(`<div class="unknown stack gap-small"><span class="name">${type}</span></div>`);
  });

  it('shows a root that is no page, and what is in leaves', () => {
    const schema = { rootId: 1, components: { 1: { type: 'text', props: { text: 'a' }, children: [2] }, 2: { type: 'text', props: { text: 'b' } } } };
    expect(bodyOf(renderPreview(schema, ''))).toBe('<p class="text">a</p><p class="text">b</p>');
  });

  it('says its title and language, and where its style is', () => {
    const html = renderPreview({ rootId: 1, components: { 1: { type: 'page', props: { lang: 'zh-Hans' }, children: [] } } }, 'Tom & <Jerry>');
    expect(html).toMatch(/^<!doctype html><html lang="zh-Hans">/);
    expect(html).toContain('<title>Tom &amp; &lt;Jerry&gt;</title><link rel="stylesheet" href="/api/v1/pages/preview.css">');
    expect(html).toContain('This page is empty');
    for (const lang of ['"><script>', 7, 'x'.repeat(99), 'a b']) expect(renderPreview({ rootId: 1, components: { 1: { type: 'page', props: { lang } } } }, '')).toContain('<html lang="en">');
  });

  it('has a style for every class that it writes, and fetches nothing', () => {
    const html = show(['text', { variant: 'caption', align: 'center' }], ['image'], ['button'], ['button', { variant: 'secondary', href: 'https://x.org' }], ['field', { required: true, kind: 'checkbox' }], ['table'], ['chart'], ['container', { direction: 'row', gap: 'small', align: 'center' }]);
    for (const [, names] of html.matchAll(/class="([^"]+)"/g)) for (const name of names!.split(' ')) expect(PREVIEW_CSS).toMatch(new RegExp(`\\.${name}\\b`));
    expect(PREVIEW_CSS).not.toMatch(/url\(|@import|expression/);
  });
});

describe('a hostile page', () => {
  const EVIL = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `' onmouseover='alert(1)`, '</title><script>1</script>', '</textarea><svg onload=alert(1)>', '--><iframe src=//evil>', '&lt;b&gt;', '\u0000<\u0000script>', '\ud800', 'x" autofocus onfocus="alert(1)', '{{7*7}}${7*7}', '</style>', ']]>'];

  it.each(EVIL)('is inert where a text is %j', (evil) => {
    const props = { text: evil, label: evil, alt: evil, placeholder: evil, variant: evil, align: evil, gap: evil, direction: evil, kind: evil, lang: evil, src: evil, href: evil, options: [evil], columns: [evil], rows: [[evil]], class: evil, style: evil, onclick: evil, id: evil };
    const types = ['page', 'container', 'text', 'image', 'button', 'field', 'table', evil];
    const components = Object.fromEntries(types.map((type, i) => [i + 2, { id: i + 2, type, name: evil, props, children: [] }]));
    const select = { type: 'field', props: { ...props, kind: 'select' } };
    const html = renderPreview({ rootId: evil, components: { [evil]: { type: 'page', props, children: [...Object.keys(components), 'select'] }, ...components, select } }, evil);
    expect(expectInert(html)).toEqual([]);
  });

  it.each([
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', '\tjavascript:alert(1)', 'java\nscript:alert(1)', 'java\tscript:alert(1)', '\u0001javascript:alert(1)', 'javascript\u0000:alert(1)', 'javascript&colon;alert(1)',
    'vbscript:x', 'data:text/html,<script>1</script>', 'data:text/html;base64,PHNjcmlwdD4=', 'data:application/pdf,x', 'blob:https://x.org/1', 'file:///etc/passwd', 'about:blank', 'view-source:https://x.org', '//evil.example', '/relative', '', 'https://', 'http://[::1', '\\\\evil', 'filesystem:https://x.org/1', 'intent://x#Intent;end',
  ])('leads nowhere by %j', (address) => {
    const html = show(['button', { label: 'x', href: address }], ['image', { src: address }]);
    expect(html).toBe('<button class="button primary" type="button" disabled>x</button><div class="no-image">Image</div>');
  });

  it('leads only where one sees that it leads', () => {
    expect(expectInert(show(['button', { href: ' ht\ntps://example.org/"onclick="x' }], ['button', { href: 'HTTPS:example.org' }]))).toEqual(['https://example.org/%22onclick=%22x', 'https://example.org/']);
    expect(expectInert(show(['image', { src: 'data:image/png;base64,AAAA' }], ['image', { src: 'data:image/svg+xml,<svg onload="alert(1)">' }]))).toEqual(['data:image/png;base64,AAAA', 'data:image/svg+xml,&lt;svg onload=&quot;alert(1)&quot;&gt;']);
    expect(expectInert(show(['image', { src: 'data:image/html,x' }], ['image', { src: 'mailto:a@b.org' }], ['button', { href: 'data:image/png,x' }]))).toEqual([]);
  });

  it('is shown once and not for ever, where it goes in circles or into the depth', () => {
    const circle = { rootId: 1, components: { 1: { type: 'container', children: [2, 2, 1] }, 2: { type: 'text', props: { text: 'once' }, children: [1, 2] } } };
    expect(bodyOf(renderPreview(circle, ''))).toBe('<div class="stack"><p class="text">once</p></div>');
    const deep = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [i, { type: 'container', children: [i + 1] }]));
    const html = renderPreview({ rootId: 0, components: deep }, '');
    expectInert(html);
    expect(html).toContain('There is more inside');
    expect(html.length).toBeLessThan(10_000);
  });

  it('gives an answer of bounded length', () => {
    const components = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [i + 2, { type: 'text', props: { text: '"'.repeat(100_000) } }]));
    const wide = renderPreview({ rootId: 1, components: { 1: { type: 'page', children: Object.keys(components) }, ...components } }, '');
    const table = renderPreview({ rootId: 1, components: { 1: { type: 'table', props: { rows: Array.from({ length: 20_000 }, () => Array.from({ length: 200 }, () => '"""""')) } } } }, '');
    const text = renderPreview({ rootId: 1, components: { 1: { type: 'text', props: { text: '"'.repeat(5_000_000) } } } }, '');
    for (const html of [wide, table, text]) {
      expect(html.length).toBeLessThan(4_100_000);
      expect(/The (preview ends here|table goes on)/.test(html)).toBe(true);
      expectInert(html);
    }
  });

  it('of any shape at all is inert', () => {
    const key = fc.constantFrom('rootId', 'components', 'children', 'props', 'type', 'name', 'text', 'src', 'href', 'options', 'columns', 'rows', 'label', '1', '2', 'lang', 'kind');
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof({ maxDepth: 6 }, fc.constantFrom<Json>(...EVIL, 'page', 'text', 'table', 'field', 'select', 'button', 'https://x.org', null, 1, 2, true), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 6 }).map((object) => ({ ...object }))),
    })).value;
    const component = fc.record({ type: json, props: fc.dictionary(key, json).map((object) => ({ ...object })), children: fc.oneof(json, fc.constant([2, 3])), name: json });
    fc.assert(fc.property(json, component, component, component, (any, a, b, c) => {
      expectInert(renderPreview(any, 'x'));
      expectInert(renderPreview({ rootId: 1, components: { 1: a, 2: b, 3: c } } as Json, 'x'));
    }), { numRuns: 500 });
  });
});
