import { formatPath } from './errors/validation.js';

/**
 * A number that may not survive `JSON.parse`: 16 digits or more, or an exponent. What looks like one within a string matches too; then the
 * text is looked through, and nothing is found.
 */
const SUSPICIOUS = /(?:^|[[,:\s])-?\d(?:[\d.]{15}|[\d.]*[eE])/;
const NUMBER_END = /[^\d.eE+-]/g;
const MAX_PATH_PARTS = 100;
const MAX_PATH_CHARS = 500;

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Where a JSON text has a number that `JSON.parse` may silently change: one beyond ±(2^53 − 1), where doubles are no longer exact
 * (RFC 8259 §6), or one that becomes zero. Undefined when there is none, which for nearly every text one regular expression says.
 * Fractions are rounded to the nearest double, as everywhere.
 *
 * @param text valid JSON
 * @returns the number's path, e.g. `schema.components.2.props.n`
 */
export function findInexactNumber(text: string): string | undefined {
  if (!SUSPICIOUS.test(text)) return undefined;
  for (let i = 0; i < text.length; ) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = endOfString(text, i);
    else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      const end = endOfNumber(text, i);
      if (!isExact(text.slice(i, end))) return pathTo(text, i);
      i = end;
    } else i++;
  }
  return undefined;
}

function isExact(literal: string): boolean {
  const size = Math.abs(Number(literal));
  const isNothing = size === 0 && /[1-9]/.test(literal.split(/e/i, 1)[0]!);
  return size <= Number.MAX_SAFE_INTEGER && !isNothing;
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charAt(end - 1 - slashes) === '\\') slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

function endOfNumber(text: string, start: number): number {
  NUMBER_END.lastIndex = start;
  return NUMBER_END.exec(text)?.index ?? text.length;
}

/** The names and indexes on the way to an offset, for a person to read. */
function pathTo(text: string, offset: number): string {
  const path: (string | number)[] = [];
  for (let i = 0; i < offset; ) {
    const char = text.charAt(i);
    const end = char === '"' ? endOfString(text, i) : i + 1;
    if (char === '[') path.push(0);
    else if (char === '{') path.push('');
    else if (char === ']' || char === '}') path.pop();
    else if (char === ',' && typeof path.at(-1) === 'number') (path[path.length - 1] as number)++;
    else if (char === '"' && typeof path.at(-1) === 'string') path[path.length - 1] = findName(text, i, end) ?? path.at(-1)!;
    i = end;
  }
  return formatPath(path.slice(0, MAX_PATH_PARTS)).slice(0, MAX_PATH_CHARS);
}

/** The name of a member, if the string is one; undefined for a value. */
function findName(text: string, start: number, end: number): string | undefined {
  const next = /\S/g;
  next.lastIndex = end;
  return next.exec(text)?.[0] === ':' ? (JSON.parse(text.slice(start, end)) as string) : undefined;
}
