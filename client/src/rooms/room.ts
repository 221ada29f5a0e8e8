import type { EntryView } from '../../../src/protocol/entries.js';
import type { MessageAck, MessageType as MessageTypeSchema } from '../../../src/protocol/messages.js';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import type { output } from 'zod';
import type { Connection } from '../connection/connection.js';
import type { AckOf } from '../connection/protocol.js';
import { operationId, type Outbox } from '../outbox/outbox.js';
import type { Operation } from '../outbox/outbox-storage.js';
import { type Readable, Value } from '../store.js';
import { MemberList } from './member-list.js';
import { afterReading, roomAfter } from './room-state.js';
import { Timeline } from './timeline.js';
import { Typing } from './typing.js';
import type { RoomsApi } from './rooms-api.js';

type MessageType = output<typeof MessageTypeSchema>;

/** What a room needs of the client around it. */
export interface RoomContext {
  readonly connection: Pick<Connection, 'request' | 'status'>;
  readonly outbox: Pick<Outbox, 'queued' | 'add' | 'retry' | 'discard'>;
  readonly api: RoomsApi;
  readonly ownId: () => string | undefined;
}

/** One room, live. */
export class Room {
  readonly timeline: Timeline;
  readonly members: MemberList;
  private readonly current = new Value<MyRoom | null>(null);
  private readonly onlineUsers = new Value<ReadonlySet<string>>(new Set());
  private readonly typing: Typing;
  private isOpen = false;
  private refreshing: Promise<void> | undefined;
  private wantedReadSeq = 0;
  private isReading = false;

  constructor(
    readonly id: string,
    private readonly context: RoomContext,
  ) {
    const { connection, outbox, api, ownId } = context;
    this.timeline = new Timeline((query) => api.history(id, query), id, outbox, ownId);
    this.members = new MemberList(
      (cursor) => api.members(id, cursor),
      (userId) => api.findProfile(userId),
    );
    this.typing = new Typing((on) => void connection.request('typing', { roomId: id, on }).catch(() => undefined));
  }

  /** Null until it is known, and once one is no longer a member. */
  get state(): Readable<MyRoom | null> {
    return this.current;
  }

  /** Who is here now; known while the room is open. */
  get online(): Readable<ReadonlySet<string>> {
    return this.onlineUsers;
  }

  /** Who is typing, oneself not included. */
  get typingUsers(): Readable<readonly string[]> {
    return this.typing.others;
  }

  /** Loads the newest messages, and follows who is online. */
  async open(): Promise<void> {
    this.isOpen = true;
    await Promise.all([this.timeline.open(), this.watchPresence()]);
  }

  /** The timeline stays as it is, and live. */
  close(): void {
    this.isOpen = false;
    this.typing.clear();
  }

  /**
   * Shows the message at once and sends it, again and again if need be, until it is stored. Resolves with the server's ack.
   * @throws AtriumError when the server refuses it for good: it stays in the timeline as `failed`
   */
  async send(content: string, { type = 'text', replyTo = null }: { type?: MessageType; replyTo?: string | null } = {}): Promise<MessageAck> {
    this.typing.set(false);
    return (await this.context.outbox.add({ ...this.outline(), kind: 'send', content, type, replyTo }))!;
  }

  async edit(messageId: string, content: string): Promise<void> {
    await this.context.outbox.add({ ...this.outline(), kind: 'edit', messageId, content });
  }

  async remove(messageId: string): Promise<void> {
    await this.context.outbox.add({ ...this.outline(), kind: 'delete', messageId });
  }

  /** Sends a failed message again. */
  retry(key: string): void {
    this.context.outbox.retry(key);
  }

  /** Throws a message away that was not stored. */
  discard(key: string): void {
    this.context.outbox.discard(key);
  }

  /** Everything up to `seq` has been seen; without it, everything there is. */
  markRead(seq = this.current.get()?.lastMessage?.seq ?? 0): void {
    const room = this.current.get();
    if (!room || seq <= Math.max(room.lastReadSeq, this.wantedReadSeq)) return;
    this.wantedReadSeq = seq;
    this.current.set(afterReading(room, seq).room);
    void this.tellRead();
  }

  /** Call on every change of what the user writes; `on` false when it was emptied. */
  setTyping(on: boolean): void {
    this.typing.set(on);
  }

  /** @internal The room as the server has it at `state.lastSeq`. */
  adopt(state: MyRoom): void {
    const known = this.current.get();
    if (known && known.lastSeq > state.lastSeq) return;
    if (JSON.stringify(known) !== JSON.stringify(state)) this.current.set(state);
  }

  /** @internal An entry of this room, in order. */
  apply(entry: EntryView): void {
    const known = this.current.get();
    if (known) {
      const { room, isStale } = roomAfter(known, entry, this.context.ownId() ?? '');
      this.current.set(room);
      if (isStale) void this.refresh();
    }
    if (entry.type === 'new-message') this.typing.receive(entry.senderId as string, false);
    this.timeline.apply(entry);
    this.members.apply(entry);
  }

  /** @internal One's own read position in a large room, which is no entry there. */
  readElsewhere(lastReadSeq: number): void {
    const known = this.current.get();
    if (!known) return;
    const { room, isStale } = afterReading(known, lastReadSeq);
    this.current.set(room);
    if (isStale) void this.refresh();
  }

  /** @internal Volatile events of this room. */
  hear(name: string, payload: { userId: string; on?: boolean }): void {
    const { userId } = payload;
    if (name === 'typing') {
      if (userId !== this.context.ownId()) this.typing.receive(userId, payload.on === true);
      return;
    }
    const isOnline = name === 'user-join';
    if (!isOnline) this.typing.receive(userId, false);
    this.members.setOnline(userId, isOnline);
    const online = new Set(this.onlineUsers.get());
    if (isOnline) online.add(userId);
    else online.delete(userId);
    this.onlineUsers.set(online);
  }

  /** @internal Too much was missed to be told. */
  async reset(): Promise<void> {
    await Promise.all([this.refresh(), this.timeline.reload(), this.members.reload().catch(() => undefined)]);
  }

  /** @internal After each connect, everything that is not in the journal. */
  async reconnected(): Promise<void> {
    if (this.isOpen) await this.watchPresence();
    void this.tellRead();
  }

  /** @internal */
  sent(operation: Operation & { kind: 'send' }, ack: MessageAck): void {
    this.timeline.sent(operation, ack);
  }

  /** @internal No longer a member, or nobody is signed in. */
  gone(): void {
    this.current.set(null);
    this.typing.clear();
  }

  private outline(): { id: string; roomId: string; createdAt: string } {
    return { id: operationId(), roomId: this.id, createdAt: new Date().toISOString() };
  }

  /** Reads the state from the server until it is as new as what we have seen. */
  private refresh(): Promise<void> {
    this.refreshing ??= this.readState().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async readState(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const state = await this.context.api.room(this.id).catch(() => null);
      const known = this.current.get();
      if (!state || !known) return;
      if (state.lastSeq >= known.lastSeq) return this.adopt(state);
    }
  }

  private async watchPresence(): Promise<void> {
    if (this.context.connection.status.get() === 'offline') return;
    const joined: AckOf<'room-join'> | undefined = await this.context.connection.request('room-join', { roomId: this.id }).catch(() => undefined);
    if (!joined) return;
    this.onlineUsers.set(new Set(joined.online));
    for (const { user, online } of this.members.view.get()?.items ?? []) if (online !== joined.online.includes(user.id)) this.members.setOnline(user.id, !online);
  }

  /** One request at a time, with the latest position. */
  private async tellRead(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (this.wantedReadSeq > 0) {
        const seq = this.wantedReadSeq;
        const { lastReadSeq, unread } = await this.context.connection.request('mark-read', { roomId: this.id, seq });
        if (this.wantedReadSeq === seq) this.wantedReadSeq = 0;
        this.current.update((room) => room && room.lastReadSeq <= lastReadSeq ? { ...room, lastReadSeq, unread } : room);
      }
    } catch {
      // The next connection tells it.
    } finally {
      this.isReading = false;
    }
  }
}
