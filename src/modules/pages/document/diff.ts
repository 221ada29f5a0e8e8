import type { Operation } from './json-document.js';
import { formatPointer } from './json-pointer.js';
import { equalJson, isObject, type Json } from './json-value.js';

/**
 * The patch that makes `to` of `from`: member by member, so that it says no more than what differs. An array that differs is written as a
 * whole; for lists of children the rebase still sees which component is meant.
 */
export function diff(from: Json, to: Json): Operation[] {
  const patches: Operation[] = [];
  compare(from, to, [], patches);
  // What goes is taken out after what comes has been put in, so that no list names what is not there on its way.
  return [...patches.filter(({ op }) => op !== 'remove'), ...patches.filter(({ op }) => op === 'remove')];
}

function compare(from: Json, to: Json, path: string[], patches: Operation[]): void {
  if (!isObject(from) || !isObject(to)) {
    if (!equalJson(from, to)) patches.push({ op: 'replace', path: formatPointer(path), value: to });
    return;
  }
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patches.push({ op: 'remove', path: formatPointer([...path, key]) });
  for (const key of Object.keys(to)) {
    const at = [...path, key];
    if (!Object.hasOwn(from, key)) patches.push({ op: 'add', path: formatPointer(at), value: to[key]! });
    else compare(from[key]!, to[key]!, at, patches);
  }
}
