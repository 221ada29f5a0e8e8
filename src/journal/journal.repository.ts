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

/** Bytes of one read, about, of one channel and of all: a thousand entries may be a thousand whole pages. */
const MAX_READ_BYTES = 2_000_000;
const MAX_READ_BYTES_IN_ALL = 4_000_000;

/**
 * Restores the fields of entries whose state lives in a module's rows, in their order, up to about so many bytes. It changes the views in
 * place, and returns those that it has left as they are because there was no room.
 */
export type Hydrate = (entries: EntryView[], maxBytes: number) => Promise<readonly EntryView[]>;

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
   * For each position, at most `limit` entries after it, ascending by channel and seq; fewer where they are large, but of the first
   * channel at least one. `hasMore` are the channels of which there are, or may be, more.
   */
  async readAfter(positions: readonly Position[], limit: number): Promise<{ entries: Map<string, EntryView[]>; hasMore: Set<string> }> {
    const rows = await this.db.rows<EntryRow & { has_more: boolean; bytes_in_all: number }>(
      `SELECT channel_id, seq, type, actor_id, payload, at, has_more, bytes_in_all FROM (
         SELECT j.*, j.number = $3 OR j.bytes_so_far >= $4 AS has_more, sum(j.size) OVER (ORDER BY j.channel_id, j.seq) AS bytes_in_all
         FROM unnest($1::uuid[], $2::bigint[]) AS p(channel_id, seq)
         CROSS JOIN LATERAL (
           SELECT *, sum(size) OVER (ORDER BY seq) AS bytes_so_far, row_number() OVER (ORDER BY seq) AS number
           FROM (
             SELECT *, coalesce(pg_column_size(payload), 0) AS size FROM journal WHERE channel_id = p.channel_id AND seq > p.seq ORDER BY seq LIMIT $3
           ) first
         ) j WHERE j.bytes_so_far - j.size < $4
       ) measured WHERE bytes_in_all - size < $5 ORDER BY channel_id, seq`,
      [positions.map((p) => p.channelId), positions.map((p) => p.seq), limit, MAX_READ_BYTES, MAX_READ_BYTES_IN_ALL],
    );
    const views = rows.map(toEntryView);
    const left = new Set(await this.hydrate(views));
    const entries = new Map<string, EntryView[]>(positions.map((p) => [p.channelId, []]));
    const hasMore = new Set(rows.filter((row) => row.has_more).map((row) => row.channel_id));
    const last = rows.at(-1);
    // Of these there may be rows beyond what all channels together may have.
    if (last && last.bytes_in_all >= MAX_READ_BYTES_IN_ALL) for (const { channelId } of positions) if (channelId >= last.channel_id) hasMore.add(channelId);
    const ended = new Set<string>();
    for (const view of views) {
      // What follows an entry that was left out would follow a hole.
      if (left.has(view)) ended.add(view.channelId);
      if (ended.has(view.channelId)) hasMore.add(view.channelId);
      else entries.get(view.channelId)!.push(view);
    }
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

  /** Returns those for which there was no room. */
  private async hydrate(views: EntryView[]): Promise<EntryView[]> {
    const byHydrator = new Map<Hydrate, EntryView[]>();
    for (const view of views) {
      const hydrate = this.hydrators.get(view.type);
      if (!hydrate) continue;
      const group = byHydrator.get(hydrate);
      if (group) group.push(view);
      else byHydrator.set(hydrate, [view]);
    }
    const left = await Promise.all([...byHydrator].map(([hydrate, group]) => hydrate(group, MAX_READ_BYTES_IN_ALL)));
    return left.flat();
  }
}

function toEntryView(row: EntryRow): EntryView {
  return { channelId: row.channel_id, seq: row.seq, type: row.type, actorId: row.actor_id, at: row.at.toISOString(), ...row.payload };
}
