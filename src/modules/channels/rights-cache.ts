import { LRUCache } from 'lru-cache';
import type { FanOut } from '../../journal/fan-out.js';
import type { Bus } from '../../platform/bus/bus.js';
import { metrics, tally } from '../../platform/metrics/metrics.js';

/** Who has no right at all: kept too, because strangers ask again. */
type None = 'none';

const MAX_CACHED = 100_000;
/** Of a channel's UUID, with which every key begins. */
const ID_LENGTH = 36;
/** Every change is an entry that empties the cache at once; the limit is for entries that a bus has lost (a right ends within 1 s). */
const TTL_CLUSTER_MS = 1_000;
const TTL_LOCAL_MS = 300_000;

export interface RightsSource<R> {
  /** In metrics. */
  readonly name: string;
  /** Types of the entries that change rights: of their `userId`, or without one of everybody in the channel. */
  readonly changes: ReadonlySet<string>;
  /** The user's rights from the database; channels without any are missing. */
  fetch(userId: string, channelIds: readonly string[]): Promise<Map<string, R>>;
}

/** The rights of users on channels, remembered because every event of every socket asks for one. */
export class RightsCache<R extends object> {
  private readonly cache: LRUCache<string, R | None>;
  /** Keys of the cache by channel: one that changes as a whole must not cost a walk through all others. */
  private readonly keys = new Map<string, Set<string>>();
  private readonly loading = new Map<string, Promise<R | None>>();
  private readonly countHit: () => void;
  private readonly countMiss: () => void;

  constructor(
    private readonly source: RightsSource<R>,
    fanOut: FanOut,
    bus: Bus,
  ) {
    this.countHit = tally(metrics.cacheRequests, { cache: source.name, result: 'hit' });
    this.countMiss = tally(metrics.cacheRequests, { cache: source.name, result: 'miss' });
    this.cache = new LRUCache<string, R | None>({
      max: MAX_CACHED,
      ttl: bus.isLocal ? TTL_LOCAL_MS : TTL_CLUSTER_MS,
      // By default it remembers the time for a millisecond, by a timer: as long as events come one by one, that is a timer for each.
      ttlResolution: 0,
      dispose: (_rights, key, reason) => reason !== 'set' && this.unlist(key),
    });
    fanOut.onSeen((entry) => {
      if (source.changes.has(entry.type)) this.forget(entry.channelId, entry.userId as string | undefined);
    });
  }

  /** What is remembered; a promise only when nothing is. */
  get(channelId: string, userId: string): R | None | Promise<R | None> {
    const cached = this.cache.get(channelId + userId);
    if (!cached) {
      this.countMiss();
      return this.load(channelId, userId);
    }
    this.countHit();
    return cached;
  }

  /** Those of the channels on which the user has any right. */
  async readable(userId: string, channelIds: readonly string[]): Promise<Set<string>> {
    const known = new Set<string>();
    const unknown: string[] = [];
    for (const channelId of channelIds) {
      const cached = this.cache.get(channelId + userId);
      if (cached === undefined) unknown.push(channelId);
      else if (cached !== 'none') known.add(channelId);
    }
    if (unknown.length > 0) for (const channelId of (await this.source.fetch(userId, unknown)).keys()) known.add(channelId);
    return known;
  }

  /** For changes that no entry tells of, or whose entry may never come. */
  forget(channelId: string, userId?: string): void {
    if (userId !== undefined) {
      this.cache.delete(channelId + userId);
      this.loading.delete(channelId + userId);
      return;
    }
    for (const key of this.keys.get(channelId) ?? []) this.cache.delete(key);
    for (const key of this.loading.keys()) if (key.startsWith(channelId)) this.loading.delete(key);
  }

  /** One query for all who ask at once. What was forgotten meanwhile is answered, but not kept. */
  private load(channelId: string, userId: string): Promise<R | None> {
    const key = channelId + userId;
    let loading = this.loading.get(key);
    if (loading) return loading;
    loading = this.source.fetch(userId, [channelId]).then((found) => {
      const rights = found.get(channelId) ?? 'none';
      if (this.loading.get(key) === loading) this.keep(channelId, key, rights);
      return rights;
    });
    this.loading.set(key, loading);
    const done = () => void (this.loading.get(key) === loading && this.loading.delete(key));
    loading.then(done, done);
    return loading;
  }

  private keep(channelId: string, key: string, rights: R | None): void {
    this.cache.set(key, rights);
    const keys = this.keys.get(channelId);
    if (keys) keys.add(key);
    else this.keys.set(channelId, new Set([key]));
  }

  private unlist(key: string): void {
    const channelId = key.slice(0, ID_LENGTH);
    const keys = this.keys.get(channelId);
    if (keys?.delete(key) && keys.size === 0) this.keys.delete(channelId);
  }
}
