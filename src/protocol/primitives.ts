import { z } from 'zod';
import { LIMITS } from './limits.js';
import { findBrokenText, findTextProblem, isLongerThan, MESSAGE, NAME } from './visible-text.js';

/** Any RFC 9562 UUID. The server makes version 7, so that ids sort by time. */
export const Id = z.uuid().toLowerCase().meta({ description: 'UUIDv7', example: '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77' });

/** A room's id, or `world` for the room of everyone. */
export const RoomRef = z.union([Id, z.literal('world')]).meta({ description: 'Room id, or `world`' });

export const Timestamp = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds' });

export const Seq = z.int().min(0).meta({ description: 'Position in a channel: 1, 2, 3 … without holes' });

/** What people write to each other, on several lines: 1 to `max` code points, by the rule of messages. */
export function text(max: number) {
  return checkedString(1, max, (value) => findTextProblem(value, MESSAGE));
}

/** What a person or a thing is called: 1 to `max` code points on one line, by the rule of names. */
export function name(max: number) {
  return checkedString(1, max, (value) => findTextProblem(value, NAME));
}

/** What somebody looks for: anything of at most `max` code points, since nobody else sees it. */
export function query(max: number) {
  return checkedString(0, max, findBrokenText);
}

/** The length comes first and alone: no rule looks at a string that is too long, or takes longer for it. */
export function checkedString(min: number, max: number, findProblem: (value: string) => string | undefined) {
  return z
    .string()
    .superRefine((value, context) => {
      const problem = isLongerThan(value, max) ? `must have at most ${max} characters` : findProblem(value);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ minLength: min, maxLength: max });
}

/** Whether a user or a password stands before the host of an address (RFC 3986 §3.2.1): it makes one host look like another, and tells secrets. */
export function hasUserinfo(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.username !== '' || url.password !== '');
}

/** The length comes first and alone: an address is parsed, in a time that grows with it. */
export function webAddress(max: number) {
  return z
    .string()
    .max(max, { abort: true })
    .check(z.url({ protocol: /^https?$/ }))
    .refine((address) => !hasUserinfo(address), 'must not have a user or password');
}

/** An id that the client makes, unique to the sender in the channel. It identifies one intention for ever. */
export const OpId = z
  .string()
  .min(1)
  .max(64, { abort: true })
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
