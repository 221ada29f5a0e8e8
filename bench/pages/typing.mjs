/** People who type into one text, each on the version of it that they have: so many versions behind. */

import { ROOT_ID } from './sample-page.mjs';

export const TYPED_ID = ROOT_ID + 7;
const PATH = ['components', String(TYPED_ID), 'props', 'text'];
const LETTERS = 'the quick brown fox jumps over the lazy dog ';
/** A paragraph. Every other edit takes a letter out, so that it stays as long as it is. */
const PARAGRAPH = LETTERS.repeat(12);

export const isTyping = ({ kind }) => kind === 'type';

/** The `i`th edit: a letter put in, or one taken out, somewhere. */
export const typingAt = (i) => ({ kind: 'type', where: ((i * 37) % 101) / 101, letter: i % 2 === 0 ? LETTERS[i % LETTERS.length] : undefined });

/** What the text was, version after version. */
export class TypedText {
  #texts = [PARAGRAPH];
  #behind;

  constructor(behind) {
    this.#behind = behind;
  }

  get first() {
    return PARAGRAPH;
  }

  /** Another version. */
  became(text) {
    if (this.#texts.push(text) > this.#behind + 1) this.#texts.shift();
  }

  /** On the oldest version that is remembered: RFC 6902 knows whole values alone. */
  toJsonPatch({ where, letter }) {
    const [text] = this.#texts;
    const at = Math.floor(where * text.length);
    return [{ op: 'replace', path: `/${PATH.join('/')}`, value: text.slice(0, at) + (letter ?? '') + text.slice(letter ? at : at + 1) }];
  }

  toJson0({ where, letter }) {
    const [text] = this.#texts;
    const at = Math.floor(where * text.length);
    return [letter ? { p: [...PATH, at], si: letter } : { p: [...PATH, at], sd: text[at] }];
  }

  static of(page) {
    return page.components[TYPED_ID].props.text;
  }
}
