import type { Emoji } from './emoji-data.js';

/** No match. */
const NONE = Number.POSITIVE_INFINITY;

/**
 * The emoji that a query means, the best first: those that are called just that, then those whose keywords say it, then those that are called
 * something that begins with it, and at last those in which it merely occurs. Of equals the better known ones come first, which is CLDR's order.
 */
export function rankEmoji(emoji: readonly Emoji[], query: string, limit: number): readonly Emoji[] {
  const words = query.trim().toLowerCase().split(/[\s_]+/u).filter((word) => word !== '');
  if (words.length === 0) return [];
  const ranked = emoji.flatMap((each) => {
    const rank = rankOf(each, words);
    return rank === NONE ? [] : [{ each, rank }];
  });
  // A stable sort keeps CLDR's order.
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, limit).map(({ each }) => each);
}

/** The emoji of exactly this shortcode. */
export function findShortcode(emoji: readonly Emoji[], shortcode: string): Emoji | undefined {
  return emoji.find(({ shortcodes }) => shortcodes.includes(shortcode.toLowerCase()));
}

function rankOf(emoji: Emoji, words: readonly string[]): number {
  const whole = words.join(' ');
  const names = [emoji.label, ...emoji.shortcodes.map((shortcode) => shortcode.replaceAll('_', ' '))];
  if (names.includes(whole)) return 0;
  // What its name says, too, is meant more than what is only a keyword of it.
  if (emoji.tags.includes(whole)) return 1 + (emoji.label.includes(whole) ? 0 : 0.5);
  // All words have to lead to it; the worst of them decides.
  return Math.max(...words.map((word) => rankOfWord(emoji, names, word)));
}

function rankOfWord({ tags }: Emoji, names: readonly string[], word: string): number {
  const wordsOfNames = names.flatMap((name) => name.split(/[^\p{L}\p{N}+-]+/u));
  if (wordsOfNames.includes(word)) return 2;
  // Of names that begin with what is written so far, the shortest is nearest.
  const shortest = Math.min(...names.filter((name) => name.startsWith(word)).map(({ length }) => length));
  if (shortest !== NONE) return 3 + Math.min(shortest, 99) / 100;
  if (tags.includes(word)) return 4;
  if (wordsOfNames.some((name) => name.startsWith(word))) return 5;
  if (tags.some((tag) => tag.startsWith(word))) return 6;
  if (names.some((name) => name.includes(word))) return 7;
  return tags.some((tag) => tag.includes(word)) ? 8 : NONE;
}
