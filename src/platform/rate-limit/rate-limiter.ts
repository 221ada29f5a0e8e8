import { BoundedCache } from '../memory/bounded-cache.js';

/** Of an id or an address. */
const KEY_BYTES = 60;
const MAX_BYTES = 9 * 1024 * 1024;

/** `burst` requests at once, and `perSecond` in the long run. */
export interface Limit {
  readonly name: string;
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Generic cell rate algorithm (ITU-T I.371): per key one number, the time at which the bucket would be empty again.
 * Bounded: the least recently seen keys are forgotten, which can only be lenient.
 */
export class RateLimiter {
  private readonly emptyAt: BoundedCache<number>;
  private readonly intervalMs: number;
  private readonly burstMs: number;

  constructor(
    readonly limit: Limit,
    maxBytes = MAX_BYTES,
    private readonly now: () => number = Date.now,
  ) {
    this.emptyAt = new BoundedCache({ name: 'rate-limits', maxBytes, entryBytes: KEY_BYTES });
    this.intervalMs = 1000 / limit.perSecond;
    this.burstMs = this.intervalMs * limit.burst;
  }

  /** Nothing was taken from the key's bucket, or all of it has come back. */
  isUntouched(key: string): boolean {
    return (this.emptyAt.get(key) ?? 0) <= this.now();
  }

  /** Takes one (or `cost`) from the key's bucket. Returns 0 when allowed, else the milliseconds until it would be. */
  take(key: string, cost = 1): number {
    const now = this.now();
    const emptyAt = Math.max(this.emptyAt.get(key) ?? 0, now) + this.intervalMs * cost;
    const waitMs = emptyAt - this.burstMs - now;
    if (waitMs > 0) return Math.ceil(waitMs);
    this.emptyAt.set(key, emptyAt);
    return 0;
  }
}
