import { describe, expect, it } from 'vitest';
import { isKnown, isOnlyIfAbsent, Preconditions } from './preconditions.js';
import { isPreferred } from './prefer.js';

const codeOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'holds';
};
const ifMatch = (header: string) => Preconditions.of({ 'if-match': header });
const ifNoneMatch = (header: string) => Preconditions.of({ 'if-none-match': header });

describe('If-Match of a change', () => {
  it.each(['*', ' * ', '"7"', '"6", "7"', '"7","6"', ' , "7" ,', '"a,b", "7"', 'W/"7", "7"', '"\u00e9", "7"'])('holds for version 7: %s', (header) => {
    expect(codeOf(() => ifMatch(header).require(7))).toBe('holds');
  });

  it.each(['"6"', '"8"', '"70"', '"07"', 'W/"7"', 'W/"6", W/"7"', '"abc"', '"a,7"', '"W/"', '""', '', ' ', ',', '"1e0"', '"12345678901234567890"'])('does not hold for version 7: %s', (header) => {
    expect(codeOf(() => ifMatch(header).require(7))).toBe('PRECONDITION_FAILED');
  });

  it.each(['7', 'nonsense', '"7', '7"', '*, "7"', '"7" "6"', 'w/"7"', 'W/7', '"7";', '"7 "', '"a"b"', '\'7\''])('is refused when it is no list of tags: %s', (header) => {
    expect(codeOf(() => ifMatch(header).require(7))).toBe('INVALID_INPUT');
    expect(codeOf(() => ifNoneMatch(header).require(7))).toBe('INVALID_INPUT');
  });

  it('is read in time that grows with its length', () => {
    for (const header of [' '.repeat(60_000), `"7"${' '.repeat(60_000)}x`, '" '.repeat(30_000), ','.repeat(60_000), '"'.repeat(60_001)]) expect(codeOf(() => ifMatch(header).require(7)), header.slice(0, 4)).not.toBe('holds');
  });

  it('names the version that a patch was made on: one strong tag, and nothing else', () => {
    expect(['"42"', ' "42" ', '"0"'].map((header) => ifMatch(header).base)).toEqual([42, 42, 0]);
    expect(['*', '', 'W/"42"', '"42", "41"', '"abc"', '"042"'].map((header) => ifMatch(header).base)).toEqual(Array(6).fill(undefined));
    expect(Preconditions.of({ 'if-match': '"42"', 'if-none-match': '"41"' }).base).toBeUndefined();
    expect(Preconditions.of({}).areNone).toBe(true);
  });

  it('names versions up to one', () => {
    expect(Preconditions.of({ 'if-match': '"3", W/"12", "x"', 'if-none-match': '"5"' }).newest).toBe(12);
    expect([ifMatch('*').newest, ifMatch('"x"').newest]).toEqual([0, 0]);
  });
});

describe('If-None-Match of a change', () => {
  it.each(['"6"', '"6", "8"', '"abc"', 'W/"6"', ''])('holds for version 7: %s', (header) => expect(codeOf(() => ifNoneMatch(header).require(7))).toBe('holds'));
  it.each(['*', '"7"', 'W/"7"', '"6", "7"'])('does not hold for version 7: %s', (header) => expect(codeOf(() => ifNoneMatch(header).require(7))).toBe('PRECONDITION_FAILED'));
});

describe('If-None-Match of a read', () => {
  it.each(['"7"', 'W/"7"', '"6", "7"', '*'])('knows the version: %s', (header) => expect(isKnown(header, 7)).toBe(true));

  it.each([undefined, '', '"6"', '"70"', '7', 'nonsense'])('does not know it: %s', (header) => expect(isKnown(header, 7)).toBe(false));

  it('asks for what is not there yet by an asterisk alone', () => {
    expect(['*', ' * '].map(isOnlyIfAbsent)).toEqual([true, true]);
    expect([undefined, '', '"7"', '"*"'].map(isOnlyIfAbsent)).toEqual([false, false, false, false]);
  });
});

describe('Prefer', () => {
  it.each(['strict', 'Strict', 'respond-async, strict', 'wait=10, strict; because=why'])('is found: %s', (header) => expect(isPreferred(header, 'strict')).toBe(true));

  it.each([undefined, '', 'lenient', 'stricter', 'handling=strict', 'wait; strict'])('is not there: %s', (header) => expect(isPreferred(header, 'strict')).toBe(false));
});
