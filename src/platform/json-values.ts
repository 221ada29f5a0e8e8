import { AppError } from './errors/app-error.js';

/** More than a page of the largest size has. To parse that many takes some 50 ms; what is only brackets and commas would take five times as long. */
const MAX_JSON_VALUES = 500_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/**
 * Whether a JSON text has more values (members, elements, lists, maps) than may be: asked before it is parsed, since what parsing costs
 * depends on their number more than on the size of the text. Of a text that is no JSON any answer may come.
 */
export function hasTooManyValues(text: string, max = MAX_JSON_VALUES): boolean {
  // Each takes two characters at least.
  if (text.length <= 2 * max) return false;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) i = closingQuote(text, i);
    else if (char === COMMA || char === BRACKET || char === BRACE) values += 1;
    if (values > max) return true;
  }
  return false;
}

export function tooManyValues(): AppError {
  return new AppError('INVALID_INPUT', { detail: `This may have at most ${MAX_JSON_VALUES} values` });
}

function closingQuote(text: string, opening: number): number {
  for (let end = text.indexOf('"', opening + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
