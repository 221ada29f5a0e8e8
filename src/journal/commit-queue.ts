import { heapShare, type Store, watchStore } from '../platform/memory/stores.js';
import type { AppError } from '../platform/errors/app-error.js';
import type { Pending } from './commit-statement.js';
import type { AppendResult, NewEntry } from './entry.js';

/** Rows of one statement: beyond, batches only get slower (see bench/results). */
const MAX_BATCH = 500;
/** Characters of one statement: a batch of the largest entries must not take longer than a statement may. */
const MAX_BATCH_CHARS = 4_000_000;
/** What may wait for a commit. */
const MAX_QUEUE = 65_536;
const MAX_QUEUE_CHARS = heapShare(1 / 16, 256_000_000);
/** Of an entry and of whoever waits for it, beside its text. */
const WAITING_BYTES = 500;

/** Whoever waits for an entry: hears of its fate once. Must not throw. */
export interface Appender {
  resolve(result: AppendResult): void;
  reject(error: AppError): void;
}

/** An entry whose caller waits for the answer. */
export interface Waiting extends Pending {
  /** About how long it is on its way to PostgreSQL. */
  readonly chars: number;
  readonly caller: Appender;
}

/**
 * What waits for a commit, in order. A batch holds of each channel either plain entries or one chain of `appendAt`s whose seqs follow
 * one another, because the statement can only take or refuse a channel's entries as a whole; what does not fit waits for the next one.
 */
export class CommitQueue implements Store {
  readonly name = 'commit-queue';
  readonly maxBytes = MAX_QUEUE_CHARS + MAX_QUEUE * WAITING_BYTES;
  private waiting: Waiting[] = [];
  /** How many of them are `appendAt`s. Without any, which is the hot path, every batch is just the head of the queue. */
  private chained = 0;
  private chars = 0;

  constructor() {
    watchStore(this);
  }

  get entries(): number {
    return this.waiting.length;
  }

  get bytes(): number {
    return this.chars + this.waiting.length * WAITING_BYTES;
  }

  get isFull(): boolean {
    return this.waiting.length >= MAX_QUEUE || this.chars >= MAX_QUEUE_CHARS;
  }

  get length(): number {
    return this.waiting.length;
  }

  push(waiting: Waiting): void {
    this.waiting.push(waiting);
    this.chars += waiting.chars;
    if (isChained(waiting)) this.chained += 1;
  }

  takeBatch(): Waiting[] {
    const room = new Room();
    if (this.chained === 0) {
      const end = this.waiting.findIndex((waiting) => !room.take(waiting));
      return this.taken(this.waiting.splice(0, end === -1 ? this.waiting.length : end));
    }
    const shapes = new Map<string, number | 'plain' | 'full'>();
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    for (const waiting of this.waiting) {
      const isJoining = joins(shapes, waiting);
      if (isJoining && !room.take(waiting)) break;
      (isJoining ? taken : left).push(waiting);
    }
    this.waiting = [...left, ...this.waiting.slice(taken.length + left.length)];
    return this.taken(taken);
  }

  takeAll(): Waiting[] {
    return this.taken(this.waiting.splice(0));
  }

  /** The `appendAt`s of a channel: what was built upon an entry that did not get its place. */
  takeChain(channelId: string): Waiting[] {
    return this.chained === 0 ? [] : this.takeWhere((waiting) => isChained(waiting) && waiting.entry.channelId === channelId);
  }

  private takeWhere(isTaken: (waiting: Waiting) => boolean): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    for (const waiting of this.waiting) (isTaken(waiting) ? taken : left).push(waiting);
    this.waiting = left;
    return this.taken(taken);
  }

  private taken(entries: Waiting[]): Waiting[] {
    for (const waiting of entries) {
      this.chars -= waiting.chars;
      if (isChained(waiting)) this.chained -= 1;
    }
    return entries;
  }
}

/** What one batch has room for: the first entry in any case, and none after the first that does not fit. */
class Room {
  private entries = 0;
  private chars = 0;

  take({ chars }: Pick<Waiting, 'chars'>): boolean {
    this.chars += chars;
    this.entries += 1;
    return this.entries === 1 || (this.entries <= MAX_BATCH && this.chars <= MAX_BATCH_CHARS);
  }
}

/** Bytes travel as hexadecimal digits. */
export function charsOf({ bytes, row }: NewEntry, text = ''): number {
  let chars = (bytes?.length ?? 0) * 2 + text.length;
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'string') chars += value.length;
  }
  return chars;
}

export function isChained({ expectedSeq }: Waiting): boolean {
  return expectedSeq !== undefined;
}

/** Per channel the seq that continues its chain, or what else the batch has of it. Nothing overtakes an entry that does not fit. */
function joins(shapes: Map<string, number | 'plain' | 'full'>, { entry: { channelId }, expectedSeq }: Pending): boolean {
  const shape = shapes.get(channelId);
  const fits = shape === undefined || shape === (expectedSeq ?? 'plain');
  shapes.set(channelId, !fits ? 'full' : expectedSeq === undefined ? 'plain' : expectedSeq + 1);
  return fits;
}
