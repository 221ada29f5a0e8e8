import { findTextProblem, NAME } from './visible-text.js';

/** The recommended scripts of UAX 31, table 5, by which people write today; each by its four letters. */
const SCRIPTS = 'Latn Arab Armn Beng Bopo Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana Khmr Knda Laoo Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt'.split(' ');
/** What is written together: Japanese, Chinese with phonetic signs, Korean, each with Latin letters among them. */
const MIXTURES = ['Latn Hani Hira Kana', 'Latn Hani Bopo', 'Latn Hani Hang'].map((mixture) => mixture.split(' '));
const onlyOf = (scripts: string[]) => new RegExp(`^[${[...scripts, 'Zyyy', 'Zinh'].map((script) => `\\p{scx=${script}}`).join('')}]*$`, 'v');
const PROFILES = [...SCRIPTS.map((script) => [script]), ...MIXTURES].map(onlyOf);
const DIGITS = /\p{Nd}/gv;

/**
 * What is wrong with a username; undefined when nothing is. Letters of any script, digits, `_`, `.`, `-`, in one spelling (NFKC) and of the
 * Highly Restrictive profile of UTS 39, so that no letter of another script passes for one of these. Which characters of a script are
 * "allowed" by UTS 39 is not asked for, since no engine knows: the server compares names by what they look like as well.
 */
export function findUsernameProblem(name: string): string | undefined {
  if (name.length < 2) return 'must have at least 2 characters';
  if (!/^[\p{L}\p{N}][\p{L}\p{N}\p{M}_.\-]*$/v.test(name)) return 'must be letters, digits, `_`, `.` or `-`, and begin with a letter or digit';
  // Unicode twins (composed and decomposed, full-width and plain) would be two names that look like one.
  if (name.normalize('NFKC') !== name) return 'must be in Unicode normal form NFKC';
  // Variation selectors and joiners are marks to Unicode, and invisible to people: not even where they do something.
  if (/\p{DI}/v.test(name)) return 'must not contain invisible characters';
  if (!PROFILES.some((profile) => profile.test(name)) || mixesDigits(name)) return 'must not mix scripts that look alike';
  return findTextProblem(name, NAME);
}

/** Digits of two systems in one name (UTS 39 §5.3): ৪ is four, and looks like 8. Each system is ten characters in a row. */
function mixesDigits(name: string): boolean {
  const zeros = new Set((name.match(DIGITS) ?? []).map((digit) => zeroOf(digit.codePointAt(0)!)));
  return zeros.size > 1;
}

/** The zero of the digit's system: the tenth character before which, at most, the digits begin. */
function zeroOf(digit: number): number {
  let zero = digit;
  while (digit - zero < 9 && /\p{Nd}/v.test(String.fromCodePoint(zero - 1))) zero--;
  return zero;
}
