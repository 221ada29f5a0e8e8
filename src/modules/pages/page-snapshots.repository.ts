import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { bytesOfGzipped, gunzipText, gzipText } from '../../platform/gzipped-text.js';
import { ENTRY } from '../../protocol/events.js';
import type { Json } from './document/json-value.js';

/** A page is kept as a whole once in so many versions, besides the last snapshot. */
const CHECKPOINT_EVERY = 1_000;

export interface PageSnapshot {
  readonly pageId: string;
  readonly creatorId: string;
  readonly version: number;
  readonly schema: Json;
}

/** Whole pages in the database: the last snapshot, and the checkpoints of the past. */
@Injectable()
export class PageSnapshotsRepository {
  constructor(private readonly db: Database) {}

  /** Null when there is no such page. */
  async find(channelId: string): Promise<PageSnapshot | null> {
    const rows = await this.db.rows<{ page_id: string; creator_id: string; version: number; content: Buffer }>(
      `SELECT p.page_id, p.creator_id, p.version, p.content FROM pages p JOIN channels c ON c.id = p.channel_id
       WHERE p.channel_id = $1 AND c.deleted_at IS NULL`,
      [channelId],
    );
    if (!rows[0]) return null;
    const { page_id: pageId, creator_id: creatorId, version, content } = rows[0];
    return { pageId, creatorId, version, schema: await decode(content) };
  }

  /** The snapshot as text, which need not be understood to be passed on. */
  async findText(channelId: string): Promise<{ version: number; text: string } | null> {
    const rows = await this.db.rows<{ version: number; content: Buffer }>('SELECT version, content FROM pages WHERE channel_id = $1', [channelId]);
    return rows[0] ? { version: rows[0].version, text: await gunzipText(rows[0].content) } : null;
  }

  /** How far the journal goes beyond a snapshot, and whether anything there changes the page itself. */
  async entriesAfter(channelId: string, version: number): Promise<{ version: number; hasPatches: boolean }> {
    const rows = await this.db.rows<{ version: number; has_patches: boolean }>(
      `SELECT coalesce(max(seq), $2) AS version, coalesce(bool_or(type = '${ENTRY.opPatch}'), false) AS has_patches
       FROM journal WHERE channel_id = $1 AND seq > $2`,
      [channelId, version],
    );
    return { version: rows[0]!.version, hasPatches: rows[0]!.has_patches };
  }

  /** The latest kept version up to `version`. */
  async findBefore(channelId: string, version: number): Promise<{ version: number; schema: Json } | null> {
    const rows = await this.db.rows<{ version: number; content: Buffer }>(
      `SELECT version, content FROM (
         (SELECT version, content FROM page_checkpoints WHERE channel_id = $1 AND version <= $2 ORDER BY version DESC LIMIT 1)
         UNION ALL (SELECT version, content FROM pages WHERE channel_id = $1 AND version <= $2)
       ) kept ORDER BY version DESC LIMIT 1`,
      [channelId, version],
    );
    return rows[0] ? { version: rows[0].version, schema: await decode(rows[0].content) } : null;
  }

  /**
   * Never replaces a newer one: another node may have been faster. What it replaces is kept as a checkpoint when none is near; so the
   * first one is of version 0, and a page of which nobody changes anything is stored once.
   */
  async store(channelId: string, version: number, text: string): Promise<void> {
    const content = await gzipText(text);
    await this.db.rows(
      `WITH old AS (
         SELECT version, content FROM pages WHERE channel_id = $1
       ), stored AS (
         UPDATE pages SET content = $3, version = $2, bytes = $4 WHERE channel_id = $1 AND version < $2 RETURNING 1
       )
       INSERT INTO page_checkpoints (channel_id, version, content)
       SELECT $1, old.version, old.content FROM old, stored
       WHERE NOT EXISTS (SELECT 1 FROM page_checkpoints WHERE channel_id = $1 AND version > $2 - ${CHECKPOINT_EVERY})
       ON CONFLICT DO NOTHING`,
      [channelId, version, content, bytesOfGzipped(content)],
    );
  }
}

async function decode(content: Buffer): Promise<Json> {
  return JSON.parse(await gunzipText(content)) as Json;
}
