import { keyOf } from './document/component-tree.js';
import { isObject, type Json, type JsonObject } from './document/json-value.js';
import { type LookElement, type LookNode, lookOf, type LookTag, type LookWords, rootLook } from './look/look.js';
import { escapeHtml, languageOf } from './page-preview-html.js';

/** Where the style of previews is served; absolute, since the preview may stand in a frame that has another address, or none. */
export const STYLE_PATH = '/api/v1/pages/preview.css';
/** Components within components that are shown; browsers go to 512 elements. */
const MAX_DEPTH = 100;
/** Characters of the answer, about. */
const MAX_LENGTH = 4_000_000;
const DEFAULT_LANGUAGE = 'en';

const END = '<p class="note">The preview ends here; the page goes on.</p>';
const TOO_DEEP = '<p class="note">There is more inside.</p>';
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
    `<body class="desk"><main class="${preview.className}">${preview.render() || EMPTY}</main></body></html>\n`,
  ].join('');
}

const WORDS: LookWords = { button: 'Button', field: 'Field', image: 'Image', component: 'Component', required: 'required', moreRows: 'The table goes on.' };

const VOID = new Set<LookTag>(['img', 'input']);

/** @param children what is in the component, as HTML */
function htmlOf(nodes: readonly LookNode[], children: string): string {
  return nodes.map((node) => (node === 'children' ? children : 'tag' in node ? elementHtml(node, children) : escapeHtml(node.text))).join('');
}

function elementHtml({ tag, className, attributes = {}, nodes }: LookElement, children: string): string {
  const named = Object.entries(attributes).map(([name, value]) => (name === 'disabled' ? ' disabled' : ` ${name}="${escapeHtml(value)}"`));
  const open = `<${tag}${className === undefined ? '' : ` class="${className}"`}${named.join('')}>`;
  return VOID.has(tag) ? open : `${open}${htmlOf(nodes, children)}</${tag}>`;
}

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

  /** CSS classes of the outermost element. */
  get className(): string {
    return rootLook(this.find(this.rootId) ?? {}, WORDS).className!;
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
    const html = htmlOf(lookOf(component, WORDS), children);
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
