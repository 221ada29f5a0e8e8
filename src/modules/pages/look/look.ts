import { isObject, type Json, type JsonObject } from '../document/json-value.js';
import { imageOf, linkOf, textOf, textsOf, valueOf } from './values.js';

/* How a page looks: which elements a component is, and of which classes. The preview writes them as HTML, the web app's canvas as React. */

/** Of a table, or of what can be selected. */
const MAX_ROWS = 1_000;
const MAX_COLUMNS = 100;

export type LookTag = 'div' | 'span' | 'b' | 'p' | 'h1' | 'h2' | 'img' | 'a' | 'button' | 'label' | 'input' | 'textarea' | 'select' | 'option' | 'table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td';

export interface LookElement {
  readonly tag: LookTag;
  readonly className?: string;
  /** As in HTML; an empty text for those without a value. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly nodes: readonly LookNode[];
}

/** A text; with `prop`, the one that can be written there. */
export interface LookText {
  readonly text: string;
  readonly prop?: 'text' | 'label';
}

/** `children`: what is in the component comes there. */
export type LookNode = LookElement | LookText | 'children';

/** Placeholder texts, shown where a component has no text of its own. */
export interface LookWords {
  readonly button: string;
  readonly field: string;
  readonly image: string;
  readonly component: string;
  readonly required: string;
  readonly moreRows: string;
}

/** The component as it looks; the first node is an element. Those of a type that is not known are boxes with their names. */
export function lookOf(component: JsonObject, words: LookWords): readonly [LookElement, ...LookNode[]] {
  const type = textOf(component['type']);
  const props = isObject(component['props']) ? component['props'] : {};
  return Object.hasOwn(LOOKS, type) ? LOOKS[type]!(props, words) : [unknownLook(component, type, words)];
}

/** The paper: of the root, if that is a page; else with the root on it. */
export function rootLook(component: JsonObject, words: LookWords): LookElement {
  if (component['type'] !== 'page') return element('div', 'look paper stack', lookOf(component, words));
  const props = isObject(component['props']) ? component['props'] : {};
  return element('div', classes('look paper stack', props), ['children']);
}

type Look = (props: JsonObject, words: LookWords) => readonly [LookElement, ...LookNode[]];

/** The component types of the editor. */
const LOOKS: Record<string, Look> = {
  page: (props) => [element('div', classes('stack', props), ['children'])],
  container: (props) => [element('div', classes(props['direction'] === 'row' ? 'row' : 'stack', props), ['children'])],
  text: (props) => [textLook(props), 'children'],
  image: (props, words) => [imageLook(props, words), 'children'],
  button: (props, words) => [buttonLook(props, words), 'children'],
  field: (props, words) => [fieldLook(props, words), 'children'],
  table: (props, words) => [tableLook(props, words), 'children'],
};

function element(tag: LookTag, className: string, nodes: readonly LookNode[] = [], attributes: Readonly<Record<string, string>> = {}): LookElement {
  return { tag, ...(className !== '' && { className }), attributes, nodes };
}

/** A class for each value that a property may have; any other value has none. */
const CLASSES: Record<string, Record<string, string>> = {
  gap: { small: 'gap-small', large: 'gap-large' },
  align: { start: 'align-start', left: 'align-start', center: 'align-center', end: 'align-end', right: 'align-end' },
  textAlign: { start: 'text-left', left: 'text-left', center: 'text-center', end: 'text-right', right: 'text-right' },
};

function classOf(kind: string, value: Json | undefined): string {
  const known = CLASSES[kind]!;
  return typeof value === 'string' && Object.hasOwn(known, value) ? ` ${known[value]!}` : '';
}

function classes(base: string, props: JsonObject): string {
  return `${base}${classOf('gap', valueOf(props, 'gap'))}${classOf('align', valueOf(props, 'align'))}`;
}

const TEXT_TAGS: Record<string, LookTag> = { heading1: 'h1', heading2: 'h2' };

function textLook(props: JsonObject): LookElement {
  const variant = textOf(valueOf(props, 'variant'));
  const tag = Object.hasOwn(TEXT_TAGS, variant) ? TEXT_TAGS[variant]! : 'p';
  const kind = tag === 'p' ? (variant === 'caption' ? 'text caption' : 'text') : `text ${variant}`;
  return element(tag, `${kind}${classOf('textAlign', valueOf(props, 'align'))}`, [{ text: textOf(valueOf(props, 'text')), prop: 'text' }]);
}

function imageLook(props: JsonObject, words: LookWords): LookElement {
  const src = imageOf(valueOf(props, 'src'));
  const alt = textOf(valueOf(props, 'alt'));
  if (src === undefined) return element('div', 'no-image', [{ text: alt || words.image }]);
  return element('img', 'image', [], { src, alt, loading: 'lazy', decoding: 'async', referrerpolicy: 'no-referrer' });
}

function buttonLook(props: JsonObject, words: LookWords): LookElement {
  const look = `button ${props['variant'] === 'secondary' ? 'secondary' : 'primary'}`;
  const label = { text: textOf(valueOf(props, 'label')) || words.button, prop: 'label' } as const;
  const href = linkOf(valueOf(props, 'href'));
  return href === undefined ? element('button', look, [label], { type: 'button', disabled: '' }) : element('a', look, [label], { href, rel: 'noopener noreferrer nofollow' });
}

const INPUT_TYPES = new Set(['text', 'email', 'number']);

function fieldLook(props: JsonObject, words: LookWords): LookElement {
  const label = { text: textOf(valueOf(props, 'label')) || words.field, prop: 'label' } as const;
  const required: LookNode[] = props['required'] === true ? [{ text: ' ' }, element('b', 'required', [{ text: '*' }], { title: words.required })] : [];
  const caption = element('span', 'caption-of', [label, ...required]);
  if (props['kind'] === 'checkbox') return element('label', 'field check', [element('input', 'box', [], { type: 'checkbox', disabled: '' }), caption]);
  return element('label', 'field', [caption, controlLook(props)]);
}

function controlLook(props: JsonObject): LookElement {
  const kind = textOf(valueOf(props, 'kind'));
  const placeholder = textOf(valueOf(props, 'placeholder'));
  if (kind === 'textarea') return element('textarea', 'control', [], { placeholder, disabled: '' });
  if (kind === 'select') {
    const options = [...(placeholder === '' ? [] : [placeholder]), ...textsOf(valueOf(props, 'options'), MAX_ROWS)];
    return element('select', 'control', options.map((text) => element('option', '', [{ text }])), { disabled: '' });
  }
  return element('input', 'control', [], { type: INPUT_TYPES.has(kind) ? kind : 'text', placeholder, disabled: '' });
}

function tableLook(props: JsonObject, words: LookWords): LookElement {
  // Nothing is no heading.
  const columns = textsOf(valueOf(props, 'columns'), MAX_COLUMNS).map((text) => (text === '' ? element('td', '') : element('th', '', [{ text }], { scope: 'col' })));
  const all = valueOf(props, 'rows');
  const rows = Array.isArray(all) ? all : [];
  const body = rows.slice(0, MAX_ROWS).map((row) => element('tr', '', textsOf(row, MAX_COLUMNS).map((text) => element('td', '', [{ text }]))));
  const head = columns.length > 0 ? [element('thead', '', [element('tr', '', columns)])] : [];
  const more = rows.length > MAX_ROWS ? [element('p', 'note', [{ text: words.moreRows }])] : [];
  return element('div', 'scroll', [element('table', 'table', [...head, element('tbody', '', body)]), ...more]);
}

function unknownLook({ name }: JsonObject, type: string, words: LookWords): LookElement {
  const label = [...new Set([textOf(name), type])].filter(Boolean).join(' · ') || words.component;
  return element('div', 'unknown stack gap-small', [element('span', 'name', [{ text: label }]), 'children']);
}
