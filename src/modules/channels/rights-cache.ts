import type { FanOut } from '../../journal/fan-out.js';
import type { Bus } from '../../platform/bus/bus.js';
import type { Sql } from '../../platform/database/database.js';
import { BoundedCache } from '../../platform/memory/bounded-cache.js';
import { metrics, tally } from '../../platform/metrics/metrics.js';
import { RateLimiter } from '../../platform/rate-limit/rate-limiter.js';

/** Who has no right at all: kept too, because strangers ask again. */
export type None = 'none';

/** A right, and the channel's `rights_version` at which it was read. */
export interface VersionedRights {
  readonly version: number;
}

/** Somebody's rights on a channel that are to be read. */
export interface RightsQuestion {
  readonly channelId: string;
  readonly userId: string;
}

export interface RightsSource<R extends VersionedRights> {
  /** In metrics. */
  readonly name: string;
  /** Types of the entries after which rights are other ones: of their `userId`, or without one of everybody in the channel. */
  readonly changes: ReadonlySet<string>;
  /** Those of them that take rights away. They outdate what is remembered of the others in the channel, because its version is another one. */
  readonly revocations: ReadonlySet<string>;
  /** The rights as the database has them, by `rightsKey`; whoever has none is missing. Over this connection, where one is given. */
  fetch(questions: readonly RightsQuestion[], sql?: Sql): Promise<Map<string, R>>;
}

const MAX_BYTES = 40 * 1024 * 1024;
/** One right, with its place in the list of its channel. */
const RIGHT_BYTES = 300;
const MAX_CONFIRMATION_BYTES = 16 * 1024 * 1024;
/** Of a channel's UUID, with which every key begins. */
const ID_LENGTH = 36;
/** Every change is an entry that empties the cache at once; the limit is for entries that a bus has lost (a right ends within 1 s). */
const TTL_CLUSTER_MS = 1_000;
const TTL_LOCAL_MS = 300_000;
/** Questions of one query: what is asked beyond that in one turn makes another one. */
const MAX_QUESTIONS = 1_000;
/** How often a remembered "no" to one user on one channel is asked again: who has just been let in on another node is in here, too. */
const CONFIRMATIONS = { name: 'confirmed-rights', perSecond: 1, burst: 5 };

interface Known<R> {
  readonly rights: R | None;
  /** The number of the query that told it. */
  readonly query: number;
}

interface Loading<R> extends Pick<Known<R>, 'query'> {
  readonly rights: Promise<R | None>;
}

interface Query<R> {
  readonly questions: RightsQuestion[];
  readonly found: Promise<Map<string, R>>;
}

export function rightsKey(channelId: string, userId: string): string {
  return channelId + userId;
}

/**
 * The rights of users on channels, remembered because every event of every socket asks for one. What it says at once may be a moment old:
 * a "yes" is checked again where an entry is committed (see `Permit`), and a "no" is confirmed by the database before it is said (`confirm`).
 */
export class RightsCache<R extends VersionedRights> {
  private readonly cache: BoundedCache<Known<R>>;
  /** Keys of the cache by channel: one that changes as a whole must not cost a walk through all others. */
  private readonly keys = new Map<string, Set<string>>();
  private readonly loading = new Map<string, Loading<R>>();
  private readonly confirmations = new RateLimiter(CONFIRMATIONS, MAX_CONFIRMATION_BYTES);
  /** What is asked in this turn, by the connection over which it goes; undefined for any. */
  private readonly next = new Map<Sql | undefined, Query<R>>();
  private queriesSent = 0;
  private readonly countHit: () => void;
  private readonly countMiss: () => void;

  constructor(
    private readonly source: RightsSource<R>,
    fanOut: FanOut,
    bus: Bus,
  ) {
    this.countHit = tally(metrics.cacheRequests, { cache: source.name, result: 'hit' });
    this.countMiss = tally(metrics.cacheRequests, { cache: source.name, result: 'miss' });
    this.cache = new BoundedCache<Known<R>>({
      name: `rights-${source.name}`,
      maxBytes: MAX_BYTES,
      entryBytes: RIGHT_BYTES,
      ttlMs: bus.isLocal ? TTL_LOCAL_MS : TTL_CLUSTER_MS,
      onRemoved: (key) => this.unlist(key),
    });
    fanOut.onSeen(({ type, channelId, userId }) => {
      if (source.changes.has(type)) this.forget(channelId, source.revocations.has(type) ? undefined : (userId as string | undefined));
    });
  }

  /** A mark in time: what was read after it is known to `confirm` as new. */
  get now(): number {
    return this.queriesSent;
  }

  /** What is remembered; a promise only when nothing is. */
  get(channelId: string, userId: string): R | None | Promise<R | None> {
    const known = this.cache.get(rightsKey(channelId, userId));
    if (!known) {
      this.countMiss();
      return this.load(channelId, userId);
    }
    this.countHit();
    return known.rights;
  }

  /**
   * For whoever got a "no", having asked at `since` (`now`): what the database says, or what is remembered when that was read after they asked.
   * Who asks in vain again and again is told what is remembered, and costs one query a second.
   */
  confirm(channelId: string, userId: string, since: number): R | None | Promise<R | None> {
    const key = rightsKey(channelId, userId);
    const known = this.cache.get(key);
    if (known && (known.query >= since || this.confirmations.take(key) > 0)) return known.rights;
    this.forget(channelId, userId);
    return this.load(channelId, userId);
  }

  /** The rights at this version of the channel's, which is locked: read over the connection that has it locked, if they are not remembered. */
  at(version: number, channelId: string, userId: string, sql: Sql): R | None | Promise<R | None> {
    const key = rightsKey(channelId, userId);
    const known = this.cache.get(key)?.rights;
    if (known !== undefined && known !== 'none' && known.version === version) return known;
    // The others' are as old: read together, when they are asked for, they cost less than one by one, each after a refusal.
    if (known !== undefined) this.forget(channelId);
    return this.ask({ channelId, userId }, sql).then((found) => found.get(key) ?? 'none');
  }

  /** Those of the channels on which the user has any right. */
  async readable(userId: string, channelIds: readonly string[]): Promise<Set<string>> {
    const known = new Set<string>();
    const unknown: string[] = [];
    for (const channelId of channelIds) {
      const key = rightsKey(channelId, userId);
      const rights = this.cache.get(key)?.rights;
      if (rights === undefined || (rights === 'none' && this.confirmations.take(key) === 0)) unknown.push(channelId);
      else if (rights !== 'none') known.add(channelId);
    }
    if (unknown.length > 0) for (const channelId of await this.readableNow(userId, unknown)) known.add(channelId);
    return known;
  }

  /** As `readable`, from the database and not from the cache. */
  async readableNow(userId: string, channelIds: readonly string[], suffices: (rights: R) => boolean = () => true): Promise<Set<string>> {
    const found = await this.source.fetch(channelIds.map((channelId) => ({ channelId, userId })));
    const isReadable = (channelId: string) => {
      const rights = found.get(rightsKey(channelId, userId));
      return rights !== undefined && suffices(rights);
    };
    return new Set(channelIds.filter(isReadable));
  }

  /** For changes that no entry tells of, or whose entry may never come. */
  forget(channelId: string, userId?: string): void {
    if (userId !== undefined) return this.forgetKey(rightsKey(channelId, userId));
    for (const key of this.keys.get(channelId) ?? []) this.cache.delete(key);
    for (const key of this.loading.keys()) if (key.startsWith(channelId)) this.forgetKey(key);
  }

  /** What is asked for in this turn is read after it: that is no older than what is to be forgotten. */
  private forgetKey(key: string): void {
    this.cache.delete(key);
    if (this.loading.get(key)?.query !== this.queriesSent) this.loading.delete(key);
  }

  /** One query for all who ask at once. What was forgotten meanwhile is answered, but not kept. */
  private load(channelId: string, userId: string): Promise<R | None> {
    const key = rightsKey(channelId, userId);
    const known = this.loading.get(key);
    if (known) return known.rights;
    const found = this.ask({ channelId, userId });
    const query = this.queriesSent;
    const loading: Loading<R> = {
      query,
      rights: found.then((rights) => {
        const own = rights.get(key) ?? 'none';
        if (this.loading.get(key) === loading) this.keep(channelId, key, { rights: own, query });
        return own;
      }),
    };
    this.loading.set(key, loading);
    const done = () => void (this.loading.get(key) === loading && this.loading.delete(key));
    loading.rights.then(done, done);
    return loading.rights;
  }

  /** What is asked in one turn, over one connection, is one query: when rights change in a large room, many ask at once. */
  private ask(question: RightsQuestion, sql?: Sql): Promise<Map<string, R>> {
    let query = this.next.get(sql);
    if (query && query.questions.length >= MAX_QUESTIONS) {
      this.begin(sql);
      query = undefined;
    }
    if (!query) this.next.set(sql, (query = this.gather([], sql)));
    query.questions.push(question);
    return query.found;
  }

  private gather(questions: RightsQuestion[], sql: Sql | undefined): Query<R> {
    const found = Promise.resolve().then(() => {
      if (this.next.get(sql)?.questions === questions) this.begin(sql);
      return this.source.fetch(questions, sql);
    });
    return { questions, found };
  }

  private begin(sql: Sql | undefined): void {
    this.next.delete(sql);
    if (!sql) this.queriesSent += 1;
  }

  private keep(channelId: string, key: string, known: Known<R>): void {
    this.cache.set(key, known);
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
