import type { Profile } from '../../../src/protocol/users.js';
import { backoffMs } from '../connection/backoff.js';
import { type Rest, unwrap } from '../rest/rest.js';
import { type Readable, Value } from '../store.js';

const PAGE_ITEMS = 200;
/** The next connection is another attempt. */
const MAX_ATTEMPTS = 5;

/** Somebody whom one has blocked. */
export interface Block {
  readonly user: Profile;
  readonly blockedAt: string;
}

/** The requests about blocks. */
export type BlocksApi = ReturnType<typeof blocksApi>;

export function blocksApi(rest: Rest) {
  const at = (userId: string) => ({ params: { path: { userId } } });
  return {
    list: (cursor?: string): Promise<{ items: Block[]; nextCursor: string | null }> =>
      unwrap(rest.GET('/api/v1/users/me/blocks', { params: { query: { limit: PAGE_ITEMS, ...(cursor && { cursor }) } } })),
    block: (userId: string): Promise<void> => unwrap(rest.PUT('/api/v1/users/me/blocks/{userId}', at(userId))),
    unblock: (userId: string): Promise<void> => unwrap(rest.DELETE('/api/v1/users/me/blocks/{userId}', at(userId))),
  };
}

/** The people that this user has blocked, on any device. The list is fetched when it is first read, and kept up to date from then on. */
export class BlockList {
  private readonly known = new Value<ReadonlySet<string> | null>(null);
  private isWanted = false;
  /** Grows with every change: an answer that was asked for before one is asked for again. */
  private changes = 0;
  private loading: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: BlocksApi) {}

  /** Their ids; null until they are known. */
  get ids(): Readable<ReadonlySet<string> | null> {
    if (!this.isWanted) {
      this.isWanted = true;
      this.load();
    }
    return this.known;
  }

  /** What the server says, or will say after the present change. */
  hear(userId: string, isBlocked: boolean): void {
    this.changes += 1;
    this.known.update((ids) => {
      if (ids === null || ids.has(userId) === isBlocked) return ids;
      const next = new Set(ids);
      if (isBlocked) next.add(userId);
      else next.delete(userId);
      return next;
    });
  }

  /** Something may have been missed. */
  reconnected(): void {
    this.changes += 1;
    if (this.isWanted) this.load();
  }

  /** Another user's list is another one. Who still looks at it sees that one's at the next connection. */
  clear(): void {
    this.stop();
    this.changes += 1;
    this.known.set(null);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private load(attempt = 0): void {
    clearTimeout(this.timer);
    this.loading ??= this.read()
      .catch(() => {
        if (attempt < MAX_ATTEMPTS) this.timer = setTimeout(() => this.load(attempt + 1), backoffMs(attempt + 1));
      })
      .finally(() => (this.loading = undefined));
  }

  private async read(): Promise<void> {
    for (let before = -1; before !== this.changes; ) {
      before = this.changes;
      const ids = new Set<string>();
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Awaited<ReturnType<BlocksApi['list']>> = await this.api.list(cursor);
        for (const { user } of page.items) ids.add(user.id);
        cursor = page.nextCursor;
      }
      if (before === this.changes) this.known.set(ids);
    }
  }
}
