import type { DocumentRole } from '../../../src/protocol/access.js';
import type { PageSummary } from '../../../src/protocol/pages.js';
import { Chore } from '../chore.js';
import { AtriumError } from '../errors.js';
import { type Readable, Value } from '../store.js';

/** One's own pages as far as they were loaded, the most recently changed first. */
export interface PageListView {
  readonly items: readonly PageSummary[];
  readonly hasMore: boolean;
}

/** What the server tells of a page that is not open: its title, and one's own role on it; null when it is gone, or no longer ours. */
export interface ChangedPage {
  readonly pageId: string;
  readonly title: string;
  readonly role: DocumentRole | null;
}

interface Loaded {
  items: PageSummary[];
  nextCursor: string | null;
}

/** The pages that one may see, live: those that come, go, or are called something else. */
export class PageList {
  private readonly shown = new Value<PageListView | null>(null);
  private readonly lastError = new Value<AtriumError | null>(null);
  private cursor: string | null = null;
  private loadingMore: Promise<void> | undefined;
  private readonly refreshing = new Chore(() => this.readHead());
  /** Changes when somebody else signs in, or nobody is signed in: answers to earlier questions are not theirs. */
  private era = {};
  /** Somebody has asked for it. */
  private isWanted = false;

  constructor(private readonly read: (cursor?: string) => Promise<Loaded>) {}

  /** Null until it is loaded, which `refresh` begins. */
  get view(): Readable<PageListView | null> {
    return this.shown;
  }

  /** Why there is no list; it is tried again where that may help. */
  get error(): Readable<AtriumError | null> {
    return this.lastError;
  }

  /** Reads the beginning of the list, where what is new stands, and keeps it fresh from now on. Resolves at the end of an attempt. */
  refresh(): Promise<void> {
    this.isWanted = true;
    return this.refreshing.do();
  }

  /** Loads the next page of it. @throws AtriumError */
  loadMore(): Promise<void> {
    this.loadingMore ??= this.readMore().finally(() => (this.loadingMore = undefined));
    return this.loadingMore;
  }

  /** @internal One may see another page. */
  added(): void {
    if (this.isWanted) void this.refreshing.do();
  }

  /** @internal */
  changed({ pageId, title, role }: ChangedPage): void {
    this.shown.update((view) => view && { ...view, items: view.items.flatMap((page) => (page.pageId !== pageId ? page : role === null ? [] : { ...page, title, role })) });
    // What is on its way may be older than this; and what has changed moves to the front.
    this.added();
  }

  /** @internal After each connect. */
  async reconnected(): Promise<void> {
    if (this.isWanted) await this.refreshing.do();
  }

  /** @internal Nobody is signed in any more, or somebody else. */
  clear(): void {
    this.stop();
    this.era = {};
    this.isWanted = false;
    this.cursor = null;
    this.shown.set(null);
    this.lastError.set(null);
  }

  /** @internal No more requests and timers, until there is something new. */
  stop(): void {
    this.refreshing.stop();
  }

  private async readHead(): Promise<void> {
    const { era } = this;
    try {
      const head = await this.read();
      if (era !== this.era) return;
      this.lastError.set(null);
      this.take(head);
    } catch (error) {
      if (era === this.era) this.lastError.set(AtriumError.from(error));
      throw error;
    }
  }

  /** What is known beyond the beginning stays: it can only have moved to the front, or gone, and both are told. */
  private take({ items, nextCursor }: Loaded): void {
    const last = items.at(-1);
    const known = new Set(items.map(({ id }) => id));
    const beyond = nextCursor === null || !last ? [] : (this.shown.get()?.items ?? []).filter((page) => !known.has(page.id) && isBefore(last, page));
    if (beyond.length === 0) this.cursor = nextCursor;
    this.shown.set({ items: [...items, ...beyond], hasMore: this.cursor !== null });
  }

  private async readMore(): Promise<void> {
    const { era, cursor } = this;
    if (cursor === null) return;
    const { items, nextCursor } = await this.read(cursor);
    if (era !== this.era || cursor !== this.cursor) return;
    this.cursor = nextCursor;
    const shown = this.shown.get()?.items ?? [];
    const known = new Set(shown.map(({ id }) => id));
    this.shown.set({ items: [...shown, ...items.filter(({ id }) => !known.has(id))], hasMore: nextCursor !== null });
  }
}

/** In the server's order: the most recently changed first. ISO 8601 in UTC compares as text. */
function isBefore(a: PageSummary, b: PageSummary): boolean {
  return a.updatedAt === b.updatedAt ? a.id > b.id : a.updatedAt > b.updatedAt;
}
