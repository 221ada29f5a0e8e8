import { Injectable } from '@nestjs/common';
import { decodeTimedCursor } from '../../platform/cursors.js';
import { Database, type Sql } from '../../platform/database/database.js';
import type { ChannelKind } from '../../journal/entry.js';
import { toPage } from '../../platform/pagination.js';
import type { DocumentMember, DocumentRole } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { rightsKey, type RightsQuestion, type VersionedRights } from '../channels/rights-cache.js';

/** What decides about a user's rights on a document. */
export interface Grant extends VersionedRights {
  readonly role: DocumentRole;
  /** Of a deleted document nothing is left but the right to restore it. */
  readonly isDeleted: boolean;
}

interface MemberRow {
  id: string;
  username: string;
  display_name: string;
  avatar_url: string | null;
  role: DocumentRole;
  created_at: Date;
  cursor_at: string;
}

@Injectable()
export class GrantsRepository {
  constructor(private readonly db: Database) {}

  /** By `rightsKey`; of those who can act. */
  async findMany(questions: readonly RightsQuestion[], sql: Sql = this.db): Promise<Map<string, Grant>> {
    const rows = await sql.rows<{ channel_id: string; user_id: string; role: DocumentRole; is_deleted: boolean; rights_version: number }>(
      `SELECT g.channel_id, g.user_id, g.role, c.deleted_at IS NOT NULL AS is_deleted, c.rights_version
       FROM unnest($1::uuid[], $2::uuid[]) AS q(channel_id, user_id)
       JOIN grants g ON g.channel_id = q.channel_id AND g.user_id = q.user_id
       JOIN channels c ON c.id = g.channel_id
       JOIN users u ON u.id = g.user_id AND u.status = 'active' AND u.deleted_at IS NULL`,
      [questions.map(({ channelId }) => channelId), questions.map(({ userId }) => userId)],
    );
    return new Map(rows.map((row) => [rightsKey(row.channel_id, row.user_id), { role: row.role, isDeleted: row.is_deleted, version: row.rights_version }]));
  }

  async findRole(tx: Sql, channelId: string, userId: string): Promise<DocumentRole | null> {
    const rows = await tx.rows<{ role: DocumentRole }>('SELECT role FROM grants WHERE channel_id = $1 AND user_id = $2', [channelId, userId]);
    return rows[0]?.role ?? null;
  }

  /** Whether both have a role on one document. */
  async haveCommonDocument(tx: Sql, userId: string, otherId: string): Promise<boolean> {
    const rows = await tx.rows(
      `SELECT 1 FROM grants a JOIN grants b ON b.channel_id = a.channel_id AND b.user_id = $2
       JOIN channels c ON c.id = a.channel_id AND c.deleted_at IS NULL WHERE a.user_id = $1 LIMIT 1`,
      [userId, otherId],
    );
    return rows.length > 0;
  }

  /** Whether somebody else than `userId` is an owner who can act: a document must never be left without one. */
  async hasOtherOwner(tx: Sql, channelId: string, userId: string | null): Promise<boolean> {
    const rows = await tx.rows(
      `SELECT 1 FROM grants g JOIN users u ON u.id = g.user_id AND u.status = 'active' AND u.deleted_at IS NULL
       WHERE g.channel_id = $1 AND g.role = 'owner' AND ($2::uuid IS NULL OR g.user_id <> $2) LIMIT 1`,
      [channelId, userId],
    );
    return rows.length > 0;
  }

  /** At most `limit` documents of the kind of which the user is an owner, who cannot act, and nobody else who can; but somebody could be. */
  async listOrphaned(kind: ChannelKind, userId: string, limit: number): Promise<string[]> {
    const rows = await this.db.rows<{ channel_id: string }>(
      `SELECT g.channel_id FROM grants g JOIN channels c ON c.id = g.channel_id AND c.deleted_at IS NULL AND c.kind = $3
       WHERE g.user_id = $1 AND g.role = 'owner'
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = $1 AND (u.status <> 'active' OR u.deleted_at IS NOT NULL))
         AND NOT EXISTS (SELECT 1 FROM grants o JOIN users u ON u.id = o.user_id AND u.status = 'active' AND u.deleted_at IS NULL
                         WHERE o.channel_id = g.channel_id AND o.role = 'owner')
         AND EXISTS (SELECT 1 FROM grants o JOIN users u ON u.id = o.user_id AND u.status = 'active' AND u.deleted_at IS NULL
                     WHERE o.channel_id = g.channel_id)
       LIMIT $2`,
      [userId, limit, kind],
    );
    return rows.map((row) => row.channel_id);
  }

  /** Who is to own the document next, and stays able to act until the end of the transaction. Null when there is nobody. */
  async findHeir(tx: Sql, channelId: string): Promise<string | null> {
    const rows = await tx.rows<{ user_id: string }>(
      `SELECT g.user_id FROM grants g JOIN users u ON u.id = g.user_id AND u.status = 'active' AND u.deleted_at IS NULL
       WHERE g.channel_id = $1 ORDER BY g.role <> 'editor', g.created_at, g.user_id LIMIT 1 FOR SHARE OF u`,
      [channelId],
    );
    return rows[0]?.user_id ?? null;
  }

  /** In the order in which they were let in. */
  async list(channelId: string, { limit, cursor }: PageQuery): Promise<Page<Omit<DocumentMember, 'online'>>> {
    const [joinedAt, userId] = decodeTimedCursor(cursor);
    const rows = await this.db.rows<MemberRow>(
      `SELECT u.id, u.username, u.display_name, u.avatar_url, g.role, g.created_at, g.created_at::text AS cursor_at
       FROM grants g JOIN users u ON u.id = g.user_id
       WHERE g.channel_id = $1 AND ($2::timestamptz IS NULL OR (g.created_at, g.user_id) > ($2, $3::uuid))
       ORDER BY g.created_at, g.user_id LIMIT $4`,
      [channelId, joinedAt, userId, limit + 1],
    );
    return toPage(rows, limit, toMember, (row) => [row.cursor_at, row.id]);
  }

  /** The first `limit` members, without who they are. */
  async listRoles(channelId: string, limit: number): Promise<{ userId: string; role: DocumentRole }[]> {
    const rows = await this.db.rows<{ user_id: string; role: DocumentRole }>('SELECT user_id, role FROM grants WHERE channel_id = $1 ORDER BY created_at LIMIT $2', [channelId, limit]);
    return rows.map((row) => ({ userId: row.user_id, role: row.role }));
  }

  async insert(tx: Sql, channelId: string, userId: string, role: DocumentRole, invitedBy: string | null): Promise<void> {
    await tx.rows('INSERT INTO grants (channel_id, user_id, role, invited_by) VALUES ($1, $2, $3, $4)', [channelId, userId, role, invitedBy]);
  }

  /** Returns the former role. */
  async setRole(tx: Sql, channelId: string, userId: string, role: DocumentRole): Promise<DocumentRole> {
    const rows = await tx.rows<{ from: DocumentRole }>(
      `UPDATE grants g SET role = $3 FROM grants former
       WHERE g.channel_id = $1 AND g.user_id = $2 AND former.channel_id = g.channel_id AND former.user_id = g.user_id RETURNING former.role AS from`,
      [channelId, userId, role],
    );
    return rows[0]!.from;
  }

  async remove(tx: Sql, channelId: string, userId: string): Promise<void> {
    await tx.rows('DELETE FROM grants WHERE channel_id = $1 AND user_id = $2', [channelId, userId]);
  }
}

function toMember(row: MemberRow): Omit<DocumentMember, 'online'> {
  return {
    user: { id: row.id, username: row.username, displayName: row.display_name, avatarUrl: row.avatar_url },
    role: row.role,
    joinedAt: row.created_at.toISOString(),
  };
}
