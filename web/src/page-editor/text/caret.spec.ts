import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver, mapOffset, spliceOf, splicesOf } from './caret.js';

/** A text with a caret as "|". */
const caretOf = (marked: string): [text: string, offset: number] => [marked.replace('|', ''), marked.indexOf('|')];

describe('a caret', () => {
  it.each([
    ['Hello| world', 'Hello world!', 'Hello| world!'],
    ['Hello| world', 'Oh, Hello world', 'Oh, Hello| world'],
    ['Hello world|', 'Hello world and more', 'Hello world| and more'],
    ['|Hello', 'Well, Hello', '|Well, Hello'],
    ['Hello big| world', 'Hello world', 'Hello |world'],
    ['Hello bi|g world', 'Hello world', 'Hello |world'],
    ['Hello, big| world', 'Hello world', 'Hello| world'],
    ['one two| three', 'ONE! one two three, four', 'ONE! one two| three, four'],
    ['one two| three four', 'zero one two three five', 'zero one two| three five'],
    ['|', 'text', '|text'],
    ['te|xt', '', '|'],
    ['你好|世界', '你好，美丽的世界', '你好|，美丽的世界'],
    ['👨‍👩‍👧|!', '👨‍👩‍👧 and 👩🏽!', '👨‍👩‍👧| and 👩🏽!'],
    ['e\u0301|a', 'xe\u0301a', 'xe\u0301|a'],
  ])('in %j stays when the text becomes %j', (before, after, expected) => {
    const [old, offset] = caretOf(before);
    const at = mapOffset(old, after, offset);
    expect(`${after.slice(0, at)}|${after.slice(at)}`).toBe(expected);
  });

  it('never comes into the midst of a character', () => {
    // Both begin with the same half of a surrogate pair, or with the same person of another family.
    expect(mapOffset('a🦊', 'a🦁', 3)).toBe(3);
    for (const [before, after] of [['🦊', '🦁'], ['👨‍👩‍👧x', '👨‍👩‍👦x'], ['e\u0301', 'e\u0300'], ['🇩🇪', '🇩🇰'], ['x👍', 'x👍🏽']] as const) {
      const { at, remove, insert } = spliceOf(before, after);
      expect(before.slice(0, at) + insert + before.slice(at + remove)).toBe(after);
      for (const text of [before, after]) expect([...new Intl.Segmenter().segment(text)].map(({ index }) => index).concat(text.length)).toContain(at);
    }
  });

  it('is found in a long text in which much is new', () => {
    const line = (number: number) => `Line ${number} of a text.\n`;
    const old = Array.from({ length: 5_000 }, (_, number) => line(number)).join('');
    const now = Array.from({ length: 10_000 }, (_, number) => line(number * 7)).join('');
    const at = mapOffset(old, now, 1_000);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThanOrEqual(now.length);
  });
});

describe('differences', () => {
  const text = fc.array(fc.constantFrom('a', 'b', ' ', '你', '🦊', '👨‍👩‍👧', 'e\u0301', '\u0301', '\u200d', '🏽'), { maxLength: 30 }).map((parts) => parts.join(''));

  it('make one text of the other, and keep every caret within it', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        let made = before;
        for (const { at, remove, insert } of splicesOf(before, after).toReversed()) made = made.slice(0, at) + insert + made.slice(at + remove);
        expect(made).toBe(after);
        let last = 0;
        for (let offset = 0; offset <= before.length; offset++) {
          const at = mapOffset(before, after, offset);
          expect(at).toBeGreaterThanOrEqual(last);
          expect(at).toBeLessThanOrEqual(after.length);
          last = at;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what one has typed', () => {
  it.each([
    ['Hello world', 'Hello, world', 'Hello world!', 'Hello, world!'],
    ['Hello world', 'Hello world!', 'Well, Hello world', 'Well, Hello world!'],
    ['Hello big world', 'Hello world', 'Hello big old world', 'Hello old world'],
    ['abc', 'abXc', 'Yabc', 'YabXc'],
    ['', 'mine', 'theirs', 'minetheirs'],
    ['same', 'same', 'theirs', 'theirs'],
    ['base', 'mine', 'base', 'mine'],
    ['拼音', '拼写音', '新拼音', '新拼写音'],
  ])('in %j, which became %j, comes to the same place of %j', (base, mine, now, expected) => expect(carryOver(base, mine, now)).toBe(expected));

  it('leaves everything that others have put in', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, fc.nat(12), fc.nat(12), fc.nat(3), (base, inserted, mineAt, theirsAt, removed) => {
        const at = Math.min(mineAt, base.length);
        const other = Math.min(theirsAt, base.length);
        const mine = `${base.slice(0, at)}X${base.slice(at + removed)}`;
        const theirs = inserted.toUpperCase().replaceAll('X', 'Y');
        const now = base.slice(0, other) + theirs + base.slice(other);
        const result = carryOver(base, mine, now);
        expect(result.replace(/[^A-Z]/g, '').replace('X', '')).toBe(theirs);
        expect(result).toContain('X');
      }),
      { numRuns: 2_000 },
    );
  });
});
