import { linkify, type TextPart } from './linkify.js';

/** A piece of a message as it is shown. */
export type Piece = TextPart | { readonly kind: 'code'; readonly text: string } | { readonly kind: 'block'; readonly text: string };

/** Three backticks around lines; the name of a language on the first of them is not shown. */
const BLOCK = /```(?:[\w+#.-]*\n)?([\s\S]+?)```\n?/gu;
const SPAN = /`([^`\n]+)`/gu;

/** Splits a message into code blocks, code spans, links and plain text. In code nothing is a link. */
export function format(content: string): Piece[] {
  return split(content, BLOCK, 'block', (text) => split(text, SPAN, 'code', linkify));
}

function split(text: string, pattern: RegExp, kind: 'code' | 'block', formatRest: (rest: string) => Piece[]): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const inner = match[1]!;
    if (inner.trim() === '') continue;
    pieces.push(...formatRest(text.slice(done, match.index)));
    pieces.push({ kind, text: kind === 'block' ? inner.replace(/\n$/u, '') : inner });
    done = match.index + match[0].length;
  }
  pieces.push(...formatRest(text.slice(done)));
  return pieces;
}
