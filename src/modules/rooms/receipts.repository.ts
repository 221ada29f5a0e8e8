import { Injectable } from '@nestjs/common';
import { decodeTimedCursor } from '../../platform/cursors.js';
import { Database } from '../../platform/database/database.js';
import { toPage } from '../../platform/pagination.js';
import type { Receipt } from '../../protocol/messages.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { isoSql } from './rooms.repository.js';

/** Messages after one that are looked through for who has answered it. */
const LOOK_AHEAD = 2_000;
/** Whose time of reading is not known comes last. */
const NOT_KNOWN = '0001-01-01T00:00:00.000Z';

/**
 * Receipts, read off the journal, which never changes: so a receipt never does either. A member has read a message when their position has
 * passed it since they came. When that was is the time of the first entry that moved it there: a `read`, which has an index of its own, or
 * a message of theirs, which is looked for among those that follow. Beyond these nobody can tell any more which of the two was first. Nor
 * does anybody know of reads in a large room, which are no entries (`unannounced_after`). Then the time is not known, and will not be later.
 */
@Injectable()
export class ReceiptsRepository {
  constructor(private readonly db: Database) {}

  /** Members who have read the message, the latest readers first. The sender is none. */
  async list(message: { roomId: string; seq: number }, { limit, cursor }: PageQuery): Promise<Page<Receipt>> {
    const [before, beforeId] = decodeTimedCursor(cursor);
    const rows = await this.db.rows<{ user_id: string; read_at: string | null }>(
      `WITH message AS (
         SELECT room_id, seq, sender_id, created_at FROM messages WHERE room_id = $1 AND seq = $2
       ), next AS MATERIALIZED (
         SELECT sender_id, seq, created_at FROM messages WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT ${LOOK_AHEAD}
       ), horizon AS MATERIALIZED (
         SELECT CASE WHEN count(*) < ${LOOK_AHEAD} THEN 'infinity'::float8 ELSE max(seq) END AS seq FROM next
       ), answers AS MATERIALIZED (
         SELECT DISTINCT ON (sender_id) sender_id, seq, created_at AS at FROM next ORDER BY sender_id, seq
       ), readers AS (
         SELECT m.user_id, ${isoSql('moved.at')} AS read_at
         FROM message JOIN room_members m ON m.room_id = message.room_id AND m.user_id <> message.sender_id
           AND m.left_at IS NULL AND m.joined_seq < message.seq AND m.last_read_seq >= message.seq
         CROSS JOIN horizon
         LEFT JOIN answers ON answers.sender_id = m.user_id
         LEFT JOIN LATERAL (
           SELECT seq, at FROM journal
           WHERE (m.unannounced_after IS NULL OR m.unannounced_after >= $2)
             AND channel_id = $1 AND actor_id = m.user_id AND type = 'read' AND seq > $2 AND (payload->>'lastReadSeq')::bigint >= $2
           ORDER BY seq LIMIT 1
         ) marked ON true
         LEFT JOIN LATERAL (
           SELECT greatest(at, message.created_at) AS at FROM (VALUES (answers.seq, answers.at), (marked.seq, marked.at)) AS move(seq, at)
           WHERE move.seq <= horizon.seq AND (m.unannounced_after IS NULL OR m.unannounced_after >= $2) ORDER BY move.seq LIMIT 1
         ) moved ON true
       )
       SELECT user_id, read_at FROM readers
       WHERE $3::text IS NULL OR (coalesce(read_at, '${NOT_KNOWN}'), user_id) < ($3, $4::uuid)
       ORDER BY coalesce(read_at, '${NOT_KNOWN}') DESC, user_id DESC LIMIT $5`,
      [message.roomId, message.seq, before, beforeId, limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => ({ userId: row.user_id, readAt: row.read_at }),
      (row) => [row.read_at ?? NOT_KNOWN, row.user_id],
    );
  }
}
