import { z } from 'zod';
import { AppError } from './errors/app-error.js';
import { decodeCursor } from './pagination.js';
import { Id } from '../protocol/primitives.js';

/** As PostgreSQL writes a `timestamptz`, or as the API does. */
const Moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));
const TimedKey = z.tuple([Moment, Id]);
const IdKey = z.tuple([Id]);
const SeqKey = z.tuple([z.string().regex(/^[1-9]\d{0,14}$/)]);

/** The key of a list in order of time; nulls for its beginning. */
export function decodeTimedCursor(cursor: string | undefined): [string, string] | [null, null] {
  return decode(cursor, TimedKey) ?? [null, null];
}

/** The key of a list in order of ids; null for its beginning. */
export function decodeIdCursor(cursor: string | undefined): string | null {
  return decode(cursor, IdKey)?.[0] ?? null;
}

/** The key of a list in order of seqs, each written as text; null for its beginning. */
export function decodeSeqCursor(cursor: string | undefined): number | null {
  const key = decode(cursor, SeqKey);
  return key ? Number(key[0]) : null;
}

/** A cursor is input like any other: what is in it is checked before PostgreSQL sees it. */
function decode<K extends z.ZodTuple>(cursor: string | undefined, schema: K): z.output<K> | undefined {
  const key = decodeCursor(cursor, schema.def.items.length);
  if (key === undefined) return undefined;
  const parsed = schema.safeParse(key);
  if (!parsed.success) throw AppError.invalid('cursor', 'is not a cursor of this list');
  return parsed.data;
}
