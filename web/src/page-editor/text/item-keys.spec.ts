import { describe, expect, it } from 'vitest';
import { followItems, keyed } from './item-keys.js';

const after = (old: string, ...steps: string[]): string => {
  const letters = (text: string) => text.split('').map((letter) => [letter]);
  const { keys } = steps.reduce((known, step) => followItems(known, letters(step)), keyed(letters(old)));
  return keys.join(' ');
};

describe('the names of items', () => {
  it.each([
    ['abc', ['abc'], '0 1 2'],
    ['abc', ['abxc'], '0 1 3 2'],
    ['abc', ['xabc'], '3 0 1 2'],
    ['abc', ['ac'], '0 2'],
    ['abc', ['aXc'], '0 1 2'],
    ['abc', ['abcd', 'bcd'], '1 2 3'],
    ['abc', ['Abc', 'xAbc'], '3 0 1 2'],
    ['aaa', ['aaaa'], '0 1 2 3'],
    ['abc', ['', 'x'], '3'],
  ])('of %j after %j are %j', (old, steps, expected) => expect(after(old, ...steps)).toBe(expected));
});
