import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInexactNumber } from './exact-numbers.js';

const SEED = Number(process.env['SEED'] ?? 20_260_101);

describe('a number', () => {
  it.each(['0', '-0', '1.5', '9007199254740991', '-9007199254740991', '0.1', '1e3', '1E+15', '5e-324', '0e400', '0.0e-400', '3.14159265358979323846', '123456789012345.67', '1000000000000000.0'])('that a double holds is passed: %s', (literal) => {
    expect(findInexactNumber(literal)).toBeUndefined();
    expect(findInexactNumber(`{"a":[1,${literal}]}`)).toBeUndefined();
  });

  it.each(['9007199254740992', '9007199254740993', '-9007199254740993', '12345678901234567890', '1e400', '-1e400', '1e-400', '1e16', `0.${'0'.repeat(400)}1`, '9007199254740993.0', '9007199254740993e0', '1'.repeat(400), '900719925474099300e-2'])('that may change is found: %s', (literal) => {
    expect(findInexactNumber(literal)).toBe('');
    expect(findInexactNumber(`{"a":[1,${literal}]}`)).toBe('a[1]');
  });

  it('is found by its path', () => {
    expect(findInexactNumber('[{"op":"add","path":"/x","value":{"list":[[],{"n":1e999}]}}]')).toBe('[0].value.list[1].n');
    expect(findInexactNumber(' { "a" : "x:9007199254740993,[" , "b\\"\\u0063\\\\" : \n -9007199254740993 } ')).toBe('b"c\\');
  });

  it('in a string is text', () => {
    for (const text of ['"9007199254740993"', '{"a":"1e999 ,9007199254740993"}', '["\\"", ":9007199254740993", "\\\\"]']) expect(findInexactNumber(text)).toBeUndefined();
  });

  it('in an answer has a short path, however deep it is', () => {
    const deep = `${'{"abcdefghij":'.repeat(50_000)}1e999${'}'.repeat(50_000)}`;
    expect(findInexactNumber(deep)!.length).toBeLessThanOrEqual(500);
  });

  it('is found exactly when it is beyond what doubles hold, or becomes zero', () => {
    const digits = fc.stringMatching(/^[0-9]{1,24}$/);
    const literal = fc
      .tuple(fc.boolean(), fc.stringMatching(/^(0|[1-9][0-9]{0,24})$/), fc.option(digits), fc.option(fc.integer({ min: -420, max: 420 })))
      .map(([isNegative, whole, fraction, exponent]) => `${isNegative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`);
    fc.assert(
      fc.property(literal, fc.jsonValue(), (each, other) => {
        const isGood = Math.abs(Number(each)) <= Number.MAX_SAFE_INTEGER && (Number(each) !== 0 || /^-?[0.]+(e|$)/.test(each));
        expect(findInexactNumber(`[${JSON.stringify(String(each))},{"n" :${each}}]`)).toBe(isGood ? undefined : '[1].n');
        // Whatever stands before it.
        const text = JSON.stringify([JSON.stringify(other), [other], each], (_key, value: unknown) => (typeof value === 'number' ? Math.min(value, 9) : value));
        if (findInexactNumber(text) === undefined) expect(findInexactNumber(`${text.slice(0, -1)},${each}]`)).toBe(isGood ? undefined : '[3]');
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
