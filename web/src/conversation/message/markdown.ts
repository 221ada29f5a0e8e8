import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import type { StateInline, Token } from 'markdown-it';
import { toHref } from './address.js';
import { linkifier } from './linkify.js';
import { asWritten, type Block, blockText, type Inline, inlineText } from './message-tree.js';

/** Quotes in lists in quotes …: what is deeper is shown as it was written. */
const MAX_NESTING = 20;

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: MAX_NESTING })
  .use(cjkFriendly)
  // What would take from a message what its writer meant to be seen: `# 1`, a line of dashes, `[1]: …`, an indented line, `&amp;`.
  .disable(['code', 'entity', 'heading', 'lheading', 'hr', 'html_block', 'reference', 'table'])
  .set({ maxNesting: MAX_NESTING });
parser.linkify = linkifier;
parser.validateLink = (address) => toHref(address) !== null;
parser.normalizeLink = (address) => address;
parser.normalizeLinkText = (address) => address;
parser.inline.ruler.at('newline', lineBreak);
parser.inline.ruler.at('escape', escape);
const State = parser.inline.State;
parser.inline.State = class extends State {
  /** `2*3*4` is arithmetic. */
  override scanDelims(start: number, canSplitWord: boolean): ReturnType<StateInline['scanDelims']> {
    const delimiter = super.scanDelims(start, canSplitWord);
    const isBetweenDigits = /[\d)]/.test(this.src[start - 1] ?? '') && /[\d(]/.test(this.src[start + delimiter.length] ?? '');
    return isBetweenDigits ? { ...delimiter, can_open: false, can_close: false } : delimiter;
  }
};

/** A line stays a line, with the spaces before it. */
function lineBreak(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '\n') return false;
  if (!silent) state.push('hardbreak', 'br', 0);
  state.pos++;
  return true;
}

/** A backslash escapes what would format. Any other is itself: in paths, in patterns, and as an arm of ¯\_(ツ)_/¯. */
function escape(state: StateInline, silent: boolean): boolean {
  const escaped = state.src[state.pos + 1];
  if (state.src[state.pos] !== '\\' || escaped === undefined || !'*_~`[]>'.includes(escaped)) return false;
  const isArm = state.src[state.pos - 1] === '¯';
  if (!silent) {
    const token = state.push('text_special', '', 0);
    token.content = isArm ? `\\${escaped}` : escaped;
    token.markup = `\\${escaped}`;
    token.info = 'escape';
  }
  state.pos += 2;
  return true;
}

/**
 * The parts of a message, by the Markdown that people use in chats (CommonMark with `~~`, every line break kept). Nothing of it is HTML. What
 * would leave nothing to see, as `*` alone, an empty list, and what nests too deeply, is shown as it was written.
 */
export function parseMarkdown(content: string): Block[] {
  const tokens = parser.parse(content, {});
  if (tokens.some(({ level }) => level >= MAX_NESTING - 1)) return asWritten(content);
  const blocks = new TreeBuilder(tokens).blocks();
  return blocks.every(isEmpty) ? asWritten(content) : blocks;
}

function isEmpty(block: Block): boolean {
  switch (block.kind) {
    case 'quote':
      return block.children.every(isEmpty);
    case 'list':
      return block.items.flat().every(isEmpty);
    default:
      return blockText(block).trim() === '';
  }
}

/** Makes a tree of tokens that open and close. */
class TreeBuilder {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  blocks(): Block[] {
    const blocks: Block[] = [];
    for (let token = this.next(); token && token.nesting >= 0; token = this.next()) {
      const block = this.block(token);
      if (block) blocks.push(block);
    }
    return blocks;
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  private block(token: Token): Block | undefined {
    switch (token.type) {
      case 'paragraph_open':
        return { kind: 'paragraph', children: this.paragraph() };
      case 'blockquote_open':
        return { kind: 'quote', children: this.blocks() };
      case 'bullet_list_open':
        return { kind: 'list', items: this.items() };
      case 'ordered_list_open':
        return { kind: 'list', start: Number(token.attrGet('start') ?? 1), items: this.items() };
      case 'fence':
        return { kind: 'code', text: codeOf(token) };
      default:
        throw new Error(`A block of Markdown that is not shown: ${token.type}`);
    }
  }

  private paragraph(): Inline[] {
    const inline = this.next()!;
    this.next();
    return new InlineBuilder(inline.children ?? []).inlines();
  }

  private items(): Block[][] {
    const items: Block[][] = [];
    for (let token = this.next(); token && token.nesting > 0; token = this.next()) items.push(this.blocks());
    return items;
  }
}

/** The name of a language behind the backticks is not shown; other words there are a line of code. */
function codeOf({ info, content }: Token): string {
  const code = content.replace(/\n$/u, '');
  return /^[\w+#.-]*\s*$/u.test(info) ? code : `${info.trim()}\n${code}`;
}

const INLINE_KINDS = { strong_open: 'strong', em_open: 'em', s_open: 'del' } as const;

class InlineBuilder {
  private at = 0;
  private isInLink = false;

  constructor(private readonly tokens: readonly Token[]) {}

  inlines(): Inline[] {
    const inlines: Inline[] = [];
    for (let token = this.tokens[this.at++]; token && token.nesting >= 0; token = this.tokens[this.at++]) {
      for (const inline of this.inline(token)) {
        const last = inlines.at(-1);
        if (typeof inline === 'string' && typeof last === 'string') inlines[inlines.length - 1] = last + inline;
        else if (inline !== '') inlines.push(inline);
      }
    }
    return inlines;
  }

  private inline(token: Token): Inline[] {
    switch (token.type) {
      case 'text':
      case 'text_special':
        return [token.content];
      case 'softbreak':
      case 'hardbreak':
        return ['\n'];
      case 'code_inline':
        return [{ kind: 'code', text: token.content }];
      case 'link_open':
        return this.link(token);
      case 'image':
        return this.picture(token);
      default:
        return [{ kind: INLINE_KINDS[token.type as keyof typeof INLINE_KINDS], children: this.inlines() }];
    }
  }

  private link(token: Token): Inline[] {
    this.isInLink = true;
    const children = this.inlines();
    this.isInLink = false;
    const address = attributeOf(token, 'href');
    return address === '' ? ['[', ...children, ']()'] : [toLink(address, children, token.info === 'auto')];
  }

  /** A picture is loaded by nobody who reads: its address would learn who does, and when. */
  private picture(token: Token): Inline[] {
    const address = attributeOf(token, 'src');
    const words = new InlineBuilder(token.children ?? []).inlines().map(inlineText).join('');
    if (address === '') return [`![${words}]()`];
    return this.isInLink ? [words || address] : [toLink(address, [words || address], words === '')];
  }
}

function attributeOf(token: Token, name: 'href' | 'src'): string {
  return String(token.attrGet(name) ?? '');
}

function toLink(address: string, children: Inline[], isAddress: boolean): Inline {
  const href = toHref(address)!;
  if (isAddress) return { kind: 'link', href, children };
  const words = children.map(inlineText).join('');
  if (words.trim() === '') return { kind: 'link', href, children: [address] };
  const { host } = new URL(href);
  const isMisleading = linkifier.match(words).some(({ url }) => URL.canParse(url) && new URL(url).host !== host);
  return { kind: 'link', href, children, ...(isMisleading && { host: host || href }) };
}
