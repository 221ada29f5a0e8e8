export type TextPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'link'; readonly text: string; readonly href: string };

/**
 * What begins like an address and goes on without spaces, quotes or brackets that wrap addresses. Full-width punctuation ends it, since
 * Chinese sets no space before it; so do characters that turn the direction of writing, which could make one address look like another.
 */
const CANDIDATE = /\b(?:https?:\/\/|mailto:)[^\s<>"'`“”‘’«»，。！？；：、（）【】《》「」『』…\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** At the end of an address these belong to the sentence around it. */
const TRAILING = '.,:;!?*_~';
const OPENED_BY = { ')': '(', ']': '[', '}': '{' };

/** Splits a text at the addresses in it. Only http, https and mailto become links. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = trimEnd(match[0]);
    const href = toHref(address);
    if (href === null) continue;
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) });
    parts.push({ kind: 'link', text: address, href });
    done = match.index + address.length;
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}

/** The address as a link may carry it, or null when it is none, or of another scheme. */
export function toHref(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url.href : null;
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '' ? url.href : null;
}

/** A closing bracket belongs to the address only when it was opened in it, as in many titles of encyclopedias. */
function trimEnd(candidate: string): string {
  const excess = new Map(Object.entries(OPENED_BY).map(([close, open]) => [close, count(candidate, close) - count(candidate, open)]));
  let end = candidate.length;
  for (; end > 0; end--) {
    const last = candidate[end - 1]!;
    const unopened = excess.get(last);
    if (unopened === undefined ? !TRAILING.includes(last) : unopened <= 0) break;
    if (unopened !== undefined) excess.set(last, unopened - 1);
  }
  return candidate.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
