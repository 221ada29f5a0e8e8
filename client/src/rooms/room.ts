import type { output } from 'zod';
import type { EntryView } from '../../../src/protocol/entries.js';
import type { MessageAck, MessageType as MessageTypeSchema } from '../../../src/protocol/messages.js';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import { Chore } from '../chore.js';
import type { Connection } from '../connection/connection.js';
import { operationId, type Outbox } from '../outbox/outbox.js';
import type { Operation } from '../outbox/outbox-storage.js';
import { type Readable, Value } from '../store.js';
import { MemberList } from './member-list.js';
import { OwnRoom } from './own-room.js';
import type { KeptRoom } from './room-storage.js';
import type { RoomsApi } from './rooms-api.js';
import { Timeline } from './timeline.js';
import { Typing } from './typing.js';
import type { Users } from '../users/users.js';

type MessageType = output<typeof MessageTypeSchema>;

/** What a room needs of the client around it. */
export interface RoomContext {
  readonly connection: Pick<Connection, 'request'>;
  readonly outbox: Pick<Outbox, 'queued' | 'add' | 'retry' | 'discard'>;
  readonly api: RoomsApi;
  readonly ownId: () => string | undefined;
  readonly users: Pick<Users, 'known' | 'restore'>;
}

/** One room, live. */
export class Room {
  readonly timeline: Timeline;
  readonly members: MemberList;
  private readonly own: OwnRoom;
  private readonly onlineUsers = new Value<ReadonlySet<string>>(new Set());
  private readonly typing: Typing;
  private readonly loading = new Chore(() => this.load());
  private readonly watching = new Chore(() => this.watchPresence());
  /** How often it was opened and not closed again. */
  private viewers = 0;
  /** By this machine's clock; 0: never. */
  private openedAtMs = 0;

  constructor(
    readonly id: string,
    private readonly context: RoomContext,
  ) {
    const { connection, outbox, api, ownId } = context;
    this.own = new OwnRoom(id, connection, () => api.room(id), ownId);
    this.timeline = new Timeline((query) => api.history(id, query), id, outbox, ownId);
    this.members = new MemberList(
      (cursor) => api.members(id, cursor),
      (userId) => api.findProfile(userId),
      (userId) => this.onlineUsers.get().has(userId),
    );
    this.typing = new Typing((on) => void connection.request('typing', { roomId: id, on }).catch(() => undefined));
  }

  /** Null until it is known, and once one is no longer a member. */
  get state(): Readable<MyRoom | null> {
    return this.own.state;
  }

  /** Who is here now; known while the room is open. */
  get online(): Readable<ReadonlySet<string>> {
    return this.onlineUsers;
  }

  /** Who is typing, oneself not included. */
  get typingUsers(): Readable<readonly string[]> {
    return this.typing.others;
  }

  /** Loads the newest messages, and follows who is online, until `close` was called as often. */
  async open(): Promise<void> {
    this.viewers++;
    this.openedAtMs = Date.now();
    await Promise.all([this.loading.do(), this.watching.do()]);
  }

  /** The timeline stays as it is, and live. */
  close(): void {
    this.viewers = Math.max(0, this.viewers - 1);
    if (this.viewers === 0) this.typing.clear();
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

  /**
   * Everything up to `seq` has been seen by the user; without it, everything there is. Nothing else moves the read position but sending a
   * message, so call it for what was really on the screen.
   */
  markRead(seq = Number.MAX_SAFE_INTEGER): void {
    this.own.markRead(seq);
  }

  /** Call on every change of what the user writes; `on` false when it was emptied. */
  setTyping(on: boolean): void {
    this.typing.set(on);
  }

  /** @internal The room as the server has it at `state.lastSeq`. */
  adopt(state: MyRoom): void {
    this.own.adopt(state);
  }

  /** @internal The room as the device has kept it. The entries after `state.lastSeq` follow. */
  restore({ state, window, profiles, openedAtMs }: KeptRoom): void {
    this.context.users.restore(profiles);
    this.openedAtMs = Math.max(this.openedAtMs, openedAtMs);
    this.own.adopt(state);
    if (window) this.timeline.restore(window);
  }

  /** @internal What a device may keep of it. Null: nothing, one is no member. */
  toKeep(): KeptRoom | null {
    const state = this.own.asTold;
    if (!state) return null;
    const { kept: window } = this.timeline;
    const senders = new Set([...(window?.messages ?? []), ...(state.lastMessage ? [state.lastMessage] : [])].map(({ senderId }) => senderId));
    return { state, ...(window && { window }), profiles: [...senders].flatMap((id) => this.context.users.known(id) ?? []), openedAtMs: this.openedAtMs };
  }

  /** @internal The entries of this room follow, but only from now on: what was loaded before may lack some. */
  followed(): void {
    this.timeline.doubt();
    void this.members.reload();
  }

  /** @internal An entry of this room, in order. */
  apply(entry: EntryView): void {
    this.own.apply(entry);
    if (entry.type === 'new-message') this.typing.receive(entry.senderId as string, false);
    this.timeline.apply(entry);
    this.members.apply(entry);
  }

  /** @internal One's own read position in a large room, which is no entry there. */
  readElsewhere(lastReadSeq: number): void {
    this.own.readUpTo(lastReadSeq);
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

  /** @internal Too much was missed to be told: entries up to `lastSeq` will not come. */
  reset(lastSeq: number): void {
    this.timeline.doubt();
    this.own.reset(lastSeq);
    void this.loading.do();
    void this.members.reload();
  }

  /** @internal After each connect, everything that is not in the journal, or could not be told from it. */
  async reconnected(): Promise<void> {
    await Promise.all([this.own.reconnected(), this.loading.do(), this.watching.do()]);
  }

  /** @internal */
  sent(operation: Operation & { kind: 'send' }, ack: MessageAck): void {
    this.timeline.sent(operation, ack);
  }

  /** @internal No longer a member. */
  gone(): void {
    this.own.gone();
    this.stop();
  }

  /** @internal No more requests and timers, until there is something new. */
  stop(): void {
    this.own.stop();
    this.loading.stop();
    this.watching.stop();
    this.members.stop();
    this.typing.clear();
  }

  /** @internal Nobody is signed in any more. */
  dispose(): void {
    this.gone();
    this.timeline.dispose();
  }

  private outline(): { id: string; roomId: string; createdAt: string } {
    return { id: operationId(), roomId: this.id, createdAt: new Date().toISOString() };
  }

  private async load(): Promise<void> {
    if (this.viewers === 0 && !this.timeline.isDoubtful) return;
    await this.timeline.open();
    const { error } = this.timeline.view.get();
    // A failure to page is the reader's to repeat.
    if (error && !this.timeline.isUpToDate) throw error;
  }

  /** Only where one is a member: to an open room, the event would bring one in. */
  private async watchPresence(): Promise<void> {
    if (this.viewers === 0 || this.state.get() === null) return;
    await this.context.connection.request('room-join', { roomId: this.id }, ({ online }) => {
      this.onlineUsers.set(new Set(online));
      for (const { user, online: wasOnline } of this.members.view.get()?.items ?? []) {
        if (wasOnline !== online.includes(user.id)) this.members.setOnline(user.id, !wasOnline);
      }
    });
  }
}
