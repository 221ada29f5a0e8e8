import type { KeptRoom, RoomStorage } from './room-storage.js';

/** So many rooms are kept, the most recently active ones. */
export const MAX_ROOMS = 200;
/** Of so many of them the messages are kept, too: those that were opened last. */
export const MAX_OPENED = 20;
/** What changes within this is written at once. */
const WRITE_AFTER_MS = 1_000;
/** A storage that takes longer is not waited for: the server knows everything. */
const READ_WITHIN_MS = 1_000;

/** Keeps the rooms of whoever is signed in on the device, as far as its bounds go. Everything works without it. */
export class RoomKeeper {
  private userId: string | undefined;
  private readonly changedIds = new Set<string>();
  /** Of which messages were kept at the last writing. */
  private withMessages: ReadonlySet<string> = new Set();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Undefined: nothing is kept. */
    private readonly storage: RoomStorage | undefined,
    /** The rooms as they are now, the most recently active first. */
    private readonly read: () => readonly KeptRoom[],
  ) {}

  /** What is kept for this user. Nobody else's is kept any longer. */
  async open(userId: string | undefined): Promise<readonly KeptRoom[]> {
    this.userId = userId;
    const { storage } = this;
    if (!storage) return [];
    void storage.forget(userId).catch(() => undefined);
    if (userId === undefined) return [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<readonly KeptRoom[]>((resolve) => (timer = setTimeout(() => resolve([]), READ_WITHIN_MS)));
    const kept = await Promise.race([storage.list(userId).catch(() => []), tooLate]);
    clearTimeout(timer);
    return this.userId === userId ? kept : [];
  }

  /** Nobody is signed in any more, or somebody else: what was kept is removed by the next `open`. */
  close(): void {
    this.stop();
    this.userId = undefined;
    this.withMessages = new Set();
  }

  /** A room has changed, or is gone: to be written soon. */
  changed(roomId: string): void {
    if (!this.storage || this.userId === undefined) return;
    this.changedIds.add(roomId);
    this.timer ??= setTimeout(() => this.write(), WRITE_AFTER_MS);
  }

  /** Something was erased from a room: the device forgets it at once. */
  erased(roomId: string): void {
    this.changed(roomId);
    this.flush();
  }

  /** Writes what has changed without waiting: nobody knows whether there is a later. */
  flush(): void {
    if (this.changedIds.size > 0) this.write();
  }

  /** Nothing more is written until something changes. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changedIds.clear();
  }

  private write(): void {
    const { storage, userId } = this;
    const changed = new Set(this.changedIds);
    this.stop();
    if (!storage || userId === undefined) return;
    const rooms = this.read().slice(0, MAX_ROOMS);
    const opened = rooms.filter(({ openedAtMs }) => openedAtMs > 0).sort((a, b) => b.openedAtMs - a.openedAtMs);
    const withMessages = new Set(opened.slice(0, MAX_OPENED).map(({ state }) => state.id));
    for (const id of this.withMessages) if (!withMessages.has(id)) changed.add(id);
    this.withMessages = withMessages;
    const toPut = rooms.filter(({ state }) => changed.has(state.id)).map((room) => (withMessages.has(room.state.id) ? room : withoutMessages(room)));
    const ids = new Set(rooms.map(({ state }) => state.id));
    const toRemove = [...changed].filter((id) => !ids.has(id));
    // A storage that does not work keeps nothing, and nothing is missed.
    if (toPut.length > 0) void storage.put(userId, toPut).catch(() => undefined);
    if (toRemove.length > 0) void storage.remove(userId, toRemove).catch(() => undefined);
  }
}

function withoutMessages({ state, profiles, openedAtMs }: KeptRoom): KeptRoom {
  return { state, profiles: profiles.filter(({ id }) => id === state.lastMessage?.senderId), openedAtMs };
}
