/** As many as there are classes in avatar.module.css. */
const HUES = 8;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A number from 0 to `HUES` - 1 that stays the same for the same id (FNV-1a). */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % HUES;
}

const LETTERS = /\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}/u;

/** Two letters of a name in a script of letters, the first character of another one. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s_.-]+/u).filter(Boolean);
  const first = firstOf(words[0] ?? '');
  const last = words.length > 1 ? firstOf(words.at(-1)!) : '';
  return (LETTERS.test(first) && LETTERS.test(last) ? first + last : first || '?').toLocaleUpperCase();
}

function firstOf(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment;
  return '';
}
