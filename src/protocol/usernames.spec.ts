import { describe, expect, it } from 'vitest';
import { findUsernameProblem } from './usernames.js';
import { Username } from './users.js';

const CHARACTERS = 'must be letters, digits, `_`, `.` or `-`, and begin with a letter or digit';
const MIXED = 'must not mix scripts that look alike';

describe('a username', () => {
  it.each([
    'ada', 'Ada_L.1-x', '1ada', 'a1', 'ünal', 'nguyễn', 'ørsted', 'юрий', 'Ѓорѓи', 'οδυσσεύς', 'տիգրան', 'თამარი', 'שלום', 'محمد', 'علي123', 'پویا', 'हिन्दी', 'राम_१२',
    'রবীন্দ্রনাথ', 'ਪੰਜਾਬੀ', 'ગુજરાતી', 'தமிழ்', 'తెలుగు', 'ಕನ್ನಡ', 'മലയാളം', 'සිංහල', 'สมชาย', 'ສະບາຍດີ', 'ភ្នំពេញ', 'မြန်မာ', 'བོད', 'አማርኛ', 'ދިވެހި',
    '李小龍', '李bruce', '山田たろう', 'ヤマダtaro', 'アーサー_2', '김철수', '김kim', '金김kim', 'ㄅㄆㄇ', '李ㄌㄧabc',
  ])('may be %s', (username) => expect(findUsernameProblem(username)).toBeUndefined());

  it.each([
    ['a', 'must have at least 2 characters'],
    ['@da', CHARACTERS],
    ['_ada', CHARACTERS],
    ['a b', CHARACTERS],
    ['ada\n', CHARACTERS],
    ['😀😀', CHARACTERS],
    ['\u0301ada', CHARACTERS],
    ['ａｄａ', 'must be in Unicode normal form NFKC'],
    ['cafe\u0301', 'must be in Unicode normal form NFKC'],
    ['ad\u3164a', 'must be in Unicode normal form NFKC'],
    ['ada\ufe0f', 'must not contain invisible characters'],
    ['ad\u034fa', 'must not contain invisible characters'],
    // Cyrillic in Latin, Latin in Greek, Cherokee and Lisu, which pass for Latin as a whole.
    ['pаypal', MIXED],
    ['αda', MIXED],
    ['ꭺꭰꭺ', MIXED],
    ['ꓮꓓꓮ', MIXED],
    ['adaא', MIXED],
    ['аγ', MIXED],
    ['한カ', MIXED],
    ['юрий李', MIXED],
    // Four of Bengali passes for eight.
    ['b৪8', MIXED],
    ['র৪8', MIXED],
    ['ab\u0332\u0333\u0331\u0330\u0329', 'must not have more than 4 marks on one letter'],
  ])('may not be %j', (username, problem) => expect(findUsernameProblem(username)).toBe(problem));

  it('has at most 32 characters, which is found out first', () => {
    expect(Username.safeParse('x'.repeat(32)).success).toBe(true);
    expect(Username.safeParse('!'.repeat(33)).error?.issues.map(({ message }) => message)).toEqual(['must have at most 32 characters']);
  });
});
