import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';

/** Which page is which channel. A page keeps both names for ever. */
export interface PageNames {
  readonly id: string;
  readonly pageId: string;
}

@Injectable()
export class PageSlugsRepository {
  constructor(private readonly db: Database) {}

  async findBySlug(pageId: string): Promise<PageNames | null> {
    const rows = await this.db.rows<PageNames>('SELECT channel_id AS id, page_id AS "pageId" FROM pages WHERE page_id = $1', [pageId]);
    return rows[0] ?? null;
  }

  async findById(id: string): Promise<PageNames | null> {
    const rows = await this.db.rows<PageNames>('SELECT channel_id AS id, page_id AS "pageId" FROM pages WHERE channel_id = $1', [id]);
    return rows[0] ?? null;
  }

  /** Channels that are no pages are left out. */
  findMany(ids: readonly string[]): Promise<PageNames[]> {
    return this.db.rows<PageNames>('SELECT channel_id AS id, page_id AS "pageId" FROM pages WHERE channel_id = ANY($1::uuid[])', [ids]);
  }

  /** Null when the page is deleted, or never was. */
  async findTitle(id: string): Promise<string | null> {
    const rows = await this.db.rows<{ title: string }>(
      'SELECT p.title FROM pages p JOIN channels c ON c.id = p.channel_id WHERE p.channel_id = $1 AND c.deleted_at IS NULL',
      [id],
    );
    return rows[0]?.title ?? null;
  }
}
