/** The part of a text that is a shortcode, or will become one. */
export interface Written {
  /** Where its first colon is. */
  readonly start: number;
  readonly query: string;
  /** The closing colon is there. */
  readonly isClosed: boolean;
}

/** A colon that begins something: not the one of a time, an address or a ratio. Chinese keyboards have a wide one. */
const BEGUN = /(?<![\p{L}\p{N}:：/]|^.*https?)[:：]([\p{L}+][\p{L}\p{N}_+-]{0,40})([:：]?)$/u;
const HAN = /\p{Script=Han}/u;
const BEGUN_AFTER_HAN = /(?<=\p{Script=Han})[:：]([\p{L}+][\p{L}\p{N}_+-]{0,40})([:：]?)$/u;
/** The longest shortcode, with its colons, is shorter. */
const MAX_CHARS = 48;

/** What is written right before the caret, if it looks like a shortcode: two letters, or one Chinese character, are enough. */
export function writtenShortcode(text: string, caret: number): Written | null {
  const before = text.slice(Math.max(0, caret - MAX_CHARS), caret);
  const found = BEGUN.exec(before) ?? BEGUN_AFTER_HAN.exec(before);
  const query = found?.[1];
  if (!found || query === undefined) return null;
  if (query.length < 2 && !HAN.test(query)) return null;
  return { start: caret - found[0].length, query, isClosed: found[2] !== '' };
}
