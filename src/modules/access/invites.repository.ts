import { Injectable } from '@nestjs/common';
import { decodeIdCursor } from '../../platform/cursors.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { toPage } from '../../platform/pagination.js';
import type { InviteKind } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { Profile } from '../../protocol/users.js';
import type { InviteRole } from './invite-targets.js';

/** For so long a link that has ended still says so. */
const KEPT_ENDED = '30 days';
const MAX_DELETED = 10_000;

export interface StoredInvite {
  readonly id: string;
  readonly kind: InviteKind;
  readonly targetId: string;
  readonly role: InviteRole;
  readonly expiresAt: Date;
  readonly maxUses: number | null;
  readonly uses: number;
  readonly createdAt: Date;
  readonly createdBy: Profile | null;
  /** Whoever made it can still act. */
  readonly isCreatorActive: boolean;
  readonly isRevoked: boolean;
  readonly hasExpired: boolean;
}

export interface NewInvite {
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly kind: InviteKind;
  readonly targetId: string;
  readonly role: InviteRole;
  readonly createdBy: string;
  readonly expiresInSeconds: number;
  readonly maxUses: number | null;
}

const INVITES = `
  SELECT i.id, i.kind, i.target_id AS "targetId", i.role, i.expires_at AS "expiresAt", i.max_uses AS "maxUses", i.uses, i.created_at AS "createdAt",
    CASE WHEN u.id IS NOT NULL THEN
      json_build_object('id', u.id, 'username', u.username, 'displayName', u.display_name, 'avatarUrl', u.avatar_url)
    END AS "createdBy",
    coalesce(u.status = 'active' AND u.deleted_at IS NULL, false) AS "isCreatorActive",
    i.revoked_at IS NOT NULL AS "isRevoked", i.expires_at <= clock_timestamp() AS "hasExpired"
  FROM invites i LEFT JOIN users u ON u.id = i.created_by`;

@Injectable()
export class InvitesRepository {
  constructor(private readonly db: Database) {}

  async insert(tx: Sql, invite: NewInvite): Promise<void> {
    await tx.rows(
      `INSERT INTO invites (id, token_hash, kind, target_id, role, created_by, expires_at, max_uses)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8)`,
      [invite.id, invite.tokenHash, invite.kind, invite.targetId, invite.role, invite.createdBy, invite.expiresInSeconds, invite.maxUses],
    );
  }

  /** Those of the user's that still open something; counting stops at `enough`. */
  async countOpen(userId: string, enough: number, tx: Sql): Promise<number> {
    const rows = await tx.rows<{ count: number }>(
      `SELECT count(*) FROM (
         SELECT 1 FROM invites WHERE created_by = $1 AND revoked_at IS NULL AND expires_at > now() AND (max_uses IS NULL OR uses < max_uses) LIMIT $2
       ) counted`,
      [userId, enough],
    );
    return rows[0]!.count;
  }

  async findByToken(tokenHash: Buffer): Promise<StoredInvite | null> {
    const rows = await this.db.rows<StoredInvite>(`${INVITES} WHERE i.token_hash = $1`, [tokenHash]);
    return rows[0] ?? null;
  }

  /** One that was not taken back. */
  async find(id: string, sql: Sql = this.db): Promise<StoredInvite | null> {
    const rows = await sql.rows<StoredInvite>(`${INVITES} WHERE i.id = $1 AND i.revoked_at IS NULL`, [id]);
    return rows[0] ?? null;
  }

  /** Those that neither expired nor were taken back, the newest first. */
  async list(kind: InviteKind, targetId: string, { limit, cursor }: PageQuery): Promise<Page<StoredInvite>> {
    const rows = await this.db.rows<StoredInvite>(
      `${INVITES} WHERE i.kind = $1 AND i.target_id = $2 AND i.revoked_at IS NULL AND i.expires_at > now() AND ($3::uuid IS NULL OR i.id < $3)
       ORDER BY i.id DESC LIMIT $4`,
      [kind, targetId, decodeIdCursor(cursor), limit + 1],
    );
    return toPage(
      rows,
      limit,
      (invite) => invite,
      ({ id }) => [id],
    );
  }

  /**
   * Counts one use; false when there is none left. The row stays locked until the transaction ends, so of many at once exactly as many
   * get through as may, and one that is rolled back was no use.
   */
  async use(tx: Sql, id: string): Promise<boolean> {
    const rows = await tx.rows(
      `UPDATE invites SET uses = uses + 1
       WHERE id = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp() AND (max_uses IS NULL OR uses < max_uses) RETURNING 1`,
      [id],
    );
    return rows.length > 0;
  }

  /** Takes back all that lead to it. */
  async revokeAll(kind: InviteKind, targetId: string, tx: Sql): Promise<void> {
    await tx.rows('UPDATE invites SET revoked_at = now() WHERE kind = $1 AND target_id = $2 AND revoked_at IS NULL', [kind, targetId]);
  }

  /** False when it was taken back before. */
  async revoke(tx: Sql, id: string): Promise<boolean> {
    const rows = await tx.rows('UPDATE invites SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING 1', [id]);
    return rows.length > 0;
  }

  /** Deletes a bounded number of those that ended long ago. Whoever follows such a link is told that there is none. */
  async deleteEnded(): Promise<void> {
    await this.db.rows(
      `DELETE FROM invites WHERE id IN (SELECT id FROM invites WHERE least(expires_at, revoked_at) < now() - interval '${KEPT_ENDED}' LIMIT ${MAX_DELETED})`,
    );
  }
}
