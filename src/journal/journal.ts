import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { Database, type Transaction } from '../platform/database/database.js';
import { isTransient } from '../platform/database/pg-errors.js';
import { AppError } from '../platform/errors/app-error.js';
import { beforeScrape, metrics } from '../platform/metrics/metrics.js';
import type { EntryView } from '../protocol/entries.js';
import { CommitLane, countCommitted } from './commit-lane.js';
import type { Appender } from './commit-queue.js';
import { CommitStatement } from './commit-statement.js';
import { type AppendResult, CHANNEL_NOT_FOUND, type ChannelKind, type NewEntry, type Permit, type Placed, toView } from './entry.js';
import { FanOut } from './fan-out.js';
import { JournalConnection } from './journal-connection.js';
import type { Projection } from './projection.js';

/** Two statements may be under way; more only add latency. A channel always takes the same lane, which keeps its order. */
const LANES = 2;

/** A transaction over one channel: its row is locked, so that members and entries change together and one after another. */
export interface ChannelTransaction extends Transaction {
  /**
   * Adds an entry that commits with the transaction. With `revokes` it takes a right away: what is under way in the channel, on whatever
   * node, commits before it or has to ask for its right again.
   */
  append(entry: Omit<NewEntry, 'channelId' | 'kind' | 'permit'>, options?: { revokes?: boolean }): Promise<void>;
  /** Takes a right in the channel away of which no entry tells. */
  revoke(): Promise<void>;
}

interface TransactionOptions {
  readonly evenDeleted?: boolean;
  /** By what right; as it is when the channel is locked. */
  readonly permit?: Permit;
}

/**
 * The channel journal: every change is an entry `(channel_id, seq)`, seq from 1 without holes, in commit order, for ever the same.
 * A result means that the entry is on disk; then, and only then, the fan-out gets it.
 */
@Injectable()
export class Journal implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly projections: Projection[] = [];
  private statement: CommitStatement | undefined;
  private readonly connections: JournalConnection[] = [];
  private readonly lanes: CommitLane[] = [];

  constructor(
    @Inject(Config) config: Config,
    private readonly db: Database,
    private readonly fanOut: FanOut,
  ) {
    for (let i = 0; i < LANES; i++) {
      // Of this lane's statements: the fate of another one's is not settled when this one's is.
      const doubtful = new Set<string>();
      const connection = new JournalConnection(config.get('DATABASE_URL'), `journal-${i}`, () => {
        this.fanOut.doubt([...doubtful]);
        doubtful.clear();
      });
      this.connections.push(connection);
      this.lanes.push(
        new CommitLane(() => this.requireStatement(), connection, {
          committed: (entries, texts) => this.fanOut.publish(entries, texts),
          doubtful: (channelIds) => channelIds.forEach((id) => doubtful.add(id)),
        }),
      );
    }
    beforeScrape(() => metrics.commitQueue.set(this.lanes.reduce((sum, lane) => sum + lane.queued, 0)));
  }

  /** Modules register their projections while the application is put together, before the first append. */
  registerProjection(projection: Projection): void {
    if (this.statement) throw new Error(`projection ${projection.name} comes after the first append`);
    this.projections.push(projection);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.requireStatement();
    await Promise.all(this.connections.map((connection) => connection.open()));
  }

  /**
   * Commits the entry at the channel's next seq.
   * @throws AppError ROOM_NOT_FOUND (by its kind) the channel does not exist · IDEMPOTENCY_MISMATCH the opId was used for another body ·
   *   what the permit's `renew` throws · UNAVAILABLE whether it was stored is unknown: send again with the same opId
   */
  append(entry: NewEntry): Promise<AppendResult> {
    return this.laneOf(entry.channelId).append(entry);
  }

  /**
   * Compare-and-append: commits the entry only as number `seq`. Several of one channel may be under way if their seqs follow one another.
   * The caller hears of it later, in the very tick in which the fan-out has got the entry: VERSION_CONFLICT when somebody else has taken the
   * seq; otherwise as with `append`. (Not by a promise: live documents have thousands under way, and a promise is the larger part of one.)
   */
  appendAt(seq: number, entry: NewEntry, caller: Appender): void {
    this.laneOf(entry.channelId).appendAt(seq, entry, caller);
  }

  /**
   * Runs `work` with the channel locked, and the right there that the permit stands for. Its entries and its other changes commit together;
   * then the fan-out gets the entries. For rare changes; the hot path is `append`.
   */
  async transact<T>(channelId: string, work: (tx: ChannelTransaction) => Promise<T>, { evenDeleted = false, permit }: TransactionOptions = {}): Promise<T> {
    const views: EntryView[] = [];
    try {
      const result = await this.db.transaction(async (tx) => {
        const locked = await tx.rows<{ kind: ChannelKind; deleted: boolean; rights_version: number }>(
          'SELECT kind, deleted_at IS NOT NULL AS deleted, rights_version FROM channels WHERE id = $1 FOR NO KEY UPDATE',
          [channelId],
        );
        if (!locked[0]) throw new AppError('NOT_FOUND');
        const { kind, deleted, rights_version: version } = locked[0];
        if (deleted && !evenDeleted) throw new AppError(CHANNEL_NOT_FOUND[kind]);
        if (permit && permit.version !== version) await permit.renew(version, tx);
        return work({
          ...tx,
          append: async (entry, { revokes = false } = {}) => void views.push(await insertEntry(tx, { ...entry, channelId, kind }, revokes)),
          revoke: async () => void (await tx.rows('UPDATE channels SET rights_version = rights_version + 1 WHERE id = $1', [channelId])),
        });
      });
      this.fanOut.publish(views);
      return result;
    } catch (error) {
      if (isTransient(error)) this.fanOut.doubt([channelId]);
      throw error;
    }
  }

  /** Resolves when every append so far has been answered. */
  async drained(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.drained()));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.drained();
    await Promise.all(this.connections.map((connection) => connection.close()));
  }

  private requireStatement(): CommitStatement {
    return (this.statement ??= new CommitStatement(this.projections));
  }

  private laneOf(channelId: string): CommitLane {
    // The last hex digit of a UUIDv7 is random.
    return this.lanes[channelId.charCodeAt(channelId.length - 1) % LANES]!;
  }
}

async function insertEntry(tx: Transaction, entry: NewEntry, revokes: boolean): Promise<EntryView> {
  const rows = await tx.rows<{ seq: number; ordinal: number; at: Date }>(
    `WITH bumped AS (
       UPDATE channels SET last_seq = last_seq + 1, last_ordinal = last_ordinal + $2::int, rights_version = rights_version + $9::int
       WHERE id = $1 RETURNING last_seq, last_ordinal
     )
     INSERT INTO journal (channel_id, seq, type, actor_id, op_id, fingerprint, payload, bytes, at)
     SELECT $1, last_seq, $3, $4, $5, $6, $7, $8, date_trunc('milliseconds', clock_timestamp()) FROM bumped
     RETURNING seq, at, (SELECT last_ordinal FROM bumped) AS ordinal`,
    [
      entry.channelId,
      entry.counted ? 1 : 0,
      entry.type,
      entry.actorId,
      entry.opId,
      entry.fingerprint,
      entry.payload && JSON.stringify(entry.payload),
      entry.bytes,
      revokes ? 1 : 0,
    ],
  );
  const row = rows[0]!;
  const placed: Placed = { seq: row.seq, ordinal: row.ordinal, at: row.at.toISOString() };
  countCommitted[entry.kind]();
  return toView(entry, placed);
}
