import type { EntryView } from '../../../src/protocol/entries.js';
import type { MessageAck } from '../../../src/protocol/messages.js';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import type { Channels } from '../channels/channels.js';
import type { Operation } from '../outbox/outbox-storage.js';
import { type Readable, Value } from '../store.js';
import { Room, type RoomContext } from './room.js';

/** The rooms of whoever is signed in. */
export class Rooms {
  private readonly rooms = new Map<string, Room>();
  private readonly listed = new Value<readonly MyRoom[] | null>(null);
  private isListing = false;

  constructor(
    private readonly context: RoomContext,
    private readonly channels: Channels,
  ) {}

  /** One's own rooms, the most recently active first. Null until they are loaded. */
  get mine(): Readable<readonly MyRoom[] | null> {
    return this.listed;
  }

  /** A handle; the same one for the same room. */
  get(roomId: string): Room {
    let room = this.rooms.get(roomId);
    if (!room) {
      this.rooms.set(roomId, (room = new Room(roomId, this.context)));
      room.state.subscribe(() => this.list());
    }
    return room;
  }

  async create(body: { name: string; isPrivate?: boolean; password?: string; maxMembers?: number }): Promise<Room> {
    return this.enter(await this.context.api.create(body));
  }

  /** The direct room with somebody; it is made when there is none. */
  async direct(userId: string): Promise<Room> {
    return this.enter(await this.context.api.createDirect(userId));
  }

  /** @throws AtriumError `PERMISSION_DENIED` without the right password, `GROUP_FULL`, `ROOM_NOT_FOUND` */
  async join(roomId: string, password?: string): Promise<Room> {
    return this.enter(await this.context.api.join(roomId, password));
  }

  async leave(roomId: string): Promise<void> {
    await this.context.api.leave(roomId);
    this.drop(roomId);
  }

  /** @internal After each connect: which rooms there are. Their channels are followed from the position of this answer on. */
  async load(): Promise<void> {
    const rooms = await this.context.api.listMine();
    this.isListing = true;
    const ids = new Set(rooms.map(({ id }) => id));
    for (const room of rooms) this.take(room);
    for (const [id, room] of this.rooms) if (!ids.has(id) && room.state.get()) this.drop(id);
    this.isListing = false;
    this.list();
  }

  /** @internal */
  async reconnected(): Promise<void> {
    await Promise.all([...this.rooms.values()].map((room) => room.reconnected()));
  }

  /** @internal Events that are no entries. */
  hear(name: string, payload: { roomId: string; userId: string; on?: boolean; lastReadSeq?: number }): void {
    if (name === 'room-added') void this.discover(payload.roomId);
    else if (name === 'read') this.rooms.get(payload.roomId)?.readElsewhere(payload.lastReadSeq!);
    else this.rooms.get(payload.roomId)?.hear(name, payload);
  }

  /** @internal */
  sent(operation: Operation & { kind: 'send' }, ack: MessageAck): void {
    this.rooms.get(operation.roomId)?.sent(operation, ack);
  }

  /** @internal Nobody is signed in any more. */
  clear(): void {
    for (const id of [...this.rooms.keys()]) this.drop(id);
    this.rooms.clear();
    this.listed.set(null);
  }

  private async enter(state: MyRoom): Promise<Room> {
    this.take(state);
    await this.channels.repair(state.id);
    return this.get(state.id);
  }

  /** Somebody, or we on another device, made us a member. */
  private async discover(roomId: string): Promise<void> {
    if (this.channels.has(roomId)) return;
    const state = await this.context.api.room(roomId).catch(() => null);
    if (state) await this.enter(state);
  }

  private take(state: MyRoom): void {
    const room = this.get(state.id);
    room.adopt(state);
    this.channels.follow(state.id, state.lastSeq, {
      apply: (entry: EntryView) => {
        room.apply(entry);
        if (!room.state.get()) this.drop(state.id);
      },
      reset: () => void room.reset(),
      refused: () => this.drop(state.id),
    });
  }

  private drop(roomId: string): void {
    this.channels.unfollow(roomId);
    this.rooms.get(roomId)?.gone();
  }

  private list(): void {
    if (this.isListing) return;
    const mine = [...this.rooms.values()].flatMap((room) => room.state.get() ?? []);
    this.listed.set(mine.sort((a, b) => (activityOf(a) < activityOf(b) ? 1 : -1)));
  }
}

/** ISO 8601 in UTC compares as text. */
function activityOf(room: MyRoom): string {
  return room.lastMessage?.createdAt ?? room.createdAt;
}
