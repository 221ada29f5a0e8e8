import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { decodeIdCursor, decodeTimedCursor } from '../../platform/cursors.js';
import { Database, type Sql, type Transaction } from '../../platform/database/database.js';
import { likePattern } from '../../platform/database/like-pattern.js';
import { toPage } from '../../platform/pagination.js';
import type { Message } from '../../protocol/messages.js';
import type { Page } from '../../protocol/primitives.js';
import type { DiscoverQuery, MyRoom, Room, RoomRole } from '../../protocol/rooms.js';
import type { Profile } from '../../protocol/users.js';
import { identityKey } from '../users/identity-key.js';
import { RoomEntity } from './room.entity.js';
import { WORLD_ID } from './world.js';

interface RoomRow {
  id: string;
  kind: Room['kind'];
  name: string | null;
  is_private: boolean;
  has_password: boolean;
  owner_id: string | null;
  workspace_id: string | null;
  max_members: number | null;
  member_count: number;
  last_seq: number;
  created_at: Date;
}

interface MyRoomRow extends RoomRow {
  role: RoomRole;
  last_read_seq: number;
  unread: number;
  muted_until: Date | null;
  last_message: Message | null;
  peer: Profile | null;
  active_at: string;
}

/** Bytes of the last messages in one page of a list. */
const MAX_LIST_BYTES = 1_000_000;

const ROOM_COLUMNS = `r.channel_id AS id, r.kind, r.name, r.is_private, r.password_hash IS NOT NULL AS has_password, r.owner_id,
  c.workspace_id, r.max_members, r.member_count, c.last_seq, c.created_at`;

/** A timestamp as the API writes it, made by PostgreSQL inside JSON. */
export const isoSql = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A row of `messages` (alias `m`) as a `Message`. */
export const messageJson = (m: string) => `json_build_object('id', ${m}.id, 'roomId', ${m}.room_id, 'seq', ${m}.seq, 'senderId', ${m}.sender_id,
  'type', ${m}.type, 'content', ${m}.content, 'replyTo', ${m}.reply_to, 'clientMsgId', ${m}.client_msg_id,
  'createdAt', ${isoSql(`${m}.created_at`)}, 'editedAt', ${isoSql(`${m}.edited_at`)}, 'deletedAt', ${isoSql(`${m}.deleted_at`)})`;

/**
 * A user's rooms, with the last message and the unread count, in one query. Unread = counted messages after the read position, less the
 * deleted ones among them (few, and indexed).
 */
const MY_ROOMS = `
  SELECT ${ROOM_COLUMNS}, coalesce(m.role, 'member') AS role, coalesce(m.last_read_seq, 0) AS last_read_seq, m.muted_until,
    CASE WHEN m.user_id IS NULL THEN 0 ELSE c.last_ordinal - m.last_read_ordinal - (
      SELECT count(*) FROM messages d WHERE d.room_id = r.channel_id AND d.ordinal > m.last_read_ordinal AND d.deleted_at IS NOT NULL
    ) END AS unread,
    last.message AS last_message, last.bytes AS message_bytes, peer.profile AS peer, ${isoSql('coalesce(last.created_at, c.created_at)')} AS active_at
  FROM rooms r
  JOIN channels c ON c.id = r.channel_id AND c.deleted_at IS NULL
  LEFT JOIN room_members m ON m.room_id = r.channel_id AND m.user_id = $1
  LEFT JOIN LATERAL (
    SELECT ${messageJson('x')} AS message, x.created_at, coalesce(octet_length(x.content), 0) AS bytes FROM messages x WHERE x.room_id = r.channel_id ORDER BY x.seq DESC LIMIT 1
  ) last ON true
  LEFT JOIN LATERAL (
    SELECT json_build_object('id', u.id, 'username', u.username, 'displayName', u.display_name, 'avatarUrl', u.avatar_url) AS profile
    FROM room_members o JOIN users u ON u.id = o.user_id WHERE r.kind = 'direct' AND o.room_id = r.channel_id AND o.user_id <> $1 LIMIT 1
  ) peer ON true`;

/** The two users of a direct room, in order. */
export function directKeyOf(userId: string, peerId: string): string {
  return [userId, peerId].sort().join(':');
}

@Injectable()
export class RoomsRepository {
  constructor(
    private readonly db: Database,
    @InjectRepository(RoomEntity) private readonly entities: Repository<RoomEntity>,
  ) {}

  async insert(room: Partial<RoomEntity>, tx: Transaction): Promise<void> {
    await tx.manager.withRepository(this.entities).insert(withKey(room));
  }

  async update(roomId: string, change: Partial<RoomEntity>, tx: Transaction): Promise<void> {
    await tx.manager.withRepository(this.entities).update(roomId, withKey(change));
  }

  async find(roomId: string, sql: Sql = this.db): Promise<(Room & { passwordHash: string | null }) | null> {
    const rows = await sql.rows<RoomRow & { password_hash: string | null }>(
      `SELECT ${ROOM_COLUMNS}, r.password_hash FROM rooms r JOIN channels c ON c.id = r.channel_id
       WHERE r.channel_id = $1 AND c.deleted_at IS NULL`,
      [roomId],
    );
    const row = rows[0];
    return row ? { ...toRoom(row), passwordHash: row.password_hash } : null;
  }

  async findMine(roomId: string, userId: string): Promise<MyRoom | null> {
    const rows = await this.db.rows<MyRoomRow>(`${MY_ROOMS} WHERE r.channel_id = $2`, [userId, roomId]);
    return rows[0] ? toMyRoom(rows[0]) : null;
  }

  /** Rooms that the user is a member of, the most recently active first; fewer than `limit` where their last messages are long. */
  async listMine(userId: string, limit: number, cursor: string | undefined): Promise<Page<MyRoom>> {
    const [activeAt, id] = decodeTimedCursor(cursor);
    const rows = await this.db.rows<MyRoomRow & { total: number }>(
      `SELECT * FROM (
         SELECT *, count(*) OVER () AS total, sum(coalesce(message_bytes, 0)) OVER (ORDER BY active_at DESC, id DESC) - coalesce(message_bytes, 0) AS bytes_before
         FROM (
           SELECT * FROM (${MY_ROOMS} WHERE m.user_id IS NOT NULL AND m.left_at IS NULL
             AND r.channel_id IN (SELECT room_id FROM room_members WHERE user_id = $1 AND left_at IS NULL)) mine
           WHERE $3::text IS NULL OR (active_at, id) < ($3, $4::uuid)
           ORDER BY active_at DESC, id DESC LIMIT $2
         ) page
       ) measured WHERE bytes_before < ${MAX_LIST_BYTES} ORDER BY active_at DESC, id DESC`,
      [userId, limit + 1, activeAt, id],
    );
    return toPage(rows, limit, toMyRoom, (row) => [row.active_at, row.id], rows[0]?.total);
  }

  /** Public groups, the newest first. */
  async discover({ q, limit, cursor }: DiscoverQuery): Promise<Page<Room>> {
    const before = decodeIdCursor(cursor);
    const pattern = q ? likePattern(identityKey(q)) : null;
    const rows = await this.db.rows<RoomRow>(
      `SELECT ${ROOM_COLUMNS} FROM rooms r JOIN channels c ON c.id = r.channel_id
       WHERE r.kind = 'group' AND NOT r.is_private AND c.deleted_at IS NULL
         AND ($1::uuid IS NULL OR r.channel_id < $1) AND ($2::text IS NULL OR r.name_key LIKE $2)
       ORDER BY r.channel_id DESC LIMIT $3`,
      [before, pattern, limit + 1],
    );
    return toPage(rows, limit, toRoom, (row) => [row.id]);
  }

  /** Everyone belongs to the world; the row that holds one's read position is made when it is first needed. */
  async ensureWorldMember(userId: string): Promise<void> {
    await this.db.rows(
      `WITH joined AS (
         INSERT INTO room_members (room_id, user_id, role, joined_seq, last_read_seq, last_read_ordinal)
         SELECT id, $2, 'member', last_seq, last_seq, last_ordinal FROM channels WHERE id = $1
         ON CONFLICT DO NOTHING RETURNING 1
       )
       UPDATE rooms SET member_count = member_count + 1 WHERE channel_id = $1 AND EXISTS (SELECT 1 FROM joined)`,
      [WORLD_ID, userId],
    );
  }

  /** Rooms that the user owns, and has made or been given; counting stops at `enough`. */
  async countOwned(userId: string, countsAs: 'made' | 'received', enough: number, tx: Sql): Promise<number> {
    const rows = await tx.rows<{ count: number }>('SELECT count(*) FROM (SELECT 1 FROM rooms WHERE owner_id = $1 AND counts_as = $2 LIMIT $3) counted', [userId, countsAs, enough]);
    return rows[0]!.count;
  }

  /** Gives the room to another owner, for whom it counts from now on. */
  async setOwner(roomId: string, ownerId: string, tx: Sql): Promise<void> {
    await tx.rows(`UPDATE rooms SET owner_id = $2, counts_as = 'received' WHERE channel_id = $1`, [roomId, ownerId]);
  }

  /** The room stays for those who must keep records. */
  async markDeleted(roomId: string, tx: Sql): Promise<void> {
    await tx.rows('UPDATE channels SET deleted_at = now() WHERE id = $1', [roomId]);
    await tx.rows('UPDATE rooms SET counts_as = NULL WHERE channel_id = $1', [roomId]);
  }

  async findDirect(directKey: string): Promise<string | null> {
    const rows = await this.db.rows<{ channel_id: string }>('SELECT channel_id FROM rooms WHERE direct_key = $1', [directKey]);
    return rows[0]?.channel_id ?? null;
  }
}

function toRoom(row: RoomRow): Room {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    isPrivate: row.is_private,
    hasPassword: row.has_password,
    ownerId: row.owner_id,
    workspaceId: row.workspace_id,
    maxMembers: row.max_members,
    memberCount: row.member_count,
    lastSeq: row.last_seq,
    createdAt: row.created_at.toISOString(),
  };
}

function toMyRoom(row: MyRoomRow): MyRoom {
  return {
    ...toRoom(row),
    role: row.role,
    peer: row.peer,
    lastReadSeq: row.last_read_seq,
    unread: row.unread,
    mutedUntil: row.muted_until?.toISOString() ?? null,
    lastMessage: row.last_message,
  };
}

function withKey(room: Partial<RoomEntity>): Partial<RoomEntity> {
  return typeof room.name === 'string' ? { ...room, nameKey: identityKey(room.name) } : room;
}
