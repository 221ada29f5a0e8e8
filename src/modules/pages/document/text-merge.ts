import { pathBetween, type StepBudget } from './text-diff.js';

/** The texts differ in so many places that to merge them would take too long. */
export class TextTooDifferent extends Error {
  override readonly name = 'TextTooDifferent';
}

/** UTF-16 units of what one side has changed, from its first change to its last one, before and after. */
const MAX_CHANGED_LENGTH = 20_000;
/** Steps of all comparisons that one patch takes, some 20 ms. The count decides, not a clock: the same texts are always too different. */
const MAX_STEPS = 800_000;
/** To compare so many UTF-16 units costs as much as a step; and to tell characters apart that are more than a letter costs so many steps a unit. */
const UNITS_A_STEP = 64;
const STEPS_A_SEGMENT_UNIT = 10;

/** Longer words are none. */
const MAX_SHIFT = 100;

/** What one side has made of the base. Offsets are UTF-16 units of the base, and never lie within a character. */
interface Edits {
  /** What was put in, by where. */
  readonly inserted: ReadonlyMap<number, string>;
  /** Start → end of what was taken out. */
  readonly deleted: ReadonlyMap<number, number>;
}

export interface MergeOptions {
  /** `mine` is an undo, and `base` what it takes back: of a text that either side has written anew, `theirs` stays. */
  readonly yields?: boolean;
  /** Shared by all merges that one patch takes. */
  readonly budget?: StepBudget | undefined;
}

/** For all merges that one patch takes. */
export function mergeBudget(): StepBudget {
  return { left: MAX_STEPS };
}

/**
 * Merges two changes of one text by three ways. It works on what readers take for characters (grapheme clusters, UAX #29):
 * - what only one side has changed is as that side has it
 * - a character of the base is left if neither side has deleted it
 * - everything that either side has put in is there, in its order; of two insertions at one place `mine` comes first, so that what somebody
 *   goes on typing follows what they have typed
 * - two texts in which less than a quarter of the base is left were written anew, and not edited: `mine` is the later one. A single
 *   character is no text to tell that by
 *
 * The same three texts give the same text, on either end.
 * @param theirs as it is now
 * @throws TextTooDifferent
 */
export function mergeText(base: string, theirs: string, mine: string, { yields = false, budget = mergeBudget() }: MergeOptions = {}): string {
  if (theirs === base || theirs === mine) return mine;
  if (mine === base) return theirs;
  const [their, my] = [editsOf(base, theirs, budget), editsOf(base, mine, budget)];
  if (yields && (isRewritten(withoutChance(their), base) || (isRewritten(my, base) && my.inserted.size > 0))) return theirs;
  if (!yields && base.length > 1 && isRewritten(their, base) && isRewritten(my, base)) return mine;
  return merged(base, their, my);
}

/**
 * The same change, as somebody means it who writes a text anew: letters that both texts have by chance, between changes that are longer, were
 * not left standing. An undo that took them for those of the base would take them out of what somebody else has written.
 */
function withoutChance({ inserted, deleted }: Edits): Edits {
  const changes: { start: number; end: number; size: number }[] = [];
  for (const start of [...new Set([...inserted.keys(), ...deleted.keys()])].sort((a, b) => a - b)) {
    const end = deleted.get(start) ?? start;
    const last = changes.at(-1);
    if (last?.end !== start) changes.push({ start, end, size: Math.max(end - start, inserted.get(start)?.length ?? 0) });
    else changes[changes.length - 1] = { start: last.start, end, size: Math.max(end - last.start, last.size + (inserted.get(start)?.length ?? 0)) };
  }
  if (deleted.size === 0) return { inserted, deleted };
  const replaced = new Map(deleted);
  changes.forEach(({ start, size }, index) => {
    const before = changes[index - 1];
    if (before && start - before.end <= Math.min(before.size, size)) replaced.set(before.end, start);
  });
  return { inserted, deleted: replaced };
}

function isRewritten({ deleted }: Edits, { length }: string): boolean {
  const left = [...deleted].reduce((sum, [start, end]) => sum - (end - start), length);
  return left * 4 < length;
}

function merged(base: string, theirs: Edits, mine: Edits): string {
  const offsets = [theirs, mine].flatMap(({ inserted, deleted }) => [...inserted.keys(), ...[...deleted].flat()]);
  const cuts = [...new Set([0, ...offsets, base.length])].sort((a, b) => a - b);
  const parts: string[] = [];
  let deletedUpTo = 0;
  cuts.forEach((cut, index) => {
    parts.push(mine.inserted.get(cut) ?? '', theirs.inserted.get(cut) ?? '');
    deletedUpTo = Math.max(deletedUpTo, mine.deleted.get(cut) ?? 0, theirs.deleted.get(cut) ?? 0);
    if (cut >= deletedUpTo) parts.push(base.slice(cut, cuts[index + 1]));
  });
  return parts.join('');
}

/** @throws TextTooDifferent */
function editsOf(base: string, text: string, budget: StepBudget): Edits {
  budget.left -= (base.length + text.length) / UNITS_A_STEP;
  if (budget.left < 0) throw new TextTooDifferent();
  const start = commonStart(base, text);
  const end = commonEnd(base, text, start);
  const before = base.slice(start, base.length - end);
  const after = text.slice(start, text.length - end);
  const inserted = new Map<number, string>();
  const deleted = new Map<number, number>();
  if (before === '') {
    const at = wordStart(text, start, after.length);
    return { inserted: inserted.set(at, text.slice(at, at + after.length)), deleted };
  }
  if (after === '') {
    const at = wordStart(base, start, before.length);
    return { inserted, deleted: deleted.set(at, at + before.length) };
  }
  if (before.length + after.length > MAX_CHANGED_LENGTH) throw new TextTooDifferent();
  const [from, to] = [split(before, budget), split(after, budget)];
  const moves = pathBetween(from, to, budget);
  if (!moves) throw new TextTooDifferent();
  const offsets = offsetsOf(from, start);
  for (const { kind, x, y } of moves) {
    if (kind === 'delete') deleted.set(offsets[x]!, offsets[x + 1]!);
    else inserted.set(offsets[x]!, (inserted.get(offsets[x]!) ?? '') + to[y]!);
  }
  return { inserted, deleted };
}

/**
 * Of "one [two ]three" and "one t[wo t]hree", which are the same change, the first is the one that was meant: the change is moved to the
 * left, if it then begins with a word.
 */
function wordStart(text: string, start: number, length: number): number {
  for (let at = start; start - at <= MAX_SHIFT; at--) {
    if (at === 0 || /\s/u.test(text[at - 1]!)) return at;
    if (text[at - 1] !== text[at + length - 1] || !stands(text, at - 1) || !stands(text, at)) return start;
  }
  return start;
}

/** Where each character begins, and where the last one ends. */
function offsetsOf(characters: readonly string[], start: number): number[] {
  const offsets = [start];
  for (const character of characters) offsets.push(offsets.at(-1)! + character.length);
  return offsets;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function split(text: string, budget: StepBudget): string[] {
  const characters: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    // Most characters are found by a look at them; what is left has to be taken apart by the book.
    while (end < text.length && !(stands(text, end - 1) && stands(text, end))) end++;
    budget.left -= end === at + 1 ? 0 : (end - at) * STEPS_A_SEGMENT_UNIT;
    if (budget.left < 0) throw new TextTooDifferent();
    if (end === at + 1) characters.push(text[at]!);
    else for (const { segment } of graphemes.segment(text.slice(at, end))) characters.push(segment);
    at = end;
  }
  return characters;
}

/** Texts are compared by blocks of so many units, as far as they are the same. */
const BLOCK = 128;

/** Length of what both begin with, up to where a character surely ends. */
function commonStart(one: string, other: string): number {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length + BLOCK <= limit && one.slice(length, length + BLOCK) === other.slice(length, length + BLOCK)) length += BLOCK;
  while (length < limit && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  while (length > 0 && !(stands(one, length - 1) && mayEnd(one, length) && mayEnd(other, length))) length--;
  return length;
}

/** Length of what both end with, from where a character surely begins; without what they begin with. */
function commonEnd(one: string, other: string, start: number): number {
  const limit = Math.min(one.length, other.length) - start;
  let length = 0;
  const block = (text: string): string => text.slice(text.length - length - BLOCK, text.length - length);
  while (length + BLOCK <= limit && block(one) === block(other)) length += BLOCK;
  while (length < limit && one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length)) length++;
  const mayBegin = (text: string): boolean => length === text.length || stands(text, text.length - 1 - length);
  while (length > 0 && !(stands(one, one.length - length) && mayBegin(one) && mayBegin(other))) length--;
  return length;
}

function mayEnd(text: string, offset: number): boolean {
  return offset === text.length || stands(text, offset);
}

/** A letter that is a character of its own beside another such letter. */
function stands(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return (
    (unit >= 0x20 && unit < 0x7f) ||
    (unit >= 0xc0 && unit < 0x300) || // Latin
    (unit >= 0x3041 && unit < 0x3097) || // Hiragana
    (unit >= 0x30a1 && unit < 0x30fb) || // Katakana
    (unit >= 0x3400 && unit < 0xa000) || // Han
    (unit >= 0xac00 && unit < 0xd7a4) // Hangul
  );
}
