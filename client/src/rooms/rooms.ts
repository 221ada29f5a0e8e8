import type { EntryView } from '../../../src/protocol/entries.js';
import type { MessageAck } from '../../../src/protocol/messages.js';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import type { Channels } from '../channels/channels.js';
import { Chore } from '../chore.js';
import { AtriumError } from '../errors.js';
import type { Operation } from '../outbox/outbox-storage.js';
import { Listeners, type Readable, Value } from '../store.js';
import { Room, type RoomContext } from './room.js';
import { RoomKeeper } from './room-keeper.js';
import type { KeptRoom, RoomStorage } from './room-storage.js';

/** A room that one is a member of from now on. */
export interface AddedRoom {
  readonly roomId: string;
  readonly kind: MyRoom['kind'];
  readonly name: string | null;
  /** Id of the user who added the signed-in user. */
  readonly addedBy: string;
}

/** The rooms of whoever is signed in. */
export class Rooms {
  private readonly rooms = new Map<string, Room>();
  private readonly listed = new Value<readonly MyRoom[] | null>(null);
  private isListing = false;
  /** Rooms that one has been brought into, and of which nothing else is known yet. */
  private readonly added = new Map<string, AddedRoom | undefined>();
  private readonly addedListeners = new Listeners<[AddedRoom]>();
  private readonly discovering = new Chore(() => this.discoverAdded());
  private entering: string | undefined;
  /** Changes when somebody else signs in, or nobody is signed in: answers to earlier questions are not theirs. */
  private era = {};
  private readonly keeper: RoomKeeper;
  /** What the device has kept is shown, or there is nothing. */
  private restored: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: RoomContext,
    private readonly channels: Channels,
    storage?: RoomStorage,
  ) {
    this.keeper = new RoomKeeper(storage, () => this.sorted().flatMap(({ id }) => this.rooms.get(id)?.toKeep() ?? []));
  }

  /** One's own rooms, the most recently active first. Null until they are loaded. */
  get mine(): Readable<readonly MyRoom[] | null> {
    return this.listed;
  }

  /** A handle; the same one for the same room. */
  get(roomId: string): Room {
    let room = this.rooms.get(roomId);
    if (!room) {
      this.rooms.set(roomId, (room = new Room(roomId, this.context)));
      const change = (): void => this.keeper.changed(roomId);
      room.state.subscribe(() => {
        this.list();
        change();
      });
      room.timeline.view.subscribe(change);
    }
    return room;
  }

  /** Calls `listener` for each room that somebody else brings one into from now on. @returns what ends that */
  onAdded(listener: (added: AddedRoom) => void): () => void {
    return this.addedListeners.add(listener);
  }

  async create(body: { name: string; isPrivate?: boolean; password?: string; maxMembers?: number }): Promise<Room> {
    return this.enter(this.context.api.create(body));
  }

  /** The direct room with somebody; it is made when there is none. */
  async direct(userId: string): Promise<Room> {
    return this.enter(this.context.api.createDirect(userId));
  }

  /** @throws AtriumError `PERMISSION_DENIED` without the right password, `GROUP_FULL`, `ROOM_NOT_FOUND` */
  async join(roomId: string, password?: string): Promise<Room> {
    return this.enter(this.context.api.join(roomId, password));
  }

  async leave(roomId: string): Promise<void> {
    await this.context.api.leave(roomId);
    // Not dropped at once: the answer may be late, and we may have come back since. The channel knows.
    await this.channels.repair(roomId);
  }

  /** @internal Somebody is signed in: shows what the device has kept for them. */
  open(userId: string | undefined): void {
    const { era } = this;
    this.restored = this.keeper.open(userId).then((kept) => {
      if (era === this.era) this.restore(kept);
    });
  }

  /** @internal The page may be closed any moment. */
  keepNow(): void {
    this.keeper.flush();
  }

  /** @internal Resolves when what was kept is shown and followed, so that `resume` brings what it misses. */
  get whenRestored(): Promise<void> {
    return this.restored;
  }

  /**
   * @internal After each connect: which rooms there are. Their channels are followed from the position of this answer on. A room that is
   * missing from it is not dropped yet: we may have been brought into it since, and `resume` will tell.
   */
  async load(signal: AbortSignal): Promise<void> {
    const rooms = await this.context.api.listMine();
    signal.throwIfAborted();
    this.isListing = true;
    for (const room of rooms) this.take(room);
    this.isListing = false;
    this.list();
  }

  /** @internal */
  async reconnected(): Promise<void> {
    await Promise.all([...this.rooms.values()].map((room) => room.reconnected()));
  }

  /** @internal Events that are no entries. */
  hear(name: string, payload: { roomId: string; userId: string; on?: boolean; lastReadSeq?: number; addedBy?: string }): void {
    if (name === 'room-added') this.discover(payload.roomId, payload.addedBy === undefined ? undefined : (payload as unknown as AddedRoom));
    else if (name === 'read') this.rooms.get(payload.roomId)?.readElsewhere(payload.lastReadSeq!);
    else this.rooms.get(payload.roomId)?.hear(name, payload);
  }

  /** @internal */
  sent(operation: Operation & { kind: 'send' }, ack: MessageAck): void {
    this.rooms.get(operation.roomId)?.sent(operation, ack);
  }

  /** @internal Nobody is signed in any more, or somebody else. */
  clear(): void {
    this.era = {};
    this.stop();
    this.keeper.close();
    for (const [id, room] of this.rooms) {
      this.channels.unfollow(id);
      room.dispose();
    }
    this.rooms.clear();
    this.added.clear();
    this.listed.set(null);
  }

  /** @internal No more requests and timers, until there is something new. */
  stop(): void {
    this.discovering.stop();
    this.keeper.stop();
    for (const room of this.rooms.values()) room.stop();
  }

  private async enter(answer: Promise<MyRoom>): Promise<Room> {
    const { era } = this;
    const state = await answer;
    if (era !== this.era) throw new AtriumError('UNAUTHENTICATED', 'Signed out meanwhile');
    this.take(state);
    await this.channels.repair(state.id);
    const room = this.get(state.id);
    await room.reconnected();
    return room;
  }

  /** Somebody, or we on another device, made us a member. */
  private discover(roomId: string, by?: AddedRoom): void {
    this.added.set(roomId, by ?? this.added.get(roomId));
    void this.discovering.do();
  }

  private async discoverAdded(): Promise<void> {
    for (const [roomId, by] of this.added) {
      // Before the answer: whoever asks meanwhile wants a newer one.
      this.added.delete(roomId);
      try {
        if (!this.channels.has(roomId)) await this.enterIfMember(roomId);
      } catch (error) {
        this.added.set(roomId, by);
        throw error;
      }
      if (by && this.rooms.get(roomId)?.state.get()) this.tellAdded(by);
    }
  }

  private tellAdded(added: AddedRoom): void {
    this.addedListeners.tell(added);
  }

  private async enterIfMember(roomId: string): Promise<void> {
    const { era } = this;
    const state = await this.context.api.room(roomId).catch(nullIfRefused);
    if (!state || era !== this.era) return;
    this.entering = roomId;
    await this.enter(Promise.resolve(state)).finally(() => (this.entering = undefined));
  }

  /** The server's answer, if it was faster, is newer. */
  private restore(kept: readonly KeptRoom[]): void {
    if (this.listed.get() !== null || kept.length === 0) return;
    this.isListing = true;
    for (const each of kept) {
      const { id, lastSeq } = each.state;
      if (this.channels.has(id)) continue;
      const room = this.get(id);
      room.restore(each);
      this.follow(room, lastSeq);
    }
    this.isListing = false;
    this.list();
  }

  private take(state: MyRoom): void {
    const room = this.get(state.id);
    room.adopt(state);
    if (this.channels.has(state.id)) return;
    this.follow(room, state.lastSeq);
    room.followed();
  }

  private follow(room: Room, lastSeq: number): void {
    const { id } = room;
    this.channels.follow(id, lastSeq, {
      apply: (entry: EntryView) => {
        room.apply(entry);
        if (entry.type === 'message-deleted') this.keeper.erased(id);
        if (room.state.get()) return;
        this.drop(id);
        // Left and entered again while nobody looked: what is missed tells both at once.
        if (entry.type === 'member-joined' && entry.userId === this.context.ownId()) this.discover(id);
      },
      reset: (lastSeq) => room.reset(lastSeq),
      refused: () => {
        this.drop(id);
        // The refusal may be older than a `room-added` that came before it: whoever followed a channel was in it, and may be again.
        if (this.entering !== id) this.discover(id);
      },
    });
  }

  private drop(roomId: string): void {
    this.channels.unfollow(roomId);
    this.rooms.get(roomId)?.gone();
  }

  private list(): void {
    if (!this.isListing) this.listed.set(this.sorted());
  }

  private sorted(): readonly MyRoom[] {
    return [...this.rooms.values()].flatMap((room) => room.state.get() ?? []).sort(byActivity);
  }
}

/** In the server's order: the most recently active first. ISO 8601 in UTC compares as text. */
function byActivity(a: MyRoom, b: MyRoom): number {
  const [activeA, activeB] = [activityOf(a), activityOf(b)];
  if (activeA !== activeB) return activeA < activeB ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

function activityOf(room: MyRoom): string {
  return room.lastMessage?.createdAt ?? room.createdAt;
}

/** Gone again, or never ours. */
function nullIfRefused(error: unknown): null {
  if (AtriumError.from(error).isRetryable) throw error;
  return null;
}
