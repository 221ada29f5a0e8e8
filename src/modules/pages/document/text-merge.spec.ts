import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathBetween } from './text-diff.js';
import { mergeBudget, mergeText, TextTooDifferent } from './text-merge.js';

/** Characters of more than one UTF-16 unit among them: a pair, a letter with its accent, a family, a flag, a syllable of two signs. */
const CHARACTERS = ['a', 'b', ' ', '\n', '中', '文', 'é', 'e\u0301', '👍🏽', '👨‍👩‍👧', '🇩🇪', '한', 'क्षि'];
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const charactersOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

const character = fc.constantFrom(...CHARACTERS);
const base = fc.array(character, { minLength: 6, maxLength: 30 });
/** Takes out one character, or puts in a word, somewhere. */
const steps = fc.array(fc.tuple(fc.nat(1_000), fc.boolean()), { maxLength: 6 });

/** Some steps, of which one may be a deletion: if hardly anything were left of the base, it would have been written anew. */
function edit(characters: readonly string[], edits: [number, boolean][], word: () => string): { text: string[]; typed: string[] } {
  const text = [...characters];
  const typed: string[] = [];
  for (const [where, isDeletion] of edits) {
    const at = where % (text.length + 1);
    if (isDeletion && at < text.length && characters.includes(text[at]!)) {
      if (text.length - typed.length === characters.length) text.splice(at, 1);
    } else {
      const mark = word();
      typed.push(mark);
      text.splice(at, 0, mark);
    }
  }
  return { text, typed };
}

describe('two changes of one text', () => {
  it.each<[string, string, string, string, string]>([
    ['in different words', 'Hello world', 'Hello brave world', 'Hello world!', 'Hello brave world!'],
    ['at both ends', 'middle', 'at first middle', 'middle, at last', 'at first middle, at last'],
    ['one deletes, the other types elsewhere', 'one two three', 'one three', 'one two three four', 'one three four'],
    ['one types into what the other deletes', 'one two three', 'one three', 'one twice two three', 'one twice three'],
    ['both at the end: who goes on typing stays together', 'ab', 'abX', 'abc', 'abcX'],
    ['both into nothing', '', 'theirs', 'mine', 'minetheirs'],
    ['both delete the same', 'one two three', 'one three', 'one three', 'one three'],
    ['without spaces', '今天天气好', '今天天气很好', '今天的天气好', '今天的天气很好'],
    ['a family that grows', '👨‍👩‍👧 home', '👨‍👩‍👧‍👦 home', '👨‍👩‍👧 at home', '👨‍👩‍👧‍👦 at home'],
    ['an accent', 'cafe', 'cafe\u0301', 'a cafe', 'a cafe\u0301'],
    ['both write it anew: the later one', 'Button', 'Save', 'Weiter', 'Weiter'],
    ['lines', 'one\r\ntwo\r\n', 'one\r\ntwo\r\nthree\r\n', 'zero\r\none\r\ntwo\r\n', 'zero\r\none\r\ntwo\r\nthree\r\n'],
  ])('are both kept: %s', (_what, from, theirs, mine, merged) => expect(mergeText(from, theirs, mine)).toBe(merged));

  it('leave what only one of them has changed as that one has it', () => {
    fc.assert(
      fc.property(fc.string({ unit: character }), fc.string({ unit: character }), (one, other) => {
        expect(mergeText(one, one, other)).toBe(other);
        expect(mergeText(one, other, one)).toBe(other);
        expect(mergeText(one, other, other)).toBe(other);
      }),
    );
  });

  it('have all that was typed, in its order, and all of the base that nobody has deleted, in whole characters', () => {
    fc.assert(
      fc.property(base, steps, steps, (characters, theirSteps, mySteps) => {
        let made = 0;
        // Nobody else types these.
        const word = () => String.fromCodePoint(0x2460 + made++);
        const theirs = edit(characters, theirSteps, word);
        const mine = edit(characters, mySteps, word);
        const merged = mergeText(characters.join(''), theirs.text.join(''), mine.text.join(''));
        const order = (text: string[], marks: string[]) => text.filter((each) => marks.includes(each));
        for (const side of [theirs, mine]) expect(order([...merged], side.typed)).toEqual(order(side.text, side.typed));
        const count = (text: string[], each: string) => text.filter((other) => other === each).length;
        const found = charactersOf(merged);
        // Where characters stand side by side that would join, what is read as one is another matter.
        if (charactersOf(characters.join('')).length !== characters.length) return;
        for (const each of new Set(characters)) {
          const deleted = [theirs, mine].map(({ text }) => count([...characters], each) - count(text, each));
          expect(count(found, each)).toBeGreaterThanOrEqual(count([...characters], each) - deleted[0]! - deleted[1]!);
          expect(count(found, each)).toBeLessThanOrEqual(count([...characters], each) - Math.max(...deleted));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('give up where they differ in too many places, and not where the text is long', () => {
    const long = 'word '.repeat(200_000);
    expect(mergeText(long, `${long}theirs`, `mine ${long}`)).toBe(`mine ${long}theirs`);
    const one = Array.from({ length: 4_000 }, (_, i) => String.fromCharCode(97 + ((i * 7_919) % 26))).join('');
    expect(() => mergeText(one, [...one].reverse().join(''), `x${one}y`)).toThrow(TextTooDifferent);
    expect(() => mergeText(long, `a${long}b`, `c${long}d`)).toThrow(TextTooDifferent);
  });

  it('are paid for by the patch: what one merge has used is not there for the next', () => {
    const budget = mergeBudget();
    const steps = budget.left;
    const words = (letter: string) => Array.from({ length: 200 }, (_, n) => letter + n).join(' ');
    mergeText(words('a'), words('b'), words('c'), { budget });
    const used = steps - budget.left;
    expect(used).toBeGreaterThan(0);
    budget.left = used / 2;
    expect(() => mergeText(words('a'), words('b'), words('c'), { budget })).toThrow(TextTooDifferent);
  });
});

describe('the way from one list to another', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

  it('leads there, by as few changes as the longest common part leaves', () => {
    fc.assert(
      fc.property(letters, letters, (from, to) => {
        const moves = pathBetween(from, to, { left: 10_000 })!;
        const result: string[] = [];
        let x = 0;
        for (const move of [...moves, { kind: 'end' as const, x: from.length, y: 0 }]) {
          result.push(...from.slice(x, move.x));
          x = move.x;
          if (move.kind === 'delete') x += 1;
          if (move.kind === 'insert') result.push(to[move.y]!);
        }
        expect(result).toEqual(to);
        expect(moves).toHaveLength(from.length + to.length - 2 * lengthOfCommon(from, to));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not looked for any longer than asked', () => {
    expect(pathBetween([...'abcdefgh'], [...'ijklmnop'], { left: 20 })).toBeUndefined();
  });
});

/** Of the longest common subsequence, by the textbook's table. */
function lengthOfCommon(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const each of one) {
    const next = [0];
    other.forEach((letter, i) => next.push(each === letter ? row[i]! + 1 : Math.max(row[i + 1]!, next[i]!)));
    row = next;
  }
  return row.at(-1)!;
}
