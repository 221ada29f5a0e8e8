/**
 * The one rule of every text that people see: names are one line and hold nothing that hides or misleads, messages hold a little more.
 *
 * |                                                              | name            | message         |
 * | ------------------------------------------------------------ | --------------- | --------------- |
 * | something that one sees                                      | required        | required        |
 * | line breaks, tabs                                            | no              | yes             |
 * | other control characters, halves of a character              | no              | no              |
 * | embeddings, overrides and isolates of the direction          | no              | no              |
 * | direction marks (LRM, RLM, ALM)                              | no              | yes             |
 * | joiners: in emoji, between letters of scripts that need them | yes             | yes             |
 * | joiners anywhere else, zero-width spaces, soft hyphens       | no              | yes             |
 * | variation selectors                                          | where they work | yes             |
 * | tag characters                                               | in a flag       | in a flag       |
 * | Hangul fillers and all other default-ignorable characters    | no              | no              |
 * | marks on one letter, invisible characters counted too        | at most 4       | at most 8       |
 * | a mark without a letter before it                            | no              | yes             |
 *
 * Sources: UTS 39 §5.4 (four nonspacing marks), RFC 5892 appendix A (joiners), UTS 51 (emoji sequences). A message has room for ZWSP, which
 * Khmer and Thai break lines with, and for Sanskrit in Tibetan letters, whose stacks are up to eight high.
 * No schema library here: clients use the same rule.
 */
export interface TextRule {
  readonly isOneLine: boolean;
  /** Invisible characters that are refused where they do nothing. Interlinear annotations are among them, though Unicode does not say so. */
  readonly hidden: RegExp;
  /** Marks and invisible characters in a row. */
  readonly maxMarks: number;
  readonly tooManyMarks: RegExp;
}

export const NAME: TextRule = { isOneLine: true, hidden: /[\p{DI}\ufff9-\ufffb]/v, maxMarks: 4, tooManyMarks: /[\p{Mn}\p{Me}\p{DI}]{5}/v };
export const MESSAGE: TextRule = {
  isOneLine: false,
  hidden: /[[\p{DI}\ufff9-\ufffb]--[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]]/v,
  maxMarks: 8,
  tooManyMarks: /[\p{Mn}\p{Me}\p{DI}]{9}/v,
};

/** C0 and C1 controls other than tab, line feed and carriage return, and DEL. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gv;
const LINE_BREAKS = /[\t\n\r\u2028\u2029]/v;
/** Private and unassigned characters are seen too, as a box at least; an emoji that is younger than this program is one. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Cn}]--[\p{DI}\u2800\ufffc\u{1d159}]]/v;
/**
 * What most messages consist of, in Latin, Greek, Cyrillic, Chinese, Japanese and Korean: no mark, nothing invisible but spaces, no half of a
 * character. One look at plain ranges is several times as fast as asking for properties.
 */
const PLAIN = /^[\t\n\r -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u3000-\u3029\u3030-\u303d\u3041-\u3096\u309b-\u312f\u3400-\u9fff\uac00-\ud7a3\uff01-\uff9f]*$/;
/** In a text without any of these nothing is left to look at. */
const SUSPECT = /[\p{M}\p{DI}\ufff9-\ufffb]/v;
const UNBASED_MARK = /(?:^|\s)\p{M}/v;

/** Scripts whose letters change their shape, or join, by a joiner; and what kills the vowel in those that have such a sign. */
const JOINING = '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Nkoo}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Mymr}\\p{scx=Khmr}\\p{scx=Tibt}';
const LETTER = `[[\\p{L}\\p{M}]&&[${JOINING}]]`;
const VIRAMA = '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u1039\\u17d2]';
/** The end of the flag of England, and the like. */
const FLAG_TAGS = '(?<=\\u{1f3f4})[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}';
/** Invisible characters where they do something. */
const AT_WORK = [
  `(?<=${LETTER})[\\u200c\\u200d](?=${LETTER})`,
  `(?<=${VIRAMA})\\u200d`,
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})',
  '(?<=[\\p{Emoji}--[#*0-9]])[\\ufe0e\\ufe0f]',
  '(?<=[#*0-9])\\ufe0f(?=\\u20e3)',
  '(?<=\\p{Ideographic})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
  '(?<=[\\p{sc=Mymr}\\p{sc=Phag}])\\ufe00',
  '(?<=[\\p{L}&&\\p{scx=Mong}])[\\u180b-\\u180f]',
  FLAG_TAGS,
].join('|');
const ALL_AT_WORK = new RegExp(AT_WORK, 'gv');
const AT_WORK_OR_REFUSED = new RegExp(`(${AT_WORK})|${MESSAGE.hidden.source}`, 'gv');
const FLAG_OR_MARKS = new RegExp(`(${FLAG_TAGS})|[\\p{Mn}\\p{Me}\\p{DI}\\ufff9-\\ufffb]+`, 'gv');

/** Length in Unicode code points, which is what a person would call characters (UTF-16 counts 😀 twice). */
export function countCodePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) i++;
    count++;
  }
  return count;
}

/** Whether it is longer than that; of what is far too long not even the characters are counted. */
export function isLongerThan(text: string, max: number): boolean {
  return text.length > 2 * max || (text.length > max && countCodePoints(text) > max);
}

/** What is wrong with the text, in words that continue "the name …"; undefined when nothing is. Its length is for the caller to check, before. */
export function findTextProblem(text: string, rule: TextRule): string | undefined {
  const isPlain = PLAIN.test(text);
  const broken = isPlain ? undefined : findBrokenText(text);
  if (broken) return broken;
  if (rule.isOneLine && LINE_BREAKS.test(text)) return 'must be one line';
  if (!(isPlain ? /\S/.test(text) : VISIBLE.test(text))) return 'must not be blank';
  return !isPlain && SUSPECT.test(text) ? findHiddenProblem(text, rule) : undefined;
}

/** What no text may hold, whether anybody sees it or not: UTF-8 could not carry a half of a character, and PostgreSQL could not store NUL. */
export function findBrokenText(text: string): string | undefined {
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  if (text.search(CONTROLS) >= 0) return 'must not contain control characters';
  return undefined;
}

function findHiddenProblem(text: string, rule: TextRule): string | undefined {
  const rest = text.replace(ALL_AT_WORK, '');
  if (rule.hidden.test(rest)) return 'must not contain invisible characters';
  if (rule.tooManyMarks.test(rest)) return `must not have more than ${rule.maxMarks} marks on one letter`;
  if (rule.isOneLine && UNBASED_MARK.test(text)) return 'must not have a mark without a letter before it';
  return undefined;
}

/**
 * The text without what the rule of messages refuses, which pasted text brings along unseen: invisible controls, halves of characters,
 * directions that nothing ends, marks that pile up; and without empty lines around it.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, '')
    .replace(FLAG_OR_MARKS, (run, flag: string | undefined) => flag ?? [...run].slice(0, MESSAGE.maxMarks).join(''))
    .replace(AT_WORK_OR_REFUSED, (_, atWork: string | undefined) => atWork ?? '')
    .replace(/^(?:[ \t]*\r?\n)+/u, '')
    .trimEnd();
}
