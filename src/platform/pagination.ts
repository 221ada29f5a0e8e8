import type { Page } from '../protocol/primitives.js';
import { AppError } from './errors/app-error.js';

/** A keyset cursor: the sort key of the last item, opaque to clients. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws AppError INVALID_INPUT when it is not a cursor of `length` parts */
export function decodeCursor(cursor: string | undefined, length: number): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key) && key.length === length && key.every((part) => typeof part === 'string' || typeof part === 'number')) {
      return key;
    }
  } catch {
    // falls through to the same answer: not one of ours
  }
  throw AppError.invalid('cursor', 'is not a cursor of this list');
}

/**
 * From `limit + 1` rows: the page, with a cursor when there is more.
 * @param total rows that there were before those that are too large together were left out
 */
export function toPage<R, T>(rows: readonly R[], limit: number, toItem: (row: R) => T, keyOf: (row: R) => (string | number)[], total = rows.length): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: total > shown.length && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
