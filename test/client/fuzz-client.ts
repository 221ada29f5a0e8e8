import { setTimeout as pause } from 'node:timers/promises';
import { AtriumClient, type AtriumError, type MessageAck, memoryTokens, type Room, type StoredTokens } from '../../client/src/index.js';
import type { Random } from '../support/random.js';

/** Between two actions of one client. */
const MAX_PAUSE_MS = 120;

/** A message as its sender knows it. */
export interface Send {
  readonly roomId: string;
  /** Undefined while the promise of `send` is pending. */
  outcome?: { readonly ack: MessageAck } | { readonly error: AtriumError };
}

/** What a client does now and then; the numbers are weights. */
const ACTIONS = { send: 60, edit: 12, remove: 5, read: 10, page: 8, type: 4, retry: 6, move: 3, meet: 1 } as const;
type Action = keyof typeof ACTIONS;
const DICE = (Object.entries(ACTIONS) as [Action, number][]).flatMap(([action, weight]) => Array<Action>(weight).fill(action));

/** Where a client may go: `rooms` it never leaves, `club` it joins and leaves, and `others` it may meet in direct rooms. */
export interface Places {
  readonly rooms: readonly string[];
  readonly club: string;
  readonly others: readonly string[];
}

/** A client of the SDK that does at random what a person could do, and remembers what it sent. */
export class FuzzClient {
  readonly sends: Send[] = [];
  /** Rooms that it opened. */
  readonly opened = new Set<string>();
  /** What the server refused without a reason that the fuzz knows of. */
  readonly surprises: string[] = [];
  readonly sdk: AtriumClient;
  private acting: Promise<void> | undefined;
  private isActing = false;

  constructor(
    readonly name: string,
    url: string,
    tokens: StoredTokens,
    private readonly places: Places,
    private readonly random: Random,
  ) {
    const storage = memoryTokens();
    storage.save(tokens);
    this.sdk = new AtriumClient(url, { tokens: storage });
  }

  /** Begins to act at once, before there is a connection. */
  start(): void {
    void this.sdk.connect();
    this.isActing = true;
    this.acting = this.act();
  }

  /** No more actions; what was begun goes on. */
  async rest(): Promise<void> {
    this.isActing = false;
    await this.acting;
  }

  /** True when everything that was sent has an outcome. */
  get isSettled(): boolean {
    return this.sends.every((send) => send.outcome !== undefined);
  }

  private async act(): Promise<void> {
    while (this.isActing) {
      this[this.random.pick(DICE)](this.someRoom());
      await pause(this.random.below(MAX_PAUSE_MS));
    }
  }

  private someRoom(): Room {
    const mine = this.sdk.rooms.mine.get()?.map(({ id }) => id) ?? [];
    const room = this.sdk.room(this.random.pick([...new Set([...this.places.rooms, ...mine])]));
    if (!this.opened.has(room.id)) void room.open();
    this.opened.add(room.id);
    return room;
  }

  private send(room: Room): void {
    const send: Send = { roomId: room.id };
    const content = `${this.name} ${this.sends.length}`;
    this.sends.push(send);
    room.send(content).then(
      (ack) => (send.outcome = { ack }),
      (error: AtriumError) => {
        send.outcome = { error };
        for (const { key, status } of room.timeline.view.get().items) if (status === 'failed') room.discard(key);
      },
    );
  }

  private edit(room: Room): void {
    const messageId = this.own(room);
    if (messageId) this.expect('edit', room.edit(messageId, `${this.name} edited ${this.random.below(1_000_000)}`));
  }

  private remove(room: Room): void {
    const messageId = this.own(room);
    if (messageId) this.expect('remove', room.remove(messageId));
  }

  private read(room: Room): void {
    const { items } = room.timeline.view.get();
    const seqs = items.filter(({ status }) => status === 'sent').map(({ seq }) => seq);
    if (seqs.length > 0) room.markRead(this.random.below(3) === 0 ? this.random.pick(seqs) : seqs.at(-1));
  }

  private page({ timeline, state }: Room): void {
    const ways = [
      () => timeline.loadBefore(),
      () => timeline.loadAfter(),
      () => timeline.jumpTo(1 + this.random.below(state.get()?.lastSeq ?? 1)),
      () => timeline.jumpToNewest(),
    ];
    void this.random.pick(ways)();
  }

  private type(room: Room): void {
    room.setTyping(true);
  }

  /** Somebody looks again, or the network says that it is back. */
  private retry(): void {
    this.sdk.retryNow();
  }

  /** In and out of the club; what is not answered may have happened. */
  private move(): void {
    const { club } = this.places;
    const isMember = this.sdk.room(club).state.get() !== null;
    this.expect('move', isMember ? this.sdk.rooms.leave(club) : this.sdk.rooms.join(club));
  }

  private meet(): void {
    this.expect('meet', this.sdk.rooms.direct(this.random.pick(this.places.others)));
  }

  private own(room: Room): string | undefined {
    const ownId = this.sdk.auth.user.get()?.id;
    const own = room.timeline.view.get().items.filter(({ senderId, status, deletedAt }) => senderId === ownId && status === 'sent' && deletedAt === null);
    return own.length > 0 ? this.random.pick(own).id : undefined;
  }

  /** Messages may be deleted and rooms left before their turn comes, and a request may go unanswered. */
  private expect(what: string, done: Promise<unknown>): void {
    done.catch((error: AtriumError) => {
      const isExpected = error.isRetryable || error.code === 'MESSAGE_NOT_FOUND' || error.code === 'ROOM_NOT_FOUND';
      if (!isExpected) this.surprises.push(`${this.name}: ${what}: ${error.code} ${error.message}`);
    });
  }
}
