import type { Json, JsonObject } from './json-value.js';

/** Bytes of the value as JSON text in UTF-8, escapes not counted. Counting stops soon after `budget`. */
export function sizeOfJson(value: Json, budget = Number.POSITIVE_INFINITY): number {
  if (typeof value !== 'object' || value === null) return sizeOfScalar(value);
  let bytes = 0;
  const open: (Json[] | JsonObject)[] = [value];
  const count = (member: Json): void => {
    if (typeof member === 'object' && member !== null) open.push(member);
    else bytes += sizeOfScalar(member);
  };
  while (open.length > 0 && bytes <= budget) {
    const container = open.pop()!;
    bytes += 2;
    if (Array.isArray(container)) {
      for (let i = 0; i < container.length && bytes <= budget; i++) {
        bytes += ELEMENT_BYTES;
        count(container[i]!);
      }
    } else {
      for (const key of Object.keys(container)) {
        bytes += sizeOfName(key);
        count(container[key]!);
      }
    }
  }
  return bytes;
}

/** Of an element of an array, besides its value: a comma. */
export const ELEMENT_BYTES = 1;

/** Of a member of an object, besides its value: its name, quotes, colon and comma. */
export function sizeOfName(name: string): number {
  return utf8Length(name) + 4;
}

/** Objects and arrays within each other: 0 for a scalar, 1 for `[]`. Counting stops soon after `limit`. */
export function depthOfJson(value: Json, limit = Number.POSITIVE_INFINITY): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const level of levelsOfJson(value)) {
    if (level > deepest) deepest = level;
    if (deepest > limit) break;
  }
  return deepest;
}

/** How many objects and arrays lie deeper than `limit` levels, the value itself being the first. */
export function countDeeperThan(value: Json, limit: number): number {
  let count = 0;
  for (const level of levelsOfJson(value)) if (level > limit) count += 1;
  return count;
}

/** The level of each object and array, in no particular order. */
function* levelsOfJson(value: Json): Generator<number> {
  if (typeof value !== 'object' || value === null) return;
  const open: (Json[] | JsonObject)[] = [value];
  const levels = [1];
  while (open.length > 0) {
    const container = open.pop()!;
    const level = levels.pop()!;
    yield level;
    for (const member of Array.isArray(container) ? container : Object.values(container)) {
      if (typeof member !== 'object' || member === null) continue;
      open.push(member);
      levels.push(level + 1);
    }
  }
}

function sizeOfScalar(value: null | boolean | number | string): number {
  switch (typeof value) {
    case 'string':
      return utf8Length(value) + 2;
    case 'number':
      return String(value).length;
    case 'boolean':
      return value ? 4 : 5;
    default:
      return 4;
  }
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a pair counts two of its four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
