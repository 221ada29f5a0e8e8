import { Injectable } from '@nestjs/common';
import { decodeSeqCursor } from '../../platform/cursors.js';
import { Database } from '../../platform/database/database.js';
import { encodeCursor } from '../../platform/pagination.js';
import type { PageChange } from '../../protocol/pages.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';

/** Bytes of one answer, about: a patch that replaces a whole page may have megabytes. Beyond, the answer ends early. */
const MAX_BYTES = 1_000_000;

interface ChangeRow {
  seq: number;
  type: string;
  actor_id: string | null;
  at: Date;
  payload: Partial<PageChange> | null;
}

/** The journal of a page, as people read it. */
@Injectable()
export class PageHistoryRepository {
  constructor(private readonly db: Database) {}

  /** The newest first. Of large changes there may be fewer in an answer than were asked for. */
  async list(channelId: string, { limit, cursor }: PageQuery): Promise<Page<PageChange>> {
    const before = decodeSeqCursor(cursor) ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.db.rows<ChangeRow>(
      `SELECT seq, type, actor_id, at, payload FROM (
         SELECT *, sum(coalesce(pg_column_size(payload), 0)) OVER (ORDER BY seq DESC) - coalesce(pg_column_size(payload), 0) AS bytes_before
         FROM (SELECT seq, type, actor_id, at, payload FROM journal WHERE channel_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) newest
       ) measured WHERE bytes_before < ${MAX_BYTES} ORDER BY seq DESC`,
      [channelId, before, limit],
    );
    const last = rows.at(-1);
    // Seqs have no holes: before any but the first there is another one.
    return { items: rows.map(toChange), nextCursor: last && last.seq > 1 ? encodeCursor([String(last.seq)]) : null };
  }
}

function toChange({ seq, type, actor_id: actorId, at, payload }: ChangeRow): PageChange {
  const { patches, base, undoes, repairs, title, deleted, userId, role, reason } = payload ?? {};
  // What is undefined is left out of the JSON.
  return { version: seq, type, actorId, at: at.toISOString(), patches, base, undoes, repairs, title, deleted, userId, role, reason };
}
