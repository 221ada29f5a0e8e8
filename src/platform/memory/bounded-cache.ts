import { LRUCache } from 'lru-cache';
import { type Store, watchStore } from './stores.js';

/** What an entry costs beside its key and its value: the places in the map and in the order of use (measured with Node 24). */
const OVERHEAD_BYTES = 120;

export interface BoundedCacheOptions<V> {
  /** In metrics. */
  readonly name: string;
  readonly maxBytes: number;
  /** Of one key and value: a number where all are about alike, which costs nothing when something is set; else they are measured. */
  readonly entryBytes: number | ((value: V, key: string) => number);
  /** After so long an entry is not there any more; without it, until it has to make room. */
  readonly ttlMs?: number;
  /** Hears of entries that are no longer here, for whatever reason but being replaced. */
  readonly onRemoved?: (key: string) => void;
}

/** Remembers what was used last, up to a number of bytes. It may forget anything at any time; whoever uses it can ask again elsewhere. */
export class BoundedCache<V extends object | string | number | true> implements Store {
  readonly name: string;
  readonly maxBytes: number;
  private readonly lru: LRUCache<string, V>;
  private readonly sameBytes: number | undefined;

  constructor({ name, maxBytes, entryBytes, ttlMs, onRemoved }: BoundedCacheOptions<V>) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.sameBytes = typeof entryBytes === 'number' ? entryBytes + OVERHEAD_BYTES : undefined;
    this.lru = new LRUCache<string, V>({
      ...(typeof entryBytes === 'number'
        ? { max: Math.max(1, Math.floor(maxBytes / (entryBytes + OVERHEAD_BYTES))) }
        : { maxSize: maxBytes, sizeCalculation: (value, key) => OVERHEAD_BYTES + entryBytes(value, key) }),
      ...(ttlMs !== undefined && {
        ttl: ttlMs,
        // By default the time is remembered for a millisecond, by a timer: as long as look-ups come one by one, that is a timer for each.
        ttlResolution: 0,
        perf: { now: () => performance.now() },
      }),
      ...(onRemoved && { dispose: (_value, key, reason) => reason !== 'set' && onRemoved(key) }),
    });
    watchStore(this);
  }

  get entries(): number {
    return this.lru.size;
  }

  get bytes(): number {
    return this.sameBytes === undefined ? this.lru.calculatedSize : this.lru.size * this.sameBytes;
  }

  get(key: string): V | undefined {
    return this.lru.get(key);
  }

  has(key: string): boolean {
    return this.lru.has(key);
  }

  /** A value that is larger than all of it is not kept. */
  set(key: string, value: V): void {
    this.lru.set(key, value);
  }

  delete(key: string): boolean {
    return this.lru.delete(key);
  }
}
