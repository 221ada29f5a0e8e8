import { describe, expect, it } from 'vitest';
import { identityKey } from './identity-key.js';

describe('identityKey', () => {
  it.each([
    ['case', 'Ada', 'aDA'],
    ['composition', 'caf\u00e9', 'cafe\u0301'],
    ['width', 'ａｄａ', 'ada'],
    ['ligatures', 'ﬁx', 'fix'],
    ['sharp s', 'straße', 'STRASSE'],
    ['final sigma', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['medial sigma at the end', 'οδυσσευσ', 'οδυσσευς'],
    ['Turkish i', 'ılk', 'ilk'],
    ['invisible characters', 'ad\u200ba\ufe0f', 'ada'],
  ])('unifies %s', (_, a, b) => {
    expect(identityKey(a)).toBe(identityKey(b));
  });

  it.each([['ada', 'adá'], ['ada', 'ad a'], ['山田', '山口'], ['a.b', 'ab']])('tells %s and %s apart', (a, b) => {
    expect(identityKey(a)).not.toBe(identityKey(b));
  });

  it('is its own key', () => {
    for (const name of ['Straße', 'İstanbul', 'ŉ', 'ΑΣ', 'ﬃ', '½']) expect(identityKey(identityKey(name))).toBe(identityKey(name));
  });
});
