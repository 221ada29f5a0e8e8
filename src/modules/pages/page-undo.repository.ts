import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { ENTRY } from '../../protocol/events.js';
import type { Operation } from './document/json-document.js';
import type { PastEdit } from './page-undo-log.js';

/** The edits of a page, and what takes each of them back. */
@Injectable()
export class PageUndoRepository {
  constructor(private readonly db: Database) {}

  /** Edits among the last `lookBack` entries of the page, the newest first; and the version after which they begin. */
  async listRecent(channelId: string, lookBack: number): Promise<{ edits: PastEdit[]; after: number }> {
    const channels = await this.db.rows<{ last_seq: number }>('SELECT last_seq FROM channels WHERE id = $1', [channelId]);
    const after = Math.max(0, (channels[0]?.last_seq ?? 0) - lookBack);
    const rows = await this.db.rows<{ version: number; actor_id: string; at: Date; undoes: number | null }>(
      `SELECT seq AS version, actor_id, at, (payload ->> 'undoes')::bigint AS undoes
       FROM journal WHERE channel_id = $1 AND seq > $2 AND type = '${ENTRY.opPatch}' ORDER BY seq DESC`,
      [channelId, after],
    );
    return { edits: rows.map(({ version, actor_id: actorId, at, undoes }) => ({ version, actorId, at: at.getTime(), undoes })), after };
  }

  /** Edits of one person in a time, up to version `upTo`, the newest first. */
  async listVersions(channelId: string, actorId: string, since: Date, until: Date, upTo: number, limit: number): Promise<number[]> {
    const rows = await this.db.rows<{ version: number }>(
      `SELECT seq AS version FROM journal
       WHERE channel_id = $1 AND seq <= $5 AND type = '${ENTRY.opPatch}' AND actor_id = $2 AND at BETWEEN $3 AND $4 ORDER BY seq DESC LIMIT $6`,
      [channelId, actorId, since, until, upTo, limit],
    );
    return rows.map(({ version }) => version);
  }

  /** The patch that takes back what this version has changed. */
  async findInverse(channelId: string, version: number): Promise<Operation[]> {
    const rows = await this.db.rows<{ bytes: Buffer | null }>('SELECT bytes FROM journal WHERE channel_id = $1 AND seq = $2', [channelId, version]);
    const bytes = rows[0]?.bytes;
    return bytes ? (JSON.parse(bytes.toString()) as Operation[]) : [];
  }
}
