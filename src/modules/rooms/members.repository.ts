import { Injectable } from '@nestjs/common';
import { decodeTimedCursor } from '../../platform/cursors.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { likePattern } from '../../platform/database/like-pattern.js';
import { nameContains, nameGrams } from '../../platform/database/name-grams.js';
import { toPage } from '../../platform/pagination.js';
import type { Page } from '../../protocol/primitives.js';
import type { Member, MembersQuery, RoomRole } from '../../protocol/rooms.js';
import { identityKey } from '../users/identity-key.js';
import { WORLD_ID } from './world.js';

/** What is stored of somebody in a room, also after they left. */
export interface MemberState {
  role: RoomRole;
  leftAt: Date | null;
  bannedUntil: Date | null;
}

interface MemberRow {
  id: string;
  username: string;
  display_name: string;
  avatar_url: string | null;
  role: RoomRole;
  joined_at: Date;
  muted_until: Date | null;
  last_read_seq: number;
}

@Injectable()
export class MembersRepository {
  constructor(private readonly db: Database) {}

  async find(tx: Sql, roomId: string, userId: string): Promise<MemberState | null> {
    const rows = await tx.rows<{ role: RoomRole; left_at: Date | null; banned_until: Date | null }>(
      'SELECT role, left_at, banned_until FROM room_members WHERE room_id = $1 AND user_id = $2',
      [roomId, userId],
    );
    const row = rows[0];
    return row ? { role: row.role, leftAt: row.left_at, bannedUntil: row.banned_until } : null;
  }

  /** Members, or those whose names contain `q`, in the order in which they joined. */
  async list(roomId: string, { q, limit, cursor }: MembersQuery): Promise<Page<Omit<Member, 'online'>>> {
    const [joinedAt, userId] = decodeTimedCursor(cursor);
    const part = identityKey(q ?? '');
    const rows = await this.db.rows<MemberRow & { cursor_at: string }>(
      `SELECT u.id, u.username, u.display_name, u.avatar_url, m.role, m.joined_at, m.muted_until, m.last_read_seq, m.joined_at::text AS cursor_at
       FROM room_members m JOIN users u ON u.id = m.user_id
       WHERE m.room_id = $1 AND m.left_at IS NULL AND ($2::timestamptz IS NULL OR (m.joined_at, m.user_id) > ($2, $3::uuid))
         AND ($5::text IS NULL OR ${nameContains('u.', '$5', '$6')})
       ORDER BY m.joined_at, m.user_id LIMIT $4`,
      [roomId, joinedAt, userId, limit + 1, part === '' ? null : likePattern(part), nameGrams(part)],
    );
    return toPage(rows, limit, toMember, (row) => [row.cursor_at, row.id]);
  }

  /** Whether both are members of one room, other than the world. */
  async haveCommonRoom(tx: Sql, userId: string, otherId: string): Promise<boolean> {
    const rows = await tx.rows(
      `SELECT 1 FROM room_members a JOIN room_members b ON b.room_id = a.room_id AND b.user_id = $2 AND b.left_at IS NULL
       JOIN channels c ON c.id = a.room_id AND c.deleted_at IS NULL
       WHERE a.user_id = $1 AND a.left_at IS NULL AND a.room_id <> $3 LIMIT 1`,
      [userId, otherId, WORLD_ID],
    );
    return rows.length > 0;
  }

  async count(tx: Sql, roomId: string): Promise<number> {
    const rows = await tx.rows<{ member_count: number }>('SELECT member_count FROM rooms WHERE channel_id = $1', [roomId]);
    return rows[0]!.member_count;
  }

  /** At most `limit` rooms that the user owns, who cannot act, and in which somebody else can. */
  async listOrphaned(userId: string, limit: number): Promise<string[]> {
    const rows = await this.db.rows<{ room_id: string }>(
      `SELECT m.room_id FROM room_members m JOIN channels c ON c.id = m.room_id AND c.deleted_at IS NULL
       WHERE m.user_id = $1 AND m.role = 'owner' AND m.left_at IS NULL
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = $1 AND (u.status <> 'active' OR u.deleted_at IS NOT NULL))
         AND EXISTS (SELECT 1 FROM room_members o JOIN users u ON u.id = o.user_id AND u.status = 'active' AND u.deleted_at IS NULL
                     WHERE o.room_id = m.room_id AND o.left_at IS NULL)
       LIMIT $2`,
      [userId, limit],
    );
    return rows.map((row) => row.room_id);
  }

  /** Null when the owner can act. */
  async findInactiveOwner(tx: Sql, roomId: string): Promise<string | null> {
    const rows = await tx.rows<{ user_id: string }>(
      `SELECT m.user_id FROM room_members m JOIN users u ON u.id = m.user_id AND (u.status <> 'active' OR u.deleted_at IS NOT NULL)
       WHERE m.room_id = $1 AND m.role = 'owner' AND m.left_at IS NULL`,
      [roomId],
    );
    return rows[0]?.user_id ?? null;
  }

  /** Who is to own the room next, and stays able to act until the end of the transaction. Null when there is nobody. */
  async findHeir(tx: Sql, roomId: string): Promise<string | null> {
    const rows = await tx.rows<{ user_id: string }>(
      `SELECT m.user_id FROM room_members m JOIN users u ON u.id = m.user_id AND u.status = 'active' AND u.deleted_at IS NULL
       WHERE m.room_id = $1 AND m.left_at IS NULL
       ORDER BY coalesce(m.muted_until > now(), false), m.role <> 'admin', m.joined_at, m.user_id LIMIT 1 FOR SHARE OF u`,
      [roomId],
    );
    return rows[0]?.user_id ?? null;
  }

  /** A new member has nothing unread. */
  async add(tx: Sql, roomId: string, userId: string, role: RoomRole): Promise<void> {
    await tx.rows(
      `INSERT INTO room_members (room_id, user_id, role, joined_seq, last_read_seq, last_read_ordinal)
       SELECT id, $2, $3, last_seq, last_seq, last_ordinal FROM channels WHERE id = $1
       ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role, joined_at = now(), left_at = NULL, banned_until = NULL,
         joined_seq = excluded.joined_seq, last_read_seq = excluded.last_read_seq, last_read_ordinal = excluded.last_read_ordinal`,
      [roomId, userId, role],
    );
    await tx.rows('UPDATE rooms SET member_count = member_count + 1 WHERE channel_id = $1', [roomId]);
  }

  async remove(tx: Sql, roomId: string, userId: string): Promise<void> {
    await tx.rows('UPDATE room_members SET left_at = now() WHERE room_id = $1 AND user_id = $2', [roomId, userId]);
    await tx.rows('UPDATE rooms SET member_count = member_count - 1 WHERE channel_id = $1', [roomId]);
  }

  /** Returns the former role, and until when the member is muted. */
  async setRole(tx: Sql, roomId: string, userId: string, role: RoomRole): Promise<{ from: RoomRole; mutedUntil: string | null }> {
    const rows = await tx.rows<{ from: RoomRole; muted_until: Date | null }>(
      `UPDATE room_members m SET role = $3 FROM room_members former
       WHERE m.room_id = $1 AND m.user_id = $2 AND former.room_id = m.room_id AND former.user_id = m.user_id RETURNING former.role AS from, m.muted_until`,
      [roomId, userId, role],
    );
    return { from: rows[0]!.from, mutedUntil: rows[0]!.muted_until?.toISOString() ?? null };
  }

  async setMute(tx: Sql, roomId: string, userId: string, until: string | null): Promise<void> {
    await tx.rows('UPDATE room_members SET muted_until = $3 WHERE room_id = $1 AND user_id = $2', [roomId, userId, until]);
  }

  /** False when there is no such user. */
  async setBan(tx: Sql, roomId: string, userId: string, until: string | null): Promise<boolean> {
    const rows = await tx.rows(
      `INSERT INTO room_members (room_id, user_id, role, left_at, banned_until)
       SELECT $1, id, 'member', now(), $3 FROM users WHERE id = $2 AND deleted_at IS NULL
       ON CONFLICT (room_id, user_id) DO UPDATE SET banned_until = excluded.banned_until RETURNING 1`,
      [roomId, userId, until],
    );
    return rows.length > 0;
  }
}

function toMember(row: MemberRow): Omit<Member, 'online'> {
  return {
    user: { id: row.id, username: row.username, displayName: row.display_name, avatarUrl: row.avatar_url },
    role: row.role,
    joinedAt: row.joined_at.toISOString(),
    mutedUntil: row.muted_until?.toISOString() ?? null,
    lastReadSeq: row.last_read_seq,
  };
}
