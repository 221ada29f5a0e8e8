import { Injectable } from '@nestjs/common';
import type { EntryView, Position } from '../protocol/entries.js';
import { Database } from '../platform/database/database.js';

interface EntryRow {
  channel_id: string;
  seq: number;
  type: string;
  actor_id: string | null;
  payload: Record<string, unknown> | null;
  at: Date;
}

/** Payloads of one channel in one read, about: a thousand entries may be a thousand whole pages. */
const MAX_READ_BYTES = 2_000_000;

/** Restores the fields of entries whose state lives in a module's rows. It changes the views in place. */
export type Hydrate = (entries: EntryView[]) => Promise<void>;

/** Reads the journal. Entries come complete: what a module keeps in its own rows is filled in. */
@Injectable()
export class JournalRepository {
  private readonly hydrators = new Map<string, Hydrate>();

  constructor(private readonly db: Database) {}

  /** Entries of these types are handed to `hydrate` after every read. */
  registerHydrator(types: readonly string[], hydrate: Hydrate): void {
    for (const type of types) this.hydrators.set(type, hydrate);
  }

  /**
   * For each position, at most `limit` entries after it, ascending by channel and seq; fewer where they are large. `hasMore` are the
   * channels of which there are, or may be, more.
   */
  async readAfter(positions: readonly Position[], limit: number): Promise<{ entries: Map<string, EntryView[]>; hasMore: Set<string> }> {
    const rows = await this.db.rows<EntryRow & { bytes_so_far: number }>(
      `SELECT j.channel_id, j.seq, j.type, j.actor_id, j.payload, j.at, j.bytes_so_far
       FROM unnest($1::uuid[], $2::bigint[]) AS p(channel_id, seq)
       CROSS JOIN LATERAL (
         SELECT *, sum(coalesce(pg_column_size(payload), 0)) OVER (ORDER BY seq) AS bytes_so_far
         FROM (SELECT * FROM journal WHERE channel_id = p.channel_id AND seq > p.seq ORDER BY seq LIMIT $3) first
       ) j WHERE j.bytes_so_far - coalesce(pg_column_size(j.payload), 0) < $4 ORDER BY j.channel_id, j.seq`,
      [positions.map((p) => p.channelId), positions.map((p) => p.seq), limit, MAX_READ_BYTES],
    );
    const views = rows.map(toEntryView);
    await this.hydrate(views);
    const entries = new Map<string, EntryView[]>(positions.map((p) => [p.channelId, []]));
    for (const view of views) entries.get(view.channelId)!.push(view);
    const hasMore = new Set(rows.filter((row) => row.bytes_so_far >= MAX_READ_BYTES).map((row) => row.channel_id));
    for (const [channelId, { length }] of entries) if (length === limit) hasMore.add(channelId);
    return { entries, hasMore };
  }

  /** Entries after `after` up to `upTo`, each with its bytes, which clients do not get. */
  async readWithBytes(channelId: string, after: number, upTo: number): Promise<(EntryView & { bytes: Buffer | null })[]> {
    const rows = await this.db.rows<EntryRow & { bytes: Buffer | null }>(
      'SELECT channel_id, seq, type, actor_id, payload, at, bytes FROM journal WHERE channel_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq',
      [channelId, after, upTo],
    );
    return rows.map((row) => ({ ...toEntryView(row), bytes: row.bytes }));
  }

  /** The entry that was committed under this id; null when none was. */
  async findOperation(channelId: string, actorId: string, opId: string): Promise<(EntryView & { fingerprint: number | null }) | null> {
    const rows = await this.db.rows<EntryRow & { fingerprint: number | null }>(
      'SELECT channel_id, seq, type, actor_id, payload, at, fingerprint FROM journal WHERE channel_id = $1 AND actor_id = $2 AND op_id = $3',
      [channelId, actorId, opId],
    );
    const row = rows[0];
    return row ? { ...toEntryView(row), fingerprint: row.fingerprint } : null;
  }

  /** The last seq of each channel that exists; of a deleted one it is that of the entry that says so. */
  async lastSeqs(channelIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.rows<{ id: string; last_seq: number }>(
      'SELECT id, last_seq FROM channels WHERE id = ANY($1::uuid[])',
      [channelIds],
    );
    return new Map(rows.map((row) => [row.id, row.last_seq]));
  }

  private async hydrate(views: EntryView[]): Promise<void> {
    const byHydrator = new Map<Hydrate, EntryView[]>();
    for (const view of views) {
      const hydrate = this.hydrators.get(view.type);
      if (!hydrate) continue;
      const group = byHydrator.get(hydrate);
      if (group) group.push(view);
      else byHydrator.set(hydrate, [view]);
    }
    await Promise.all([...byHydrator].map(([hydrate, group]) => hydrate(group)));
  }
}

function toEntryView(row: EntryRow): EntryView {
  return { channelId: row.channel_id, seq: row.seq, type: row.type, actorId: row.actor_id, at: row.at.toISOString(), ...row.payload };
}
