import { isSameJson } from '@atrium/client';
import { useState } from 'react';

/** Names of the items of a list, which have none: they stay with their items while others put some in and take some out. */
export interface KeyedItems<T> {
  readonly items: readonly T[];
  readonly keys: readonly number[];
  readonly next: number;
}

export function keyed<T>(items: readonly T[]): KeyedItems<T> {
  return { items, keys: items.map((_item, at) => at), next: items.length };
}

/** The names after a change: items that are the same at both ends keep theirs, and so do those between them that only say something else. */
export function followItems<T>({ items: old, keys, next }: KeyedItems<T>, items: readonly T[]): KeyedItems<T> {
  const max = Math.min(old.length, items.length);
  let start = 0;
  while (start < max && isSameJson(old[start], items[start])) start++;
  let end = 0;
  while (end < max - start && isSameJson(old[old.length - 1 - end], items[items.length - 1 - end])) end++;
  const middle = items.length - start - end;
  const between = keys.slice(start, keys.length - end).slice(0, middle);
  const fresh = Array.from({ length: middle - between.length }, (_, at) => next + at);
  return { items, keys: [...keys.slice(0, start), ...between, ...fresh, ...keys.slice(keys.length - end)], next: next + fresh.length };
}

/** The keys for React: the field that somebody writes in stays that of its item. */
export function useItemKeys(items: readonly unknown[]): readonly number[] {
  const [known, setKnown] = useState(() => keyed(items));
  if (isSameJson(known.items, items)) return known.keys;
  const followed = followItems(known, items);
  setKnown(followed);
  return followed.keys;
}
