import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, countCodePoints, findTextProblem, isLongerThan, MESSAGE, NAME } from './visible-text.js';

const INVISIBLE = 'must not contain invisible characters';
const MARKS_IN_NAMES = 'must not have more than 4 marks on one letter';
const MARKS_IN_MESSAGES = 'must not have more than 8 marks on one letter';
const asName = (text: string) => findTextProblem(text, NAME);
const asMessage = (text: string) => findTextProblem(text, MESSAGE);

/** As people write their names, things and rooms, in more than thirty scripts. */
const LEGITIMATE: [script: string, ...names: string[]][] = [
  ['Latin', 'Ada Lovelace', "Conan O'Brien", 'Jean-Luc', 'Łukasz Ŝtürmer', 'e\u0301mile', 'Ørsted & Søn', '  spaced  '],
  ['Vietnamese', 'Nguyễn Thị Minh Khai', 'Nguyễn'.normalize('NFD'), 'Đặng Hữu Phước'],
  ['Yoruba, Navajo', 'Ọ́látúńdé', 'Diné bizaad ą́ą́', 'ọ̀ṣun'.normalize('NFD')],
  ['Greek', 'Οδυσσεύς', 'Ἀχιλλεύς', 'ᾧ'.normalize('NFD')],
  ['Cyrillic', 'Юрий Гагарин', 'Ёлка'.normalize('NFD'), 'Ѓорѓи'],
  ['Armenian', 'Տիգրան'],
  ['Georgian', 'თამარი', 'ᲗᲐᲛᲐᲠᲘ'],
  ['Hebrew', 'שָׁלוֹם', 'בְּרֵאשִׁ֖ית', 'דוד (אבא)'],
  ['Arabic', 'محمد عبد الله', 'مُحَمَّدٌ', 'لُؤْلُؤَة'],
  ['Persian', 'می‌خواهم', 'علی‌رضا', 'خانه‌ها'],
  ['Urdu', 'پاکستان', 'صبح‌بخیر'],
  ['Syriac', 'ܡܪܝܡ', 'ܫܠܡܐ'],
  ['Thaana', 'މުޙައްމަދު'],
  ["N'Ko", 'ߒߞߏ'],
  ['Devanagari', 'हिन्दी', 'क्‍ष', 'क्‌ष', 'राजेश्वर', 'श्रीमान् ज़ाकिर'],
  ['Bengali', 'র‍্যাব', 'রবীন্দ্রনাথ', 'ক্ষুদ্র'],
  ['Gurmukhi', 'ਪੰਜਾਬੀ'],
  ['Gujarati', 'ગુજરાતી'],
  ['Oriya', 'ଓଡ଼ିଆ'],
  ['Tamil', 'தமிழ்', 'ஸ்ரீ'],
  ['Telugu', 'తెలుగు', 'క్‌ష'],
  ['Kannada', 'ಕನ್ನಡ', 'ರ‍್ಯ'],
  ['Malayalam', 'മോഹന്‍', 'അവന്‍ വന്നു', 'മലയാളം'],
  ['Sinhala', 'ශ්‍රී ලංකා', 'සත්‍ය'],
  ['Thai', 'ก็ที่นี่', 'สมชาย น้ำใจ'],
  ['Lao', 'ນ້ໍາ', 'ສະບາຍດີ'],
  ['Khmer', 'ភ្នំពេញ', 'ស្ត្រី'],
  ['Myanmar', 'လျှော့', 'ကျွန်တော်', 'မြန်မာ'],
  ['Tibetan', 'བསྒྲུབས', 'ཧཱུྃ', 'རྒྱ་མཚོ'],
  ['Ethiopic', 'አማርኛ'],
  ['Cherokee', 'ᏣᎳᎩ'],
  ['Canadian Aboriginal', 'ᐃᓄᒃᑎᑐᑦ'],
  ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ', 'ᠠᠭᠤᠯᠠ᠎ᠶᠢᠨ', 'ᠬᠠᠭ᠋ᠠᠨ'],
  ['Tifinagh', 'ⵜⵉⴼⵉⵏⴰⵖ'],
  ['Han', '葛\u{e0100}城', '辻\ufe00', '李小龍', '𠮷野家'],
  ['Japanese', 'カタカナー', 'がぎぐ'.normalize('NFD'), '山田・太郎'],
  ['Korean', '김철수', '김철수'.normalize('NFD')],
  ['emoji', '👨‍👩‍👧‍👦 family', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏳️‍🌈', '👩🏽‍💻', '❤️‍🔥', '1️⃣', '🧑🏽‍❤️‍💋‍🧑🏿', '🏴‍☠️', '☎︎', '🫡', '\u{1facf}'],
  ['symbols', '<b>', '%', '…', 'C#', '∀x∈ℝ', '\ue000', 'a\u00a0b'],
];

/** What somebody would pass for somebody else with, or disturb others. */
const ABUSIVE: [what: string, text: string, inName: string, inMessage: string | undefined][] = [
  ['nothing', '', 'must not be blank', 'must not be blank'],
  ['spaces', ' \u3000\u00a0', 'must not be blank', 'must not be blank'],
  ['a blank Braille pattern', '\u2800', 'must not be blank', 'must not be blank'],
  ['a Hangul filler', '\u3164', 'must not be blank', 'must not be blank'],
  ['a half-width Hangul filler beside a letter', 'a\uffa0', INVISIBLE, INVISIBLE],
  ['joiners alone', '\u200d\u200c', 'must not be blank', 'must not be blank'],
  ['zero-width spaces alone', '\u200b\u200b', 'must not be blank', 'must not be blank'],
  ['a mark alone', '\u0301', 'must not be blank', 'must not be blank'],
  ['an object that is not there', '\ufffc', 'must not be blank', 'must not be blank'],
  ['two lines', 'Ada\nAdmin', 'must be one line', undefined],
  ['a tab', 'Ada\tAdmin', 'must be one line', undefined],
  ['a line separator', 'Ada\u2028Admin', 'must be one line', undefined],
  ['a paragraph separator', 'Ada\u2029Admin', 'must be one line', undefined],
  ['a carriage return', 'Ada\rAdmin', 'must be one line', undefined],
  ['NUL', 'a\u0000', 'must not contain control characters', 'must not contain control characters'],
  ['a next-line control', 'a\u0085b', 'must not contain control characters', 'must not contain control characters'],
  ['a terminal escape', '\u001b[31m', 'must not contain control characters', 'must not contain control characters'],
  ['a lone surrogate', 'a\ud800', 'must be well-formed Unicode', 'must be well-formed Unicode'],
  ['two halves in the wrong order', '\ude00\ud83d', 'must be well-formed Unicode', 'must be well-formed Unicode'],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069].map((code): [string, string, string, string] => [`direction U+${code.toString(16)}`, `a${String.fromCodePoint(code)}b`, INVISIBLE, INVISIBLE]),
  ...[0x206a, 0x206f, 0xfffa, 0x1d173, 0xe0001, 0xe0041, 0xe007f, 0xe01f0, 0xfff0].map((code): [string, string, string, string] => [`hidden U+${code.toString(16)}`, `a${String.fromCodePoint(code)}b`, INVISIBLE, INVISIBLE]),
  ...[0x200b, 0x200e, 0x200f, 0x061c, 0x00ad, 0x2060, 0xfeff, 0x034f, 0x180e, 0x115f].map((code): [string, string, string, undefined] => [`U+${code.toString(16)} where it does nothing`, `a${String.fromCodePoint(code)}b`, INVISIBLE, undefined]),
  ['a joiner in Latin', 'ad\u200da', INVISIBLE, undefined],
  ['a non-joiner at the end', 'علی\u200c', INVISIBLE, undefined],
  ['a joiner between an emoji and a letter', '👩\u200da', INVISIBLE, undefined],
  ['two joiners between letters', 'می\u200c\u200cخواهم', INVISIBLE, undefined],
  ['a variation selector on a letter', 'a\ufe0f', INVISIBLE, undefined],
  ['a variation selector on a digit', '1\ufe0f', INVISIBLE, undefined],
  ['an ideographic variation on a letter', 'a\u{e0100}', INVISIBLE, undefined],
  ['tags behind an emoji that is no flag', '😀\u{e0061}\u{e0062}\u{e0063}\u{e007f}', INVISIBLE, INVISIBLE],
  ['a flag that does not end', '🏴\u{e0067}\u{e0062}\u{e0065}', INVISIBLE, INVISIBLE],
  ['a text in the tags of a flag', `🏴${'\u{e0061}'.repeat(40)}\u{e007f}`, INVISIBLE, INVISIBLE],
  ['bytes in variation selectors', `👍${'\u{e0100}'.repeat(40)}`, INVISIBLE, MARKS_IN_MESSAGES],
  ['five marks', 'a\u0301\u0302\u0303\u0304\u0305', MARKS_IN_NAMES, undefined],
  ['nine marks', `a${'\u0301'.repeat(9)}`, MARKS_IN_NAMES, MARKS_IN_MESSAGES],
  ['marks with something invisible between them', `a${'\u0301\u0301\u0301\u034f'.repeat(9)}`, INVISIBLE, MARKS_IN_MESSAGES],
  ['enclosing marks', `a${'\u20dd'.repeat(9)}`, MARKS_IN_NAMES, MARKS_IN_MESSAGES],
  ['the longest stack of Tibetan', 'ཧྐྵྨླྺྼྻྂ', MARKS_IN_NAMES, undefined],
  ['a mark that sits on what is before the name', '\u0301ada', 'must not have a mark without a letter before it', undefined],
  ['a mark on a space', 'a \u0301b', 'must not have a mark without a letter before it', undefined],
];

describe('a name', () => {
  it.each(LEGITIMATE)('may be in %s', (...[, ...names]) => {
    expect(names.filter((each) => asName(each) !== undefined)).toEqual([]);
  });

  it.each(ABUSIVE)('may not hold %s', (_, text, problem) => expect(asName(text)).toBe(problem));
});

describe('a message', () => {
  it.each(LEGITIMATE)('may be in %s', (...[, ...texts]) => {
    expect(asMessage(texts.join('\n\t'))).toBeUndefined();
  });

  it.each(ABUSIVE)('of %s is treated by its own rule', (_, text, __, problem) => expect(asMessage(text)).toBe(problem));
});

it('every character is judged by what Unicode says of it, beside letters and alone', () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const isBroken = /[[\p{Cc}\p{Cs}]--[\t\n\r]]/v.test(character);
    const isHidden = /[\p{DI}\ufff9-\ufffb]/v.test(character);
    const isLineBreak = /[\t\n\r\u2028\u2029]/.test(character);
    const isSeen = /[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Cn}]/v.test(character) && !isHidden && !/[\u2800\ufffc\u{1d159}]/v.test(character);
    if ((asName(`a${character}b`) === undefined) !== !(isBroken || isHidden || isLineBreak)) wrong.push(`${code.toString(16)} in a name`);
    if ((asMessage(`a${character}b`) === undefined) !== !(isBroken || MESSAGE.hidden.test(character))) wrong.push(`${code.toString(16)} in a message`);
    if ((asName(character) === undefined) !== (isSeen && !isBroken)) wrong.push(`${code.toString(16)} alone`);
  }
  expect(wrong).toEqual([]);
});

/** Letters, and all that the rule is about. */
const anyCharacter = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  fc.constantFrom(...'ab \n\t\r1#漢मख्علی👩💻🏴'),
  fc.constantFrom('\u0301', '\u200d', '\u200c', '\u200b', '\u202e', '\u2069', '\ufe0f', '\u{e0067}', '\u{e007f}', '\u{e0100}', '\u3164', '\u0000', '\ud83d', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩‍💻'),
);
const anyText = fc.array(anyCharacter, { maxLength: 40 }).map((characters) => characters.join(''));

describe('cleaning a text', () => {
  it.each([
    ['  indented\n\tcode', '  indented\n\tcode'],
    ['\n \n text \n\n', ' text'],
    ['a\u0000b\u0007c\u009dd', 'abcd'],
    ['half \ud83d', 'half \ufffd'],
    ['你好 😀', '你好 😀'],
    ['\u202eevil\u202c', 'evil'],
    ['\u2068Ada\u2069', 'Ada'],
    [`z${'\u0301'.repeat(40)}algo`, `z${'\u0301'.repeat(8)}algo`],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿 می‌خواهم 👨‍👩‍👧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 می‌خواهم 👨‍👩‍👧'],
    ['a\u{e0061}b', 'ab'],
    ['អក្សរ\u200bខ្មែរ', 'អក្សរ\u200bខ្មែរ'],
  ])('makes %j ready', (text, cleaned) => expect(cleanText(text)).toBe(cleaned));

  it('leaves nothing that a message may not hold, and changes nothing that it may', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const cleaned = cleanText(text);
        expect([undefined, 'must not be blank']).toContain(asMessage(cleaned));
        expect(cleanText(cleaned)).toBe(cleaned);
        if (asMessage(text) === undefined) expect(cleaned).toBe(text.replace(/^(?:[ \t]*\r?\n)+/u, '').trimEnd());
      }),
      { numRuns: 5_000 },
    );
  });
});

it('a name that is accepted is a message that is accepted', () => {
  fc.assert(fc.property(anyText, (text) => void (asName(text) === undefined && expect(asMessage(text)).toBeUndefined())), { numRuns: 5_000 });
});

describe('length', () => {
  it.each([['', 0], ['abc', 3], ['漢字', 2], ['😀', 1], ['👨‍👩‍👧', 5], ['e\u0301', 2], ['🇨🇭', 2], ['a😀b', 3]])('of %j is %i code points', (text, count) => {
    expect(countCodePoints(text)).toBe(count);
    expect(isLongerThan(text, count)).toBe(false);
    if (count > 0) expect(isLongerThan(text, count - 1)).toBe(true);
  });

  it('is what JavaScript iterates over, for all well-formed text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(countCodePoints(text)).toBe([...text].length)));
  });
});
