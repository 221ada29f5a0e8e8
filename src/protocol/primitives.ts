import { z } from 'zod';
import { LIMITS } from './limits.js';

/** Any RFC 9562 UUID. The server makes version 7, so that ids sort by time. */
export const Id = z.uuid().toLowerCase().meta({ description: 'UUIDv7', example: '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77' });

/** A room's id, or `world` for the room of everyone. */
export const RoomRef = z.union([Id, z.literal('world')]).meta({ description: 'Room id, or `world`' });

export const Timestamp = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds' });

export const Seq = z.int().min(0).meta({ description: 'Position in a channel: 1, 2, 3 … without holes' });

/** C0 and C1 controls other than tab, line feed and carriage return, and DEL. PostgreSQL could not even store NUL. */
 
const FORBIDDEN_CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

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

/**
 * Text that a person wrote: `min` to `max` code points, not blank when `min` > 0, well-formed UTF-16 (no lone surrogate, which UTF-8
 * cannot carry), without control characters other than tab and line breaks.
 */
export function text(min: number, max: number) {
  return z
    .string()
    .superRefine((value, context) => {
      const problem = findTextProblem(value, min, max);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ minLength: min, maxLength: max });
}

function findTextProblem(value: string, min: number, max: number): string | undefined {
  if (min > 0 && value.trim() === '') return 'must not be blank';
  if (min > 1 && countCodePoints(value) < min) return `must have at least ${min} characters`;
  if (value.length > max && countCodePoints(value) > max) return `must have at most ${max} characters`;
  if (FORBIDDEN_CONTROLS.test(value)) return 'must not contain control characters';
  if (!value.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}

/** An id that the client makes, unique to the sender in the channel. It identifies one intention for ever. */
export const OpId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
  .meta({ description: 'Made by the client; a resend with the same id is stored once', example: 'b7e2f0c4-1' });

/** `?limit=&cursor=` of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.pageItems).default(50),
  cursor: z.string().max(512).optional(),
});
export type PageQuery = z.output<typeof PageQuery>;

/** A page of a list. `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
