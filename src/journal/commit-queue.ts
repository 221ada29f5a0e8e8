import type { AppError } from '../platform/errors/app-error.js';
import type { Pending } from './commit-statement.js';
import type { AppendResult } from './entry.js';

/** Rows of one statement: beyond, batches only get slower (see bench/results). */
const MAX_BATCH = 500;

/** An entry whose caller waits for the answer. */
export interface Waiting {
  readonly entry: Pending;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * What waits for a commit, in order. A batch holds of each channel either plain entries or one chain of `appendAt`s whose seqs follow
 * one another, because the statement can only take or refuse a channel's entries as a whole; what does not fit waits for the next one.
 */
export class CommitQueue {
  private waiting: Waiting[] = [];
  /** How many of them are `appendAt`s. Without any, which is the hot path, every batch is just the head of the queue. */
  private chained = 0;

  get length(): number {
    return this.waiting.length;
  }

  push(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (isChained(waiting)) this.chained += 1;
  }

  takeBatch(): Waiting[] {
    if (this.chained === 0) return this.waiting.splice(0, MAX_BATCH);
    const batch: Waiting[] = [];
    const shapes = new Map<string, number | 'plain' | 'full'>();
    return this.takeWhere((waiting) => {
      if (batch.length === MAX_BATCH || !joins(shapes, waiting.entry)) return false;
      batch.push(waiting);
      return true;
    });
  }

  takeAll(): Waiting[] {
    this.chained = 0;
    return this.waiting.splice(0);
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
    this.chained -= taken.filter(isChained).length;
    return taken;
  }
}

export function isChained({ entry }: Waiting): boolean {
  return entry.expectedSeq !== undefined;
}

/** Per channel the seq that continues its chain, or what else the batch has of it. Nothing overtakes an entry that does not fit. */
function joins(shapes: Map<string, number | 'plain' | 'full'>, { channelId, expectedSeq }: Pending): boolean {
  const shape = shapes.get(channelId);
  const fits = shape === undefined || shape === (expectedSeq ?? 'plain');
  shapes.set(channelId, !fits ? 'full' : expectedSeq === undefined ? 'plain' : expectedSeq + 1);
  return fits;
}
