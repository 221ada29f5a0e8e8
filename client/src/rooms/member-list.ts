import type { EntryView } from '../../../src/protocol/entries.js';
import type { Member, RoomRole } from '../../../src/protocol/rooms.js';
import type { Profile } from '../../../src/protocol/users.js';
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
  private loading: Promise<void> | undefined;

  constructor(
    private readonly readPage: (cursor: string | undefined) => Promise<MemberPage>,
    private readonly findProfile: (userId: string) => Promise<Profile | null>,
  ) {}

  /** Null until the first page is there. */
  get view(): Readable<MembersView | null> {
    return this.shown;
  }

  /** Loads the first page, or the next one. */
  loadMore(): Promise<void> {
    this.loading ??= this.loadPage().finally(() => (this.loading = undefined));
    return this.loading;
  }

  /** Reads afresh as much as is shown. */
  async reload(): Promise<void> {
    const wanted = this.shown.get()?.items.length;
    if (wanted === undefined) return;
    await this.loading;
    this.cursor = null;
    const items: Member[] = [];
    do {
      const page = await this.readPage(this.cursor ?? undefined);
      items.push(...page.items);
      this.cursor = page.nextCursor;
    } while (this.cursor !== null && items.length < wanted);
    this.shown.set({ items, hasMore: this.cursor !== null });
  }

  apply(entry: EntryView): void {
    const userId = entry.userId as string;
    switch (entry.type) {
      case 'member-joined':
        void this.addNew(userId, entry.role as RoomRole, entry.at);
        break;
      case 'member-left':
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

  private async loadPage(): Promise<void> {
    const view = this.shown.get();
    if (view && !view.hasMore) return;
    const page = await this.readPage(this.cursor ?? undefined);
    this.cursor = page.nextCursor;
    const before = this.shown.get()?.items ?? [];
    const known = new Set(before.map(({ user }) => user.id));
    this.shown.set({ items: [...before, ...page.items.filter(({ user }) => !known.has(user.id))], hasMore: page.nextCursor !== null });
  }

  /** Who joins comes last; while there are pages to load, the last of them will tell. */
  private async addNew(userId: string, role: RoomRole, joinedAt: string): Promise<void> {
    if (!this.shown.get() || this.shown.get()!.hasMore) return;
    const user = await this.findProfile(userId);
    if (!user) return;
    this.shown.update((view) => {
      if (!view || view.items.some((member) => member.user.id === userId)) return view;
      return { ...view, items: [...view.items, { user, role, joinedAt, mutedUntil: null, lastReadSeq: 0, online: true }] };
    });
  }

  private change(userId: string, change: Partial<Member>): void {
    const view = this.shown.get();
    const index = view?.items.findIndex(({ user }) => user.id === userId) ?? -1;
    if (!view || index < 0) return;
    this.shown.set({ ...view, items: view.items.with(index, { ...view.items[index]!, ...change }) });
  }
}
