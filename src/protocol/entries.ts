import { z } from 'zod';
import { listOf } from './bounded.js';
import { SocketError } from './errors.js';
import { LIMITS } from './limits.js';
import { Id, Seq, Timestamp } from './primitives.js';

/** What every delivered journal entry has; its type adds fields of its own. */
export const Entry = z
  .looseObject({
    channelId: Id,
    seq: Seq,
    type: z.string(),
    actorId: Id.nullable(),
    at: Timestamp,
  })
  .meta({ id: 'Entry' });

/** An entry as it travels. */
export interface EntryView {
  channelId: string;
  seq: number;
  type: string;
  actorId: string | null;
  at: string;
  [field: string]: unknown;
}

export const Position = z.strictObject({ channelId: Id, seq: Seq });
export type Position = z.output<typeof Position>;

export const Resume = z
  .strictObject({ positions: listOf(Position, LIMITS.resumeChannels).min(1) })
  .meta({ id: 'Resume' });
export type Resume = z.output<typeof Resume>;

const CaughtUp = z.object({ channelId: Id, complete: z.literal(true), entries: z.array(Entry) });
const Reset = z.object({ channelId: Id, reset: z.literal(true), lastSeq: Seq });
const Refused = z.object({ channelId: Id, error: SocketError });

/** Per channel: everything missed, or `reset` (load the state afresh), or why not (deleted, or no longer yours). */
export const Resumed = z.array(z.union([CaughtUp, Reset, Refused])).meta({ id: 'Resumed' });
export type ResumedChannel =
  | { channelId: string; complete: true; entries: EntryView[] }
  | { channelId: string; reset: true; lastSeq: number }
  | { channelId: string; error: SocketError };

export const EntriesQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LIMITS.resumeEntries).default(200),
});
export type EntriesQuery = z.output<typeof EntriesQuery>;

export const Entries = z.union([
  z.object({ entries: z.array(Entry), complete: z.boolean() }),
  z.object({ reset: z.literal(true), lastSeq: Seq }),
]);
export type EntriesAnswer = { entries: EntryView[]; complete: boolean } | { reset: true; lastSeq: number };
