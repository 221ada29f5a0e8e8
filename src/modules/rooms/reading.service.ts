import { Injectable } from '@nestjs/common';
import { Journal } from '../../journal/journal.js';
import { Database } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import { ENTRY, SERVER_EVENTS } from '../../protocol/events.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Receipt } from '../../protocol/messages.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { ReadState } from '../../protocol/rooms.js';
import { Memberships, type RoomPermit } from './memberships.js';
import { ReceiptsRepository } from './receipts.repository.js';
import { RoomsRepository } from './rooms.repository.js';
import { WORLD_ID } from './world.js';

interface Reached {
  seq: number;
  ordinal: number;
  read_seq: number;
  member_count: number;
}

/** Who has read what. Positions only move forwards. */
@Injectable()
export class ReadingService {
  constructor(
    private readonly memberships: Memberships,
    private readonly rooms: RoomsRepository,
    private readonly readers: ReceiptsRepository,
    private readonly journal: Journal,
    private readonly db: Database,
    private readonly realtime: Realtime,
  ) {
    journal.registerProjection({
      name: 'reads',
      columns: { read_seq: 'bigint', read_ordinal: 'bigint' },
      sql: `UPDATE room_members m SET last_read_seq = GREATEST(m.last_read_seq, r.seq), last_read_ordinal = GREATEST(m.last_read_ordinal, r.ordinal)
            FROM (SELECT channel_id, actor_id, max(read_seq) AS seq, max(read_ordinal) AS ordinal
                  FROM placed WHERE read_seq IS NOT NULL GROUP BY channel_id, actor_id ORDER BY channel_id, actor_id) r
            WHERE m.room_id = r.channel_id AND m.user_id = r.actor_id`,
    });
    journal.registerProjection({
      // Sending a message implies that the sender has read everything before it; and one's own messages are never unread.
      name: 'sender_reads',
      columns: {},
      sql: `UPDATE room_members m SET last_read_seq = GREATEST(m.last_read_seq, s.seq), last_read_ordinal = GREATEST(m.last_read_ordinal, s.ordinal)
            FROM (SELECT channel_id, actor_id, max(seq) AS seq, max(ordinal) AS ordinal
                  FROM placed WHERE counted GROUP BY channel_id, actor_id ORDER BY channel_id, actor_id) s
            WHERE m.room_id = s.channel_id AND m.user_id = s.actor_id`,
    });
  }

  /** Everything up to `seq` is read. In a large room the others are not told, only one's own devices. */
  async markRead(roomId: string, userId: string, seq: number): Promise<ReadState> {
    const permit = await this.memberships.require(roomId, userId, 'room:read');
    // Without its row the position would have nowhere to stay.
    if (roomId === WORLD_ID) await this.rooms.ensureWorldMember(userId);
    const reached = await this.find(roomId, userId, seq);
    if (reached.seq > reached.read_seq) {
      if (reached.member_count <= LIMITS.announcedReaders) await this.announce(roomId, userId, permit, reached);
      else await this.store(roomId, userId, reached);
    }
    return this.stateOf(roomId, userId);
  }

  /** Where the user stands. */
  async get(roomId: string, userId: string): Promise<ReadState> {
    await this.memberships.require(roomId, userId, 'room:read');
    return this.stateOf(roomId, userId);
  }

  /** Members who have read the message, the latest readers first. */
  async receipts(roomId: string, userId: string, seq: number, query: PageQuery): Promise<Page<Receipt>> {
    await this.memberships.require(roomId, userId, 'room:read');
    const message = await this.db.rows('SELECT 1 FROM messages WHERE room_id = $1 AND seq = $2', [roomId, seq]);
    if (message.length === 0) throw new AppError('MESSAGE_NOT_FOUND');
    return this.readers.list({ roomId, seq }, query);
  }

  /** The last message at or before `seq`, and where the user stands. */
  private async find(roomId: string, userId: string, seq: number): Promise<Reached> {
    const rows = await this.db.rows<Reached>(
      `SELECT coalesce(x.seq, 0) AS seq, coalesce(x.ordinal, 0) AS ordinal, coalesce(m.last_read_seq, 0) AS read_seq, r.member_count
       FROM rooms r
       LEFT JOIN room_members m ON m.room_id = r.channel_id AND m.user_id = $2
       LEFT JOIN LATERAL (SELECT seq, ordinal FROM messages WHERE room_id = r.channel_id AND seq <= $3 ORDER BY seq DESC LIMIT 1) x ON true
       WHERE r.channel_id = $1`,
      [roomId, userId, seq],
    );
    if (!rows[0]) throw new AppError('ROOM_NOT_FOUND');
    return rows[0];
  }

  private async announce(roomId: string, userId: string, permit: RoomPermit, { seq, ordinal }: Reached): Promise<void> {
    await this.journal.append({
      kind: 'room',
      channelId: roomId,
      type: ENTRY.read,
      actorId: userId,
      permit,
      payload: { roomId, userId, lastReadSeq: seq },
      row: { read_seq: seq, read_ordinal: ordinal },
    });
  }

  private async store(roomId: string, userId: string, { seq, ordinal }: Reached): Promise<void> {
    await this.db.rows(
      `UPDATE room_members SET last_read_seq = GREATEST(last_read_seq, $3), last_read_ordinal = GREATEST(last_read_ordinal, $4),
         unannounced_after = coalesce(unannounced_after, last_read_seq)
       WHERE room_id = $1 AND user_id = $2 AND left_at IS NULL`,
      [roomId, userId, seq, ordinal],
    );
    const at = new Date().toISOString();
    this.realtime.emitToUser(userId, SERVER_EVENTS.read, { channelId: roomId, type: ENTRY.read, actorId: userId, at, roomId, userId, lastReadSeq: seq });
  }

  private async stateOf(roomId: string, userId: string): Promise<ReadState> {
    const rows = await this.db.rows<{ last_read_seq: number; unread: number }>(
      `SELECT m.last_read_seq, c.last_ordinal - m.last_read_ordinal - (
         SELECT count(*) FROM messages d WHERE d.room_id = c.id AND d.ordinal > m.last_read_ordinal AND d.deleted_at IS NOT NULL
       ) AS unread
       FROM room_members m JOIN channels c ON c.id = m.room_id WHERE m.room_id = $1 AND m.user_id = $2`,
      [roomId, userId],
    );
    return { lastReadSeq: rows[0]?.last_read_seq ?? 0, unread: rows[0]?.unread ?? 0 };
  }
}
