/**
 * What an editor does, in words that belong to neither server, and the same edit as a JSON patch and as a json0 operation.
 *
 * Nine edits in ten write a property of any component of the page; the tenth puts a component into the editor's own section, takes
 * one out of it again, or moves one there.
 */

import { seededRandom } from '../lib/measure/stats.mjs';
import { component, ROOT_ID, sectionIdOf, SECTIONS, TEXT_CHARS } from './sample-page.mjs';

const RESTRUCTURING_SHARE = 0.1;
/** Components that an editor has added and not yet taken out again. */
const MAX_ADDED = 10;
const FIRST_ADDED_ID = 100_000;
const ADDED_IDS_PER_EDITOR = 1_000_000;

export class EditStream {
  #random;
  #components;
  #section;
  /** What the own section holds, in order, as the edits so far make it. */
  #children;
  #added = new Map();
  #nextId;

  constructor(editor, components) {
    this.#random = seededRandom(editor + 1);
    this.#components = components;
    this.#section = sectionIdOf(editor);
    const leaves = components - SECTIONS - 1;
    this.#children = Array.from({ length: Math.ceil((leaves - (editor % SECTIONS)) / SECTIONS) }, (_, i) => ROOT_ID + 1 + SECTIONS + (editor % SECTIONS) + i * SECTIONS);
    this.#nextId = FIRST_ADDED_ID + editor * ADDED_IDS_PER_EDITOR;
  }

  /** The next edit. `mayRestructure` is false while an earlier change of the section is under way: its outcome decides what is where. */
  next(mayRestructure) {
    if (mayRestructure && this.#random() < RESTRUCTURING_SHARE) return this.#restructure();
    const id = ROOT_ID + 1 + this.#below(this.#components - 1);
    return { kind: 'write', id, text: `${this.#below(1e9)}`.padEnd(TEXT_CHARS, ' dolor') };
  }

  #restructure() {
    const kind = this.#below(3);
    if (kind === 0 && this.#children.length >= 2) return this.#move();
    if (this.#added.size === 0 || (kind === 1 && this.#added.size < MAX_ADDED)) return this.#add();
    return this.#remove();
  }

  #add() {
    const id = this.#nextId++;
    const value = component(id, 'text', 'New', this.#random, { isBare: true });
    this.#added.set(id, value);
    const at = this.#children.push(id) - 1;
    return { kind: 'add', section: this.#section, id, value, at };
  }

  #remove() {
    const [id, value] = [...this.#added][this.#below(this.#added.size)];
    this.#added.delete(id);
    const at = this.#children.indexOf(id);
    this.#children.splice(at, 1);
    return { kind: 'remove', section: this.#section, id, value, at };
  }

  #move() {
    const from = this.#below(this.#children.length);
    const to = (from + 1 + this.#below(this.#children.length - 1)) % this.#children.length;
    const [id] = this.#children.splice(from, 1);
    this.#children.splice(to, 0, id);
    return { kind: 'move', section: this.#section, id, from, to };
  }

  #below(limit) {
    return Math.floor(this.#random() * limit);
  }
}

export const isRestructuring = ({ kind }) => kind !== 'write';

/** The edit as RFC 6902. What is written is set as a whole, so that of two editors the last one wins, as with json0; `replace` would merge both. */
export function toJsonPatch(edit) {
  const { section, id, value } = edit;
  switch (edit.kind) {
    case 'write':
      return [{ op: 'add', path: `/components/${id}/props/text`, value: edit.text }];
    case 'add':
      return [{ op: 'add', path: `/components/${id}`, value }, { op: 'add', path: `/components/${section}/children/-`, value: id }];
    case 'remove':
      return [{ op: 'remove', path: `/components/${section}/children/${edit.at}` }, { op: 'remove', path: `/components/${id}` }];
    case 'move':
      return [{ op: 'move', from: `/components/${section}/children/${edit.from}`, path: `/components/${section}/children/${edit.to}` }];
  }
}

/** json0 wants what stood there before; the type never compares it, and of its size it is. */
const OLD_TEXT = 'Lorem'.padEnd(TEXT_CHARS, ' ipsum');

/** The edit as ot-json0. */
export function toJson0(edit) {
  const { section, id, value } = edit;
  const children = ['components', String(section), 'children'];
  switch (edit.kind) {
    case 'write':
      return [{ p: ['components', String(id), 'props', 'text'], od: OLD_TEXT, oi: edit.text }];
    case 'add':
      return [{ p: ['components', String(id)], oi: value }, { p: [...children, edit.at], li: id }];
    case 'remove':
      return [{ p: [...children, edit.at], ld: id }, { p: ['components', String(id)], od: value }];
    case 'move':
      return [{ p: [...children, edit.from], lm: edit.to }];
  }
}
