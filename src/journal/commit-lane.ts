import type { Sql } from '../platform/database/database.js';
import { AppError } from '../platform/errors/app-error.js';
import { toAppError } from '../platform/errors/to-app-error.js';
import { isConcurrencyFailure, isLockTimeout, isTransient, isUniqueViolation } from '../platform/database/pg-errors.js';
import { metrics, tally } from '../platform/metrics/metrics.js';
import { isOfAnotherBody } from './body-fingerprints.js';
import { AppendAtStatement, isAppendAt } from './append-at-statement.js';
import { type Appender, charsOf, CommitQueue, isChained, type Waiting } from './commit-queue.js';
import { type CommitRow, numberAs, type Statement } from './commit-statement.js';
import { type AppendResult, CHANNEL_NOT_FOUND, encodeView, type NewEntry, toView } from './entry.js';
import type { JournalConnection } from './journal-connection.js';
import { mismatch, OperationsUnderWay } from './operations-under-way.js';
import { fits, isOutdated, lockStandingsOf, renewPermits, type Standing, standingsOf } from './standing.js';
import type { EntryView } from '../protocol/entries.js';

/** A batch whose resend raced with another node is run again; each time one more entry has become visible. */
const MAX_RACES = 10;
const APPEND_AT = new AppendAtStatement();

const countOf = (kind: string) => tally(metrics.entriesCommitted, { kind });
/** Counts an entry, by the kind of its channel. */
export const countCommitted = { room: countOf('room'), page: countOf('page'), board: countOf('board') };

/** What a lane tells the journal, before any caller hears of it. */
export interface LaneEvents {
  /** New entries, in seq order per channel; those that are at hand as JSON, too. */
  committed(entries: readonly EntryView[], texts: readonly (string | undefined)[]): void;
  /** It is not known whether these channels got entries: the fan-out must look. */
  doubtful(channelIds: string[]): void;
}

/**
 * Group commit: one statement is under way, and what arrives meanwhile goes out together in the next one. Without load an entry
 * leaves at once; under load the batch grows by itself.
 */
export class CommitLane {
  private readonly queue = new CommitQueue();
  private state: 'idle' | 'scheduled' | 'committing' = 'idle';
  private readonly underWay = new OperationsUnderWay();
  /** Channels of the batch under way in which an `appendAt` did not get its place. */
  private readonly broken = new Set<string>();
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly statement: () => Statement,
    private readonly connection: JournalConnection,
    private readonly events: LaneEvents,
  ) {}

  get queued(): number {
    return this.queue.length;
  }

  append(entry: NewEntry): Promise<AppendResult> {
    // Operations belong to actors; what the system does by itself is not sent again.
    return entry.opId === undefined || entry.actorId === null ? this.enqueue(entry) : this.underWay.run(entry, () => this.enqueue(entry));
  }

  /** @param seq the only one that it may get */
  appendAt(seq: number, entry: NewEntry, caller: Appender): void {
    const refusal = this.refusal();
    // Never while the caller is still asking.
    if (refusal) queueMicrotask(() => caller.reject(refusal));
    else this.push(entry, caller, seq);
  }

  private refusal(): AppError | undefined {
    if (this.queue.isFull) return AppError.unavailable('Too many writes are waiting');
    if (!this.connection.isUp) return AppError.unavailable('The storage is not available at the moment');
    return undefined;
  }

  private enqueue(entry: NewEntry): Promise<AppendResult> {
    const refusal = this.refusal();
    if (refusal) return Promise.reject(refusal);
    const caller = Promise.withResolvers<AppendResult>();
    this.push(entry, caller);
    return caller.promise;
  }

  private push(entry: NewEntry, caller: Appender, expectedSeq?: number): void {
    const text = entry.payload && JSON.stringify(entry.payload);
    this.queue.push({ entry, expectedSeq, text, chars: charsOf(entry, text), caller });
    if (this.state === 'idle') this.schedule();
  }

  /** Not at once: all sockets that became readable together should share the statement. */
  private schedule(): void {
    this.state = 'scheduled';
    setImmediate(() => void this.commitNext());
  }

  private async commitNext(): Promise<void> {
    this.state = 'committing';
    const batch = this.queue.takeBatch();
    metrics.commitQueue.set(this.queue.length);
    await this.commit(batch);
    this.broken.clear();
    if (this.queue.length > 0) this.schedule();
    else {
      this.state = 'idle';
      for (const resolve of this.whenIdle.splice(0)) resolve();
    }
  }

  /** By the smaller statement where that will do. What it does not take is put to the general one, which knows resends. */
  private async commit(batch: Waiting[]): Promise<void> {
    if (!batch.every(isAppendAt)) return this.commitAny(batch);
    let rows: CommitRow[];
    try {
      rows = await this.run(APPEND_AT, batch);
    } catch (error) {
      return isStoredAlready(error) ? this.commitAny(batch) : this.commitParts(batch, error);
    }
    const taken = new Set(rows.map(({ channel_id }) => channel_id));
    const isTaken = ({ entry }: Waiting) => taken.has(entry.channelId);
    const isWhole = batch.every(isTaken);
    this.settle(isWhole ? batch : batch.filter(isTaken), rows);
    if (!isWhole) await this.commitAny(batch.filter((waiting) => !isTaken(waiting)));
  }

  private async commitAny(batch: Waiting[]): Promise<void> {
    let rows: CommitRow[];
    try {
      rows = await this.run(this.statement(), batch);
    } catch (error) {
      return this.commitParts(batch, error);
    }
    const left = this.settle(batch, rows);
    if (left.length > 0) await this.reconsider(left);
  }

  /** What its channel did not take: because rights in it have been taken away, or for good. */
  private async reconsider(left: Waiting[]): Promise<void> {
    let standings = new Map<string, Standing>();
    try {
      if (left.some(({ entry }) => entry.permit)) standings = await standingsOf(left, this.connection);
    } catch (error) {
      return this.fail(left, error);
    }
    const outdated: Waiting[] = [];
    for (const group of Map.groupBy(left, ({ entry }) => entry.channelId).values()) {
      const standing = standings.get(group[0]!.entry.channelId);
      const isMatterOfRights = standing && this.isNext(group, standing) && group.some((waiting) => isOutdated(waiting, standing));
      if (isMatterOfRights) outdated.push(...group);
      else for (const waiting of group) this.refuse(waiting);
    }
    if (outdated.length > 0) await this.commitLocked(outdated);
  }

  /**
   * With the channels locked each right is read again: whoever has lost theirs is refused, and the others' entries are committed, still before
   * anything that came after them. However fast rights are changing, this comes to an end.
   */
  private async commitLocked(batch: Waiting[]): Promise<void> {
    let permitted = batch;
    let rows: CommitRow[];
    try {
      rows = await this.connection.transaction(async (sql) => {
        const standings = await lockStandingsOf(batch, sql);
        const groups = [...Map.groupBy(batch, ({ entry }) => entry.channelId)];
        permitted = (await Promise.all(groups.map(([channelId, group]) => this.renew(group, standings.get(channelId), sql)))).flat();
        const statement = this.statement();
        return permitted.length === 0 ? [] : sql.rows<CommitRow>(statement.text, statement.values(permitted));
      });
    } catch (error) {
      return isRace(error) ? this.commitAny(permitted) : this.commitParts(permitted, error);
    }
    for (const waiting of this.settle(permitted, rows)) this.refuse(waiting);
  }

  /** The entries of one channel that are permitted; the others are refused. */
  private async renew(group: Waiting[], standing: Standing | undefined, sql: Sql): Promise<Waiting[]> {
    if (!standing || !this.isNext(group, standing)) {
      for (const waiting of group) this.refuse(waiting);
      return [];
    }
    const refusals = await renewPermits(group, standing, sql);
    return group.filter((waiting, index) => {
      const refusal = refusals[index];
      // All of these at once: were each told only when those before it are, a flood would cost those behind it an attempt each.
      if (refusal) this.reject(waiting, toAppError(refusal.reason));
      else if (this.isBroken(waiting)) this.refuse(waiting);
      else return true;
      return false;
    });
  }

  /** For a chain: nobody else has taken the first one's seq, and it is not what follows one that did not get its place. */
  private isNext([first]: Waiting[], standing: Standing): boolean {
    return fits(first!, standing) && !this.isBroken(first!);
  }

  /** Together they failed: what can be stored without the others is. */
  private commitParts(batch: Waiting[], error: unknown): Promise<void> | void {
    if (isLockTimeout(error)) return this.commitByChannel(batch, error);
    if (isTransient(error) || batch.length === 1) return this.fail(batch, error);
    return this.commitSingly(batch);
  }

  /** One entry that PostgreSQL refuses must not take the others with it. */
  private async commitSingly(batch: Waiting[]): Promise<void> {
    for (const waiting of batch) {
      if (this.isBroken(waiting)) waiting.caller.reject(new AppError('VERSION_CONFLICT'));
      else await this.commit([waiting]);
    }
  }

  /** A stalled process keeps one of the channels locked (the database ends its transaction soon); the others need not wait for it. */
  private async commitByChannel(batch: Waiting[], error: unknown): Promise<void> {
    const groups = Map.groupBy(batch, ({ entry }) => entry.channelId);
    if (groups.size > 1) {
      for (const group of groups.values()) await this.commit(group);
      return;
    }
    const answer = AppError.unavailable('Somebody else is changing this channel; send again with the same id', error);
    for (const lost of batch) this.reject(lost, answer);
  }

  private async run(statement: Statement, batch: readonly Waiting[]): Promise<CommitRow[]> {
    const endTimer = metrics.commitSeconds.startTimer();
    for (let race = 0; ; race++) {
      try {
        const rows = await this.connection.rows<CommitRow>(statement.text, statement.values(batch));
        endTimer();
        metrics.commitBatchSize.observe(batch.length);
        return rows;
      } catch (error) {
        const isOver = statement === APPEND_AT ? !isConcurrencyFailure(error) : !isRace(error);
        if (race >= MAX_RACES || isOver) throw error;
      }
    }
  }

  /** Numbers the entries as the statement did, hands them to the fan-out, then answers the callers. Returns what was not taken. */
  private settle(batch: Waiting[], rows: CommitRow[]): Waiting[] {
    const { results, resends } = numberAs(rows, batch);
    const committed: EntryView[] = [];
    const texts: (string | undefined)[] = [];
    batch.forEach(({ entry, text }, index) => {
      const result = results[index];
      if (!result) return;
      committed.push(toView(entry, result));
      texts.push(encodeView(entry, result, text));
      countCommitted[entry.kind]();
    });
    this.events.committed(committed, texts);
    return batch.filter((waiting, index) => {
      const result = results[index];
      const resend = resends.get(index);
      if (result) waiting.caller.resolve(result);
      else if (resend) this.answerResend(waiting, resend);
      else return true;
      return false;
    });
  }

  private fail(batch: Waiting[], error: unknown): void {
    const transient = isTransient(error);
    const answer = transient ? AppError.unavailable('The storage did not answer; send again with the same id', error) : toAppError(error);
    // What waits was never sent. It is answered too, because a client must not wait for a database that is away.
    const waiting = transient ? this.queue.takeAll() : [];
    if (transient) this.events.doubtful([...new Set(batch.map((w) => w.entry.channelId))]);
    for (const lost of batch) this.breakChain(lost);
    for (const { caller } of [...batch, ...waiting]) caller.reject(answer);
  }

  private answerResend(waiting: Waiting, row: CommitRow): void {
    const { entry, expectedSeq, caller } = waiting;
    if (row.seq !== expectedSeq) this.breakChain(waiting);
    if (isOfAnotherBody(row.fingerprint, entry.fingerprint)) caller.reject(mismatch());
    else caller.resolve({ seq: row.seq, ordinal: row.ordinal, at: new Date(row.at_ms).toISOString(), duplicate: true });
  }

  /** The channel is gone, or for `appendAt` somebody else took the seq. */
  private refuse(waiting: Waiting): void {
    this.reject(waiting, new AppError(isChained(waiting) ? 'VERSION_CONFLICT' : CHANNEL_NOT_FOUND[waiting.entry.kind]));
  }

  private reject(waiting: Waiting, error: AppError): void {
    this.breakChain(waiting);
    waiting.caller.reject(error);
  }

  /** It follows an `appendAt` of this batch that did not get its place. */
  private isBroken(waiting: Waiting): boolean {
    return isChained(waiting) && this.broken.has(waiting.entry.channelId);
  }

  /**
   * An `appendAt` did not get its place. Those sent after it were made upon it: were they still committed, and their seq may well fit
   * by now, they would change a state that their sender has never seen.
   */
  private breakChain(lost: Waiting): void {
    if (!isChained(lost)) return;
    const { channelId } = lost.entry;
    this.broken.add(channelId);
    for (const follower of this.queue.takeChain(channelId)) follower.caller.reject(new AppError('VERSION_CONFLICT'));
  }

  /** Resolves when everything that was appended so far has been answered. */
  drained(): Promise<void> {
    return this.state === 'idle' ? Promise.resolve() : new Promise((resolve) => this.whenIdle.push(resolve));
  }
}

/** The same once more will do: it is another state by then. */
function isRace(error: unknown): boolean {
  return isConcurrencyFailure(error) || isStoredAlready(error);
}

/** An operation of the batch: by another node, since the general statement has looked. */
function isStoredAlready(error: unknown): boolean {
  return isUniqueViolation(error, 'journal_operation');
}
