import type { EntryView } from '../../../src/protocol/entries.js';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import { Chore } from '../chore.js';
import type { Connection } from '../connection/connection.js';
import { AtriumError } from '../errors.js';
import { isSameJson } from '../same-json.js';
import { type Readable, Value } from '../store.js';
import { afterReading, roomAfter } from './room-state.js';

/** A room as oneself sees it: what the server told, entry by entry, with one's own reading on top until the server has taken it. */
export class OwnRoom {
  private readonly shown = new Value<MyRoom | null>(null);
  private told: MyRoom | null = null;
  /** Entries that came since the state was asked for, and which the answer may lack. */
  private meanwhile: EntryView[] | undefined;
  private wantedReadSeq = 0;
  private readonly refreshing = new Chore(() => this.readState());
  private readonly reading = new Chore(() => this.tellRead());

  constructor(
    private readonly id: string,
    private readonly connection: Pick<Connection, 'request'>,
    /** Null when one is no member. */
    private readonly read: () => Promise<MyRoom | null>,
    private readonly ownId: () => string | undefined,
  ) {}

  get state(): Readable<MyRoom | null> {
    return this.shown;
  }

  /** Without one's own reading that the server has not heard of. */
  get asTold(): MyRoom | null {
    return this.told;
  }

  /** The room as the server has it at `state.lastSeq`. */
  adopt(state: MyRoom): void {
    if (this.told && this.told.lastSeq > state.lastSeq) return;
    // In a large room a read position is no entry: the answer may be older than what was heard of it.
    const { room } = afterReading(state, this.told?.lastReadSeq ?? 0);
    if (!isSameJson(this.told, room)) this.tell(room);
  }

  /** The next entry of the room. */
  apply(entry: EntryView): void {
    this.meanwhile?.push(entry);
    if (!this.told) return;
    const { room, isStale } = roomAfter(this.told, entry, this.ownId() ?? '');
    this.tell(room);
    if (room && isStale) void this.refreshing.do();
  }

  /** Entries up to `lastSeq` will never come: what they did has to be read. */
  reset(lastSeq: number): void {
    if (!this.told) return;
    this.tell({ ...this.told, lastSeq });
    void this.refreshing.do();
  }

  /** Everything up to `seq` has been seen here. */
  markRead(seq: number): void {
    const room = this.shown.get();
    const upTo = Math.min(seq, room?.lastMessage?.seq ?? 0);
    if (!room || upTo <= room.lastReadSeq) return;
    this.wantedReadSeq = upTo;
    this.tell(this.told);
    void this.reading.do();
  }

  /** The server has one's own position there: told by another device, or by the answer to this one. */
  readUpTo(lastReadSeq: number): void {
    if (!this.told) return;
    const { room, isStale } = afterReading(this.told, lastReadSeq);
    this.tell(room);
    if (isStale) void this.refreshing.do();
  }

  /** Tells what could not be told before. Resolves when what a reset made necessary has been read. */
  async reconnected(): Promise<void> {
    if (this.wantedReadSeq > 0) void this.reading.do();
    await this.refreshing.settled;
  }

  /** No longer a member. */
  gone(): void {
    this.wantedReadSeq = 0;
    this.tell(null);
    this.stop();
  }

  /** No more requests, until there is something new. */
  stop(): void {
    this.refreshing.stop();
    this.reading.stop();
  }

  private tell(state: MyRoom | null): void {
    this.told = state;
    this.shown.set(state && afterReading(state, this.wantedReadSeq).room);
  }

  private async readState(): Promise<void> {
    const atLeast = this.told?.lastSeq ?? 0;
    const meanwhile: EntryView[] = (this.meanwhile = []);
    const state = await this.read().finally(() => (this.meanwhile = undefined));
    if (!this.told || !state) return;
    // From a server that lags behind the one that we are connected to.
    if (state.lastSeq < atLeast) throw new AtriumError('UNAVAILABLE', 'The state is older than what was seen of it');
    let next: MyRoom | null = state;
    let isStale = false;
    for (const entry of meanwhile) {
      if (!next) return;
      const after = roomAfter(next, entry, this.ownId() ?? '');
      next = after.room;
      isStale ||= after.isStale === true;
    }
    this.adopt(next!);
    if (isStale) void this.refreshing.do();
  }

  /** One request at a time, with the latest position. */
  private async tellRead(): Promise<void> {
    while (this.wantedReadSeq > 0) {
      const seq = this.wantedReadSeq;
      try {
        const { lastReadSeq } = await this.connection.request('mark-read', { roomId: this.id, seq });
        if (this.wantedReadSeq === seq) this.wantedReadSeq = 0;
        this.readUpTo(lastReadSeq);
      } catch (error) {
        if (AtriumError.from(error).isRetryable) throw error;
        // Not allowed any more: it was not read.
        this.wantedReadSeq = 0;
        this.tell(this.told);
      }
    }
  }
}
