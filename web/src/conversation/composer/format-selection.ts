import type { KeyboardEvent } from 'react';
import { insertAtCaret } from './insert-at-caret.js';

/** Marks of Markdown, by the letter with Ctrl or ⌘ that sets them. */
const MARKS: Readonly<Record<string, string>> = { b: '**', i: '*' };

/** What becomes of a text when its selection is marked, or when marks that are there are taken away. */
export interface Marked {
  /** What is replaced, and by what. */
  readonly from: number;
  readonly to: number;
  readonly by: string;
  /** What is selected then: the words without their marks. */
  readonly start: number;
  readonly end: number;
}

/** Spaces at its ends stay outside, since Markdown knows no marks before a space. */
export function toggleMark(text: string, start: number, end: number, mark: string): Marked {
  const words = text.slice(start, end);
  const from = start + (words.length - words.trimStart().length);
  const to = Math.max(from, end - (words.length - words.trimEnd().length));
  const inner = text.slice(from, to);
  const size = mark.length;
  if (hasMarks(text.slice(0, from), text.slice(to), mark)) return { from: from - size, to: to + size, by: inner, start: from - size, end: to - size };
  if (inner.length >= 2 * size && hasMarks(inner.slice(0, size), inner.slice(-size), mark)) {
    return { from, to, by: inner.slice(size, -size), start: from, end: to - 2 * size };
  }
  return { from, to, by: `${mark}${inner}${mark}`, start: from + size, end: to + size };
}

/** Whether the mark stands at the end of the one and at the beginning of the other; three stars are both marks, two are no `*`. */
function hasMarks(before: string, after: string, mark: string): boolean {
  const stars = Math.min(/\**$/.exec(before)![0].length, /^\**/.exec(after)![0].length);
  return mark === '*' ? stars % 2 === 1 : stars >= 2;
}

/** Sets or takes away marks when the key asks for it; true when it did. */
export function formatByKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  const mark = MARKS[event.key.toLowerCase()];
  if (mark === undefined || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return false;
  event.preventDefault();
  const area = event.currentTarget;
  const { from, to, by, start, end } = toggleMark(area.value, area.selectionStart, area.selectionEnd, mark);
  area.setSelectionRange(from, to);
  insertAtCaret(area, by);
  area.setSelectionRange(start, end);
  return true;
}
