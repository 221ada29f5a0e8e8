import type { Profile } from '../../../src/protocol/users.js';
import { backoffMs } from '../connection/backoff.js';
import { isSameJson } from '../same-json.js';
import { type Readable, Value } from '../store.js';
import { type Block, BlockList, type BlocksApi } from './block-list.js';

/** Their ids make an address of about 4 KB, which every proxy lets through. */
const BATCH_IDS = 100;
const COLLECT_MS = 5;
/** Names are worth another try, but not for ever: the next connection is one, too. */
const MAX_ATTEMPTS = 5;

/** Asks for profiles by their ids; unknown ids are missing from the answer. */
export type ReadProfiles = (ids: readonly string[]) => Promise<readonly Profile[]>;

/** Who people are, and whom one has blocked. Profiles are asked for when somebody looks, many at once. */
export class Users {
  private readonly profiles = new Map<string, Value<Profile | null>>();
  private wanted = new Set<string>();
  /** Known from the device alone: asked for when somebody looks. */
  private readonly stale = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly blockList: BlockList;

  constructor(
    private readonly readProfiles: ReadProfiles,
    private readonly blocksApi: BlocksApi,
  ) {
    this.blockList = new BlockList(blocksApi);
  }

  /** Ids of those whom one has blocked, live; null until they are known. */
  get blocked(): Readable<ReadonlySet<string> | null> {
    return this.blockList.ids;
  }

  /** They cannot add one to anything, nor open a direct room; in the one that exists neither can write. */
  async block(userId: string): Promise<void> {
    await this.blocksApi.block(userId);
    this.blockList.hear(userId, true);
  }

  async unblock(userId: string): Promise<void> {
    await this.blocksApi.unblock(userId);
    this.blockList.hear(userId, false);
  }

  /** Blocked users with their profiles, most recently blocked first. */
  async blocks(cursor?: string): Promise<{ items: Block[]; nextCursor: string | null }> {
    const page = await this.blocksApi.list(cursor);
    this.learn(page.items.map(({ user }) => user));
    return page;
  }

  /** For events. */
  hearBlock({ userId, blocked }: { userId: string; blocked: boolean }): void {
    this.blockList.hear(userId, blocked);
  }

  reconnected(): void {
    this.retry();
    this.blockList.reconnected();
  }

  /** Another user has other blocks. Profiles are the same for all. */
  clear(): void {
    this.blockList.clear();
  }

  /** Null until it is known, and for ever when there is no such user. */
  profile(userId: string): Readable<Profile | null> {
    const known = this.profiles.get(userId);
    if (known && this.stale.delete(userId)) this.want(userId);
    if (known) return known;
    const value = new Value<Profile | null>(null);
    this.profiles.set(userId, value);
    // Nobody has done what the server did by itself.
    if (userId !== '') this.want(userId);
    return value;
  }

  /** What is known already; nothing is asked for. */
  known(userId: string): Profile | null {
    return this.profiles.get(userId)?.get() ?? null;
  }

  /** Shows what the device has kept, of those of whom nothing is known yet. */
  restore(profiles: Iterable<Profile>): void {
    for (const profile of profiles) {
      const known = this.profiles.get(profile.id);
      if (known?.get()) continue;
      if (known) known.set(profile);
      else {
        this.profiles.set(profile.id, new Value<Profile | null>(profile));
        this.stale.add(profile.id);
      }
    }
  }

  /** Asks again for what could not be read. */
  retry(): void {
    if (this.wanted.size > 0) this.fetchIn(COLLECT_MS);
  }

  /** No more requests, until somebody looks again. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.blockList.stop();
  }

  /** Keeps what another answer told. */
  learn(profiles: Iterable<Profile>): void {
    for (const profile of profiles) {
      const known = this.profiles.get(profile.id);
      this.wanted.delete(profile.id);
      this.stale.delete(profile.id);
      if (!known) this.profiles.set(profile.id, new Value<Profile | null>(profile));
      else if (!isSameJson(known.get(), profile)) known.set(profile);
    }
  }

  private want(userId: string): void {
    this.wanted.add(userId);
    this.fetchIn(COLLECT_MS);
  }

  private fetchIn(delayMs: number, attempt = 0): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.fetchWanted(attempt);
    }, delayMs);
  }

  private async fetchWanted(attempt: number): Promise<void> {
    const ids = [...this.wanted];
    this.wanted = new Set();
    for (let i = 0; i < ids.length; i += BATCH_IDS) {
      const batch = ids.slice(i, i + BATCH_IDS);
      try {
        this.learn(await this.readProfiles(batch));
      } catch {
        for (const id of batch) this.wanted.add(id);
        if (attempt < MAX_ATTEMPTS) this.fetchIn(backoffMs(attempt + 1), attempt + 1);
      }
    }
  }
}
