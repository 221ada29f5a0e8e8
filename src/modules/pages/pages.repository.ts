import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Database, type Sql, type Transaction } from '../../platform/database/database.js';
import { likePattern } from '../../platform/database/like-pattern.js';
import { decodeTimedCursor } from '../../platform/cursors.js';
import { toPage } from '../../platform/pagination.js';
import type { DocumentRole } from '../../protocol/access.js';
import type { PagesQuery, PageSummary } from '../../protocol/pages.js';
import type { Page } from '../../protocol/primitives.js';
import { identityKey } from '../users/identity-key.js';
import { PageEntity } from './page.entity.js';

interface PageRow {
  page_id: string;
  id: string;
  title: string;
  version: number;
  role: DocumentRole;
  creator_id: string;
  workspace_id: string | null;
  created_at: Date;
  updated_at: Date;
  changed_at: string;
  deleted_at: Date | null;
}

/** A user's pages; what changed last is read off the journal, which alone knows it at every moment. */
const MY_PAGES = `
  SELECT p.page_id, p.channel_id AS id, p.title, c.last_seq AS version, g.role, p.creator_id, c.workspace_id, c.created_at, c.deleted_at,
    coalesce(j.at, c.created_at) AS updated_at, coalesce(j.at, c.created_at)::text AS changed_at
  FROM grants g
  JOIN pages p ON p.channel_id = g.channel_id
  JOIN channels c ON c.id = p.channel_id
  LEFT JOIN LATERAL (SELECT at FROM journal WHERE channel_id = p.channel_id ORDER BY seq DESC LIMIT 1) j ON true
  WHERE g.user_id = $1`;

/** Pages themselves. What is on them is `PageSnapshotsRepository`'s and the journal's. */
@Injectable()
export class PagesRepository {
  constructor(
    private readonly db: Database,
    @InjectRepository(PageEntity) private readonly entities: Repository<PageEntity>,
  ) {}

  async insert(page: Omit<PageEntity, 'searchKey'>, tx: Transaction): Promise<void> {
    await tx.rows(`INSERT INTO channels (id, kind) VALUES ($1, 'page')`, [page.id]);
    await tx.manager.withRepository(this.entities).insert({ ...page, searchKey: searchKeyOf(page) });
  }

  async rename(id: string, pageId: string, title: string, tx: Transaction): Promise<void> {
    await tx.manager.withRepository(this.entities).update(id, { title, searchKey: searchKeyOf({ pageId, title }) });
  }

  async setDeleted(id: string, isDeleted: boolean, tx: Sql): Promise<void> {
    await tx.rows('UPDATE channels SET deleted_at = CASE WHEN $2 THEN now() END WHERE id = $1', [id, isDeleted]);
    await tx.rows('UPDATE pages SET counts = NOT $2 WHERE channel_id = $1', [id, isDeleted]);
  }

  /** The page's version, as the transaction sees it. */
  async versionOf(id: string, tx: Sql): Promise<number> {
    const rows = await tx.rows<{ version: number }>('SELECT last_seq AS version FROM channels WHERE id = $1', [id]);
    return rows[0]!.version;
  }

  /** Pages that the user has created, without deleted ones; counting stops at `enough`. */
  async countOf(creatorId: string, enough: number, sql: Sql): Promise<number> {
    const rows = await sql.rows<{ count: number }>('SELECT count(*) FROM (SELECT 1 FROM pages WHERE creator_id = $1 AND counts LIMIT $2) counted', [creatorId, enough]);
    return rows[0]!.count;
  }

  /** Bytes of these pages together, as they were stored last. */
  async bytesOf(creatorId: string, sql: Sql): Promise<number> {
    const rows = await sql.rows<{ bytes: number }>('SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM pages WHERE creator_id = $1 AND counts', [creatorId]);
    return rows[0]!.bytes;
  }

  /** Bytes of one page, as it was stored last. */
  async bytesOfPage(id: string, sql: Sql): Promise<number> {
    const rows = await sql.rows<{ bytes: number }>('SELECT bytes FROM pages WHERE channel_id = $1', [id]);
    return rows[0]!.bytes;
  }

  /** As the user sees it; null to strangers. */
  async findMine(userId: string, id: string): Promise<PageSummary | null> {
    const rows = await this.db.rows<PageRow>(`${MY_PAGES} AND p.channel_id = $2`, [userId, id]);
    return rows[0] ? toSummary(rows[0]) : null;
  }

  /** Pages that the user may see, the most recently changed first. */
  async listMine(userId: string, { workspaceId, creator, q, deleted, limit, cursor }: PagesQuery): Promise<Page<PageSummary>> {
    const [changedAt, id] = decodeTimedCursor(cursor);
    const rows = await this.db.rows<PageRow>(
      `SELECT * FROM (${MY_PAGES} AND (c.deleted_at IS NOT NULL) = $2 AND ($3::uuid IS NULL OR c.workspace_id = $3)
         AND ($4::uuid IS NULL OR p.creator_id = $4) AND ($5::text IS NULL OR p.search_key LIKE $5) AND (NOT $2 OR g.role = 'owner')) mine
       WHERE $6::timestamptz IS NULL OR (updated_at, id) < ($6, $7::uuid)
       ORDER BY updated_at DESC, id DESC LIMIT $8`,
      [userId, deleted, workspaceId, creator === 'me' ? userId : creator, q ? likePattern(identityKey(q)) : null, changedAt, id, limit + 1],
    );
    return toPage(rows, limit, toSummary, (row) => [row.changed_at, row.id]);
  }
}

function searchKeyOf({ pageId, title }: Pick<PageEntity, 'pageId' | 'title'>): string {
  return `${identityKey(title)}\n${identityKey(pageId)}`;
}

function toSummary(row: PageRow): PageSummary {
  return {
    pageId: row.page_id,
    id: row.id,
    title: row.title,
    version: row.version,
    role: row.role,
    creatorId: row.creator_id,
    workspaceId: row.workspace_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    deletedAt: row.deleted_at?.toISOString() ?? null,
  };
}
