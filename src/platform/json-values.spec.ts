import { describe, expect, it } from 'vitest';
import { hasTooManyValues } from './json-values.js';

describe('the number of values in a JSON text', () => {
  it.each<[string, string, boolean]>([
    ['elements', `[${'1,'.repeat(100)}1]`, true],
    ['lists in lists', `${'['.repeat(101)}${' '.repeat(200)}`, true],
    ['members', JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i, i]))), true],
    ['as many as may be', `[${Array.from({ length: 100 }, () => '10').join()}]`, false],
    ['commas and brackets within a string', JSON.stringify(',[{'.repeat(200)), false],
    ['a string with quotes and backslashes', JSON.stringify('\\",['.repeat(200)), false],
    ['a string that ends with a backslash, and values after it', `["\\\\",${'1,'.repeat(120)}1]`, true],
    ['a string without an end', `"${'['.repeat(300)}`, false],
  ])('counts %s', (_what, text, expected) => {
    expect(hasTooManyValues(text, 100)).toBe(expected);
  });

  it('is no more than the length allows', () => {
    expect(hasTooManyValues('['.repeat(200), 100)).toBe(false);
  });
});
