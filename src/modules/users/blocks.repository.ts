import { Injectable } from '@nestjs/common';
import { decodeTimedCursor } from '../../platform/cursors.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { toPage } from '../../platform/pagination.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { Block, WhoMayAdd } from '../../protocol/users.js';

interface BlockRow {
  id: string;
  username: string;
  display_name: string;
  avatar_url: string | null;
  created_at: Date;
  cursor_at: string;
}

const COLUMNS = 'u.id, u.username, u.display_name, u.avatar_url, b.created_at, b.created_at::text AS cursor_at';

/** The SQL of blocks. */
@Injectable()
export class BlocksRepository {
  constructor(private readonly db: Database) {}

  /** The last blocked first. */
  async list(userId: string, { limit, cursor }: PageQuery): Promise<Page<Block>> {
    const [createdAt, blockedId] = decodeTimedCursor(cursor);
    const rows = await this.db.rows<BlockRow>(
      `SELECT ${COLUMNS} FROM user_blocks b JOIN users u ON u.id = b.blocked_id
       WHERE b.user_id = $1 AND ($2::timestamptz IS NULL OR (b.created_at, b.blocked_id) < ($2, $3::uuid))
       ORDER BY b.created_at DESC, b.blocked_id DESC LIMIT $4`,
      [userId, createdAt, blockedId, limit + 1],
    );
    return toPage(rows, limit, toBlock, (row) => [row.cursor_at, row.id]);
  }

  async find(userId: string, blockedId: string): Promise<Block | undefined> {
    const rows = await this.db.rows<BlockRow>(
      `SELECT ${COLUMNS} FROM user_blocks b JOIN users u ON u.id = b.blocked_id WHERE b.user_id = $1 AND b.blocked_id = $2`,
      [userId, blockedId],
    );
    return rows[0] && toBlock(rows[0]);
  }

  async count(userId: string, tx: Sql): Promise<number> {
    const rows = await tx.rows<{ count: number }>('SELECT count(*)::int AS count FROM user_blocks WHERE user_id = $1', [userId]);
    return rows[0]!.count;
  }

  async has(userId: string, blockedId: string, tx: Sql): Promise<boolean> {
    const rows = await tx.rows('SELECT 1 FROM user_blocks WHERE user_id = $1 AND blocked_id = $2', [userId, blockedId]);
    return rows.length > 0;
  }

  async insert(userId: string, blockedId: string, tx: Sql): Promise<void> {
    await tx.rows('INSERT INTO user_blocks (user_id, blocked_id) VALUES ($1, $2)', [userId, blockedId]);
  }

  /** False when there was none. */
  async remove(userId: string, blockedId: string, tx: Sql): Promise<boolean> {
    const rows = await tx.rows('DELETE FROM user_blocks WHERE user_id = $1 AND blocked_id = $2 RETURNING 1', [userId, blockedId]);
    return rows.length > 0;
  }

  /** Until the end of the transaction nobody else changes whom the user blocks, or who may add them. */
  async lockOwner(userId: string, tx: Sql): Promise<void> {
    await tx.rows('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  }

  /** As `lockOwner`, for those who only look: they do not wait for each other. Undefined when there is nobody who can act. */
  async lockWhoMayAdd(userId: string, tx: Sql): Promise<WhoMayAdd | undefined> {
    const rows = await tx.rows<{ who: WhoMayAdd }>(
      `SELECT who_may_add AS who FROM users WHERE id = $1 AND status = 'active' AND deleted_at IS NULL FOR SHARE`,
      [userId],
    );
    return rows[0]?.who;
  }
}

function toBlock(row: BlockRow): Block {
  const user = { id: row.id, username: row.username, displayName: row.display_name, avatarUrl: row.avatar_url };
  return { user, blockedAt: row.created_at.toISOString() };
}
