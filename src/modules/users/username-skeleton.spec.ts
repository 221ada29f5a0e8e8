import { describe, expect, it } from 'vitest';
import { identityKey } from './identity-key.js';
import { isReserved, skeletonOf } from './username-skeleton.js';

describe('the skeleton of a username', () => {
  it.each([
    ['Cyrillic as a whole', 'ѕсоре', 'scope'],
    ['Greek as a whole', 'ΟΡΟ', 'OPO'],
    ['a digit for a letter', 'ada1', 'adal'],
    ['a capital for a small letter', 'PaypaI', 'Paypal'],
    ['zero for O, in either case', 'b0b', 'bob'],
    ['two letters for one', 'rnichael', 'michael'],
    ['a letter without its dot', 'admın', 'admin'],
    ['a digit of another script', 'ߊ०', 'ߊ୦'],
    ['case', 'ADA', 'ada'],
    ['composition', 'caf\u00e9', 'cafe\u0301'],
    ['invisible characters', 'ad\u034fa', 'ada'],
  ])('is the same for %s', (_, a, b) => expect(skeletonOf(a)).toBe(skeletonOf(b)));

  it.each([['ada', 'adá'], ['ada', 'adb'], ['a.b', 'a_b'], ['a.b', 'ab'], ['user1', 'user2'], ['山田', '山口'], ['юрий', 'yuri'], ['김', '긴']])('tells %s from %s', (a, b) => {
    expect(skeletonOf(a)).not.toBe(skeletonOf(b));
  });

  it('is the same for names that are the same to us in Latin letters', () => {
    for (const [a, b] of [['Straße', 'STRASSE'], ['ADMIN', 'admin'], ['ILK', 'ılk'], ['ﬁx', 'FIX']] as const) {
      expect(identityKey(a)).toBe(identityKey(b));
      expect(skeletonOf(a)).toBe(skeletonOf(b));
    }
  });
});

describe('reserved', () => {
  it.each(['admin', 'ADMIN', 'Root', 'r00t', 'а\u0434min'.replace('\u0434', 'd'), 'admın', 'sys.tem', 's-u-p-p-o-r-t', 'no_reply', 'me', 'world', 'here', 'all', 'nuII', 'undefined', 'atrium', '管理员', '系统'])('is %s', (username) => {
    expect(isReserved(username)).toBe(true);
  });

  it.each(['ada', 'administra', 'rooty', 'mel', 'worldly', 'support-team', 'allen', 'admin2', '李管理'])('is not %s', (username) => {
    expect(isReserved(username)).toBe(false);
  });
});
