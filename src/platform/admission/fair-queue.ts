import { AppError } from '../errors/app-error.js';
import { type Store, watchStore } from '../memory/stores.js';

/** What waits: a promise, its place, and what its request holds. */
const WAITING_BYTES = 1_000;

export interface FairQueueLimits {
  /** In metrics. */
  readonly name: string;
  /** Pieces of work that run at once: in all, and of one key. */
  readonly running: number;
  readonly runningPerKey: number;
  /** Pieces of work that wait: in all, and of one key. */
  readonly waiting: number;
  readonly waitingPerKey: number;
  /** For whoever is refused because too many others wait, such as "Too many are signing in at the moment". */
  readonly whenFull: string;
}

/** What one key has under way. */
interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets a bounded number of pieces of work run at once, and a bounded number wait. Keys take turns: however much one of them asks for,
 * every other one is next but one. Of one key, work starts in the order in which it was asked for.
 */
export class FairQueue implements Store {
  readonly name: string;
  readonly maxBytes: number;
  private readonly lanes = new Map<string, Lane>();
  /** Keys whose next piece of work could run, in the order of their turns. */
  private readonly ready = new Set<string>();
  private running = 0;
  private waitingInAll = 0;

  constructor(private readonly limits: FairQueueLimits) {
    this.name = limits.name;
    this.maxBytes = limits.waiting * WAITING_BYTES;
    watchStore(this);
  }

  get entries(): number {
    return this.waitingInAll;
  }

  get bytes(): number {
    return this.waitingInAll * WAITING_BYTES;
  }

  get waiting(): number {
    return this.waitingInAll;
  }

  /** @throws AppError RATE_LIMITED too much of this key waits · UNAVAILABLE too much waits in all; both at once */
  async run<T>(key: string, work: () => Promise<T> | T): Promise<T> {
    await this.enter(key);
    try {
      return await work();
    } finally {
      this.leave(key);
    }
  }

  /**
   * Resolves, or is undefined, when work of this key may begin. Each needs one `leave`.
   * @throws AppError as `run`
   */
  enter(key: string): Promise<void> | undefined {
    const { running, runningPerKey, waiting, waitingPerKey, whenFull } = this.limits;
    const lane = this.lanes.get(key) ?? { running: 0, waiting: [] };
    if (this.running < running && lane.running < runningPerKey) {
      this.start(key, lane);
      return undefined;
    }
    if (lane.waiting.length >= waitingPerKey) throw new AppError('RATE_LIMITED', { detail: 'Too many requests of yours are waiting', retryAfterMs: 1_000 });
    if (this.waitingInAll >= waiting) throw AppError.unavailable(whenFull);
    this.lanes.set(key, lane);
    this.waitingInAll += 1;
    return new Promise((resolve) => {
      lane.waiting.push(resolve);
      if (lane.running < runningPerKey) this.ready.add(key);
    });
  }

  leave(key: string): void {
    const lane = this.lanes.get(key)!;
    lane.running -= 1;
    this.running -= 1;
    if (lane.waiting.length > 0) this.ready.add(key);
    else if (lane.running === 0) this.lanes.delete(key);
    this.startNext();
  }

  private startNext(): void {
    const [key] = this.ready;
    if (key === undefined) return;
    const lane = this.lanes.get(key)!;
    const begin = lane.waiting.shift()!;
    this.waitingInAll -= 1;
    this.start(key, lane);
    // Its next turn comes after everybody else's.
    this.ready.delete(key);
    if (lane.waiting.length > 0 && lane.running < this.limits.runningPerKey) this.ready.add(key);
    begin();
  }

  private start(key: string, lane: Lane): void {
    lane.running += 1;
    this.running += 1;
    this.lanes.set(key, lane);
  }
}
