import { describe, expect, it } from 'vitest';
import { isKnown, isOnlyIfAbsent, toETag, versionOf } from './preconditions.js';
import { isPreferred } from './prefer.js';

describe('If-Match', () => {
  it.each([
    ['absent', undefined, undefined],
    ['any', ' * ', undefined],
    ['a tag of ours', toETag(42), 42],
    ['a weak one, which a proxy makes of it', 'W/"42"', 42],
  ])('asks for a version: %s', (_what, header, version) => {
    expect(versionOf(header)).toBe(version);
  });

  it.each(['42', '"x"', '"1", "2"', '', '"-1"', '"1e3"', '"12345678901234567890"'])('is refused when it is no version: %s', (header) => {
    expect(() => versionOf(header)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('If-None-Match', () => {
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
