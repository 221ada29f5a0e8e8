import type { EntryView } from '../../../src/protocol/entries.js';
import type { Member, RoomRole } from '../../../src/protocol/rooms.js';
import type { Profile } from '../../../src/protocol/users.js';
import { Chore } from '../chore.js';
import { type Readable, Value } from '../store.js';

export interface MembersView {
  readonly items: readonly Member[];
  readonly hasMore: boolean;
}

interface MemberPage {
  items: Member[];
  nextCursor: string | null;
}

/** The members of a room as far as they were loaded, in the order in which they joined, live. */
export class MemberList {
  private readonly shown = new Value<MembersView | null>(null);
  private cursor: string | null = null;
  private loadingMore: Promise<void> | undefined;
  /** Loads follow one another. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Entries that came while pages were on their way, which may be older than they are. */
  private meanwhile: EntryView[] | undefined;
  /** The entry by which a user came or went last. */
  private readonly moves = new Map<string, number>();
  private readonly reloading = new Chore(() => this.inTurn(() => this.loadAgain()));

  constructor(
    private readonly readPage: (cursor: string | undefined) => Promise<MemberPage>,
    private readonly findProfile: (userId: string) => Promise<Profile | null>,
    private readonly isOnline: (userId: string) => boolean,
  ) {}

  /** Null until the first page is there. */
  get view(): Readable<MembersView | null> {
    return this.shown;
  }

  /** Loads the first page, or the next one. */
  loadMore(): Promise<void> {
    this.loadingMore ??= this.inTurn(() => this.loadPage()).finally(() => (this.loadingMore = undefined));
    return this.loadingMore;
  }

  /** Reads afresh as much as is shown. */
  async reload(): Promise<void> {
    if (this.shown.get()) await this.reloading.do();
  }

  /** No more requests, until asked again. */
  stop(): void {
    this.reloading.stop();
  }

  apply(entry: EntryView): void {
    this.meanwhile?.push(entry);
    const userId = entry.userId as string;
    switch (entry.type) {
      case 'member-joined':
        this.moves.set(userId, entry.seq);
        void this.addNew(entry);
        break;
      case 'member-left':
        this.moves.set(userId, entry.seq);
        this.shown.update((view) => view && { ...view, items: view.items.filter(({ user }) => user.id !== userId) });
        break;
      case 'member-updated':
        this.change(userId, { role: entry.role as RoomRole, mutedUntil: entry.mutedUntil as string | null });
        break;
      case 'read':
        this.change(userId, { lastReadSeq: entry.lastReadSeq as number });
        break;
    }
  }

  setOnline(userId: string, online: boolean): void {
    this.change(userId, { online });
  }

  private inTurn<T>(load: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(async () => {
      const meanwhile: EntryView[] = (this.meanwhile = []);
      const loaded = await load().finally(() => (this.meanwhile = undefined));
      for (const entry of meanwhile) this.apply(entry);
      return loaded;
    });
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async loadPage(): Promise<void> {
    const view = this.shown.get();
    if (view && !view.hasMore) return;
    const page = await this.readPage(this.cursor ?? undefined);
    this.cursor = page.nextCursor;
    const before = this.shown.get()?.items ?? [];
    const known = new Set(before.map(({ user }) => user.id));
    this.shown.set({ items: [...before, ...page.items.filter(({ user }) => !known.has(user.id))], hasMore: page.nextCursor !== null });
  }

  private async loadAgain(): Promise<void> {
    const wanted = this.shown.get()?.items.length ?? 0;
    const items: Member[] = [];
    let cursor: string | null = null;
    do {
      const page: MemberPage = await this.readPage(cursor ?? undefined);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < wanted);
    this.cursor = cursor;
    this.shown.set({ items, hasMore: cursor !== null });
  }

  /** Who joins comes last; while there are pages to load, the last of them will tell. */
  private async addNew({ userId, role, at, seq }: EntryView): Promise<void> {
    const id = userId as string;
    if (!this.shown.get() || this.shown.get()!.hasMore) return;
    const user = await this.findProfile(id);
    // Gone again meanwhile.
    if (this.moves.get(id) !== seq) return;
    if (!user) return this.reload();
    this.shown.update((view) => {
      if (!view || view.hasMore || view.items.some((member) => member.user.id === id)) return view;
      // Whoever joins has nothing unread.
      const member: Member = { user, role: role as RoomRole, joinedAt: at, mutedUntil: null, lastReadSeq: seq - 1, online: this.isOnline(id) };
      return { ...view, items: [...view.items, member] };
    });
  }

  private change(userId: string, change: Partial<Member>): void {
    const view = this.shown.get();
    const index = view?.items.findIndex(({ user }) => user.id === userId) ?? -1;
    if (!view || index < 0) return;
    this.shown.set({ ...view, items: view.items.with(index, { ...view.items[index]!, ...change }) });
  }
}
