import { keyOf } from './document/component-tree.js';
import { isObject, type Json, type JsonObject } from './document/json-value.js';
import { escapeHtml, imageOf, languageOf, linkOf, textOf } from './page-preview-html.js';

/** Where the style of previews is served; absolute, since the preview may stand in a frame that has another address, or none. */
export const STYLE_PATH = '/api/v1/pages/preview.css';
/** Components within components that are shown; browsers go to 512 elements. */
const MAX_DEPTH = 100;
/** Characters of the answer, about. */
const MAX_LENGTH = 4_000_000;
/** Of a table, or of what can be selected. */
const MAX_ROWS = 1_000;
const MAX_COLUMNS = 100;
const DEFAULT_LANGUAGE = 'en';

const END = '<p class="note">The preview ends here; the page goes on.</p>';
const TOO_DEEP = '<p class="note">There is more inside.</p>';
const MORE_ROWS = '<p class="note">The table goes on.</p>';
const EMPTY = '<p class="note">This page is empty.</p>';

/**
 * The page as HTML that only shows: no script, no style of its own, no form. A component of a type that is not known is a box with its
 * name. Whatever the schema holds, the result is well-formed, bounded, and inert.
 */
export function renderPreview(schema: Json, title: string): string {
  const preview = new Preview(schema);
  return [
    `<!doctype html><html lang="${escapeHtml(preview.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><link rel="stylesheet" href="${STYLE_PATH}"></head>`,
    `<body><main class="stack">${preview.render() || EMPTY}</main></body></html>\n`,
  ].join('');
}

/** What is written of one component: its own HTML, with its children in it or after it. */
type Renderer = (props: JsonObject, children: string) => string;

/** The component types of the editor. */
const RENDERERS: Record<string, Renderer> = {
  page: (props, children) => `<div class="${classes('stack', props)}">${children}</div>`,
  container: (props, children) => `<div class="${classes(props['direction'] === 'row' ? 'row' : 'stack', props)}">${children}</div>`,
  text: (props, children) => `${textBlock(props)}${children}`,
  image: (props, children) => `${image(props)}${children}`,
  button: (props, children) => `${button(props)}${children}`,
  field: (props, children) => `${field(props)}${children}`,
  table: (props, children) => `${table(props)}${children}`,
};

class Preview {
  private readonly components: JsonObject;
  private readonly rootId: string | undefined;
  /** Each is shown once, even where the tree is none. */
  private readonly seen = new Set<string>();
  private length = 0;
  private isFull = false;

  constructor(schema: Json) {
    const page = isObject(schema) ? schema : {};
    this.components = isObject(page['components']) ? page['components'] : {};
    this.rootId = keyOf(page['rootId']);
  }

  get language(): string {
    const root = this.find(this.rootId);
    return (root && languageOf(propsOf(root)['lang'])) ?? DEFAULT_LANGUAGE;
  }

  render(): string {
    const root = this.find(this.rootId);
    if (!root) return '';
    this.seen.add(this.rootId!);
    // The page itself is there already.
    const html = root['type'] === 'page' ? this.children(root, 1) : this.component(root, 1);
    return this.isFull ? html + END : html;
  }

  private component(component: JsonObject, depth: number): string {
    const children = depth < MAX_DEPTH ? this.children(component, depth + 1) : childIdsOf(component).length > 0 ? TOO_DEEP : '';
    const type = textOf(component['type']);
    const html = Object.hasOwn(RENDERERS, type) ? RENDERERS[type]!(propsOf(component), children) : unknown(component, type, children);
    // Children have been counted.
    this.length += html.length - children.length;
    if (this.length <= MAX_LENGTH) return html;
    this.isFull = true;
    return children;
  }

  private children(component: JsonObject, depth: number): string {
    let html = '';
    for (const childId of childIdsOf(component)) {
      const id = keyOf(childId);
      const child = this.find(id);
      if (!child || this.seen.has(id!)) continue;
      if (this.isFull) return html;
      this.seen.add(id!);
      html += this.component(child, depth);
    }
    return html;
  }

  private find(id: string | undefined): JsonObject | undefined {
    if (id === undefined || !Object.hasOwn(this.components, id)) return undefined;
    const component = this.components[id];
    return isObject(component) ? component : undefined;
  }
}

function propsOf({ props }: JsonObject): JsonObject {
  return isObject(props) ? props : {};
}

function childIdsOf({ children }: JsonObject): readonly Json[] {
  return Array.isArray(children) ? children : [];
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
  return `${base}${classOf('gap', props['gap'])}${classOf('align', props['align'])}`;
}

function textBlock(props: JsonObject): string {
  const text = escapeHtml(textOf(props['text']));
  const align = classOf('textAlign', props['align']).trim();
  const attribute = align && ` class="${align}"`;
  switch (props['variant']) {
    case 'heading1':
      return `<h1${attribute}>${text}</h1>`;
    case 'heading2':
      return `<h2${attribute}>${text}</h2>`;
    case 'caption':
      return `<p class="caption${align && ` ${align}`}">${text}</p>`;
    default:
      return `<p${attribute}>${text}</p>`;
  }
}

function image(props: JsonObject): string {
  const src = imageOf(props['src']);
  const alt = escapeHtml(textOf(props['alt']));
  if (src === undefined) return `<div class="no-image">${alt || 'Image'}</div>`;
  return `<img src="${escapeHtml(src)}" alt="${alt}" loading="lazy" decoding="async" referrerpolicy="no-referrer">`;
}

function button(props: JsonObject): string {
  const label = escapeHtml(textOf(props['label'])) || 'Button';
  const look = `button ${props['variant'] === 'secondary' ? 'secondary' : 'primary'}`;
  const href = linkOf(props['href']);
  if (href === undefined) return `<button type="button" class="${look}" disabled>${label}</button>`;
  return `<a class="${look}" href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">${label}</a>`;
}

const INPUT_TYPES = new Set(['text', 'email', 'number']);

function field(props: JsonObject): string {
  const label = escapeHtml(textOf(props['label'])) || 'Field';
  const required = props['required'] === true ? ' <b class="required" title="required">*</b>' : '';
  const caption = `<span>${label}${required}</span>`;
  if (props['kind'] === 'checkbox') return `<label class="field check"><input type="checkbox" disabled>${caption}</label>`;
  return `<label class="field">${caption}${control(props)}</label>`;
}

function control(props: JsonObject): string {
  const kind = textOf(props['kind']);
  const placeholder = escapeHtml(textOf(props['placeholder']));
  if (kind === 'textarea') return `<textarea placeholder="${placeholder}" disabled></textarea>`;
  if (kind === 'select') {
    const options = textsOf(props['options'], MAX_ROWS).map((option) => `<option>${escapeHtml(option)}</option>`);
    return `<select disabled>${placeholder && `<option>${placeholder}</option>`}${options.join('')}</select>`;
  }
  return `<input type="${INPUT_TYPES.has(kind) ? kind : 'text'}" placeholder="${placeholder}" disabled>`;
}

function table(props: JsonObject): string {
  const columns = textsOf(props['columns'], MAX_COLUMNS).map((column) => `<th scope="col">${escapeHtml(column)}</th>`);
  const rows = Array.isArray(props['rows']) ? props['rows'] : [];
  const body = rows.slice(0, MAX_ROWS).map((row) => `<tr>${textsOf(row, MAX_COLUMNS).map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`);
  const head = columns.length > 0 ? `<thead><tr>${columns.join('')}</tr></thead>` : '';
  return `<div class="scroll"><table>${head}<tbody>${body.join('')}</tbody></table>${rows.length > MAX_ROWS ? MORE_ROWS : ''}</div>`;
}

function textsOf(list: Json | undefined, most: number): string[] {
  return Array.isArray(list) ? list.slice(0, most).map(textOf) : [];
}

function unknown({ name }: JsonObject, type: string, children: string): string {
  const label = [...new Set([textOf(name), type])].filter(Boolean).join(' · ') || 'Component';
  return `<div class="unknown stack gap-small"><span class="name">${escapeHtml(label)}</span>${children}</div>`;
}
