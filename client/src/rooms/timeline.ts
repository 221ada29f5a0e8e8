import type { EntryView } from '../../../src/protocol/entries.js';
import type { History, Message, MessageAck } from '../../../src/protocol/messages.js';
import type { Operation } from '../outbox/outbox-storage.js';
import type { Outbox, Queued } from '../outbox/outbox.js';
import { AtriumError } from '../errors.js';
import { type Readable, Value } from '../store.js';
import { EMPTY, fromHistory, withEntry, withMessage, withNewer, withOlder, type Window } from './timeline-state.js';

const PAGE_MESSAGES = 50;
/** Pages of this size bring a window up to date after too much was missed. */
const RELOAD_MESSAGES = 200;
/** A device keeps so much text of a window. */
const KEPT_CHARS = 256_000;

/** A message as a person sees it: what is stored, with what is on its way. */
export type TimelineMessage = Omit<Message, 'duplicate'> & {
  /** Stays the same while a message goes from sending to stored. */
  readonly key: string;
  /** `pending`: something of it is not acknowledged yet. `failed`: the server refused to store it. */
  readonly status: 'sent' | 'pending' | 'failed';
  readonly error?: AtriumError;
};

export interface TimelineView {
  readonly items: readonly TimelineMessage[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  readonly loading: 'initial' | 'before' | 'after' | null;
  /** Why the last load failed; null once another succeeds. */
  readonly error: AtriumError | null;
}

interface HistoryQuery {
  before?: number;
  after?: number;
  around?: number;
  limit: number;
}

/** Reads a page of the room's history. */
export type ReadHistory = (query: HistoryQuery) => Promise<History>;

/** One page to load; what to ask is decided when its turn comes, by the window that there is then. Undefined: nothing any more. */
interface Load {
  readonly kind: NonNullable<TimelineView['loading']>;
  readonly query: (window: Window) => HistoryQuery | undefined;
  readonly change: (window: Window, page: History) => Window;
}

const anew = (_window: Window, page: History): Window => fromHistory(page);
const NEWEST: Load = { kind: 'initial', query: () => ({ limit: PAGE_MESSAGES }), change: anew };

/** The messages of a room, as far as they were loaded, live, with one's own pending operations on top. */
export class Timeline {
  private window: Window = EMPTY;
  private isLoaded = false;
  private loading: TimelineView['loading'] = null;
  private error: AtriumError | null = null;
  /** Entries that came while a page was on its way, which may be older than they are. */
  private meanwhile: EntryView[] = [];
  private loads = 0;
  private latestLoad: Promise<void> = Promise.resolve();
  /** How often entries were missed that will not come, and up to which time what is shown was read afresh since. */
  private doubts = 0;
  private settledDoubts = 0;
  private readonly stopWatching: () => void;
  private readonly shown: Value<TimelineView>;
  private readonly known = new WeakMap<Message, TimelineMessage>();
  /** One's own operations in this room. */
  private queued: readonly Queued[] = [];

  constructor(
    private readonly readHistory: ReadHistory,
    private readonly roomId: string,
    private readonly outbox: Pick<Outbox, 'queued'>,
    private readonly ownId: () => string | undefined,
  ) {
    this.shown = new Value<TimelineView>({ items: [], hasBefore: false, hasAfter: false, loading: null, error: null });
    this.stopWatching = outbox.queued.subscribe(() => this.showQueued());
  }

  get view(): Readable<TimelineView> {
    return this.shown;
  }

  /** Something is shown, and nothing is missing from it. */
  get isUpToDate(): boolean {
    return this.isLoaded && !this.isDoubtful;
  }

  /** What is shown may lack something. */
  get isDoubtful(): boolean {
    return this.doubts > this.settledDoubts;
  }

  /** What a device keeps: the last messages of the window, unless something of them was missed. */
  get kept(): Window | undefined {
    if (!this.isUpToDate) return undefined;
    const { messages, hasBefore, hasAfter } = this.window;
    let chars = 0;
    let from = messages.length;
    while (from > Math.max(0, messages.length - PAGE_MESSAGES) && (chars += messages[from - 1]!.content?.length ?? 0) <= KEPT_CHARS) from--;
    return { messages: messages.slice(from), hasBefore: hasBefore || from > 0, hasAfter };
  }

  /** Shows what the device has kept, unless something newer is there or on its way. The entries since then have to follow. */
  restore(window: Window): void {
    if (this.isLoaded || this.loads > 0) return;
    this.window = window;
    this.isLoaded = true;
    this.show();
  }

  /** Loads the newest page, unless something is loaded already; what became doubtful is read afresh. */
  open(): Promise<void> {
    if (this.isDoubtful) return this.reload();
    return this.isLoaded || this.loads > 0 ? this.latestLoad : this.load(NEWEST);
  }

  async loadBefore(): Promise<void> {
    if (!this.window.hasBefore || this.loads > 0) return;
    await this.load({ kind: 'before', query: ({ messages: [first] }) => first && { before: first.seq, limit: PAGE_MESSAGES }, change: withOlder });
  }

  async loadAfter(): Promise<void> {
    if (!this.window.hasAfter || this.loads > 0) return;
    await this.load(after(PAGE_MESSAGES));
  }

  /** Shows the messages around a seq, unless they are shown already. */
  async jumpTo(seq: number): Promise<void> {
    const { messages } = this.window;
    if (messages.length > 0 && messages[0]!.seq <= seq && seq <= messages.at(-1)!.seq) return;
    await this.load({ kind: 'initial', query: () => ({ around: seq, limit: PAGE_MESSAGES }), change: anew });
  }

  async jumpToNewest(): Promise<void> {
    if (this.isLoaded && !this.window.hasAfter) return;
    await this.load(NEWEST);
  }

  /** An entry of the room, in order. */
  apply(entry: EntryView): void {
    if (this.loads > 0) this.meanwhile.push(entry);
    if (!this.isLoaded) return;
    this.window = this.changed((window) => withEntry(window, entry));
    this.show();
  }

  /** One's own message is stored: at its place before its operation leaves the outbox. */
  sent(operation: Operation & { kind: 'send' }, { messageId, seq, createdAt }: MessageAck): void {
    const { id, roomId, content, type, replyTo } = operation;
    const message: Message = { id: messageId, roomId, seq, senderId: this.ownId() ?? '', type, content, replyTo, clientMsgId: id, createdAt, editedAt: null, deletedAt: null };
    if (this.isLoaded) this.window = this.changed((window) => withMessage(window, message));
  }

  /** Entries up to now may have been missed, and will not come: to be read by the next `open`. */
  doubt(): void {
    if (this.isLoaded || this.loads > 0) this.doubts++;
  }

  /** Ends what it listens to. */
  dispose(): void {
    this.stopWatching();
  }

  /** What is shown is read afresh, where the reader stands. */
  private async reload(): Promise<void> {
    let upTo = 0;
    const query = ({ messages, hasAfter }: Window): HistoryQuery | undefined => {
      if (!this.isDoubtful) return undefined;
      if (!hasAfter) return { limit: PAGE_MESSAGES };
      upTo = messages.at(-1)!.seq;
      return { after: messages[0]!.seq - 1, limit: RELOAD_MESSAGES };
    };
    await this.load({ kind: 'initial', query, change: anew });
    while (this.window.hasAfter && this.window.messages.at(-1)!.seq < upTo && this.error === null) await this.load(after(RELOAD_MESSAGES));
  }

  /** Loads follow one another, so that a late answer never meets a window that it does not fit. Failures are shown, not thrown. */
  private load({ kind, query, change }: Load): Promise<void> {
    this.loads++;
    const run = async (): Promise<void> => {
      this.loading = kind;
      this.show();
      try {
        const wanted = query(this.window);
        if (wanted) await this.take(wanted, change);
        this.error = null;
      } catch (error) {
        this.error = AtriumError.from(error);
      } finally {
        this.loading = null;
        if (--this.loads === 0) this.meanwhile = [];
        this.show();
      }
    };
    return (this.latestLoad = this.latestLoad.then(run));
  }

  private async take(query: HistoryQuery, change: Load['change']): Promise<void> {
    const { doubts } = this;
    const page = await this.readHistory(query);
    this.window = change(this.window, page);
    this.isLoaded = true;
    if (change === anew) this.settledDoubts = doubts;
    for (const entry of this.meanwhile) this.window = this.changed((window) => withEntry(window, entry));
  }

  /** Behind a doubtful window there is a hole, whatever it says of its end. */
  private changed(change: (window: Window) => Window): Window {
    if (!this.isDoubtful) return change(this.window);
    return { ...change({ ...this.window, hasAfter: true }), hasAfter: this.window.hasAfter };
  }

  private show(): void {
    const { hasBefore, hasAfter } = this.window;
    this.shown.set({ items: this.items(), hasBefore, hasAfter, loading: this.loading, error: this.error });
  }

  /** Most of what happens in the outbox concerns other rooms. */
  private showQueued(): void {
    const queued = this.outbox.queued.get().filter(({ operation }) => operation.roomId === this.roomId);
    if (queued.length === this.queued.length && queued.every((each, i) => each === this.queued[i])) return;
    this.queued = queued;
    this.show();
  }

  private items(): readonly TimelineMessage[] {
    const items = this.window.messages.map((message) => this.itemOf(message));
    // In the midst of history, what is being sent has no place.
    const queued = this.window.hasAfter ? this.queued.filter(({ operation }) => operation.kind !== 'send') : this.queued;
    if (queued.length > 0) overlay(items, queued, this.ownId() ?? '');
    return items;
  }

  /** The same item for the same message, so that what shows it need not look again. */
  private itemOf(message: Message): TimelineMessage {
    let item = this.known.get(message);
    if (!item) this.known.set(message, (item = { ...message, key: this.keyOf(message), status: 'sent' }));
    return item;
  }

  /** Only one's own `clientMsgId` is known to be unlike any other. */
  private keyOf({ id, senderId, clientMsgId }: Message): string {
    return senderId === this.ownId() && clientMsgId !== null ? clientMsgId : id;
  }
}

function after(limit: number): Load {
  return {
    kind: 'after',
    query: ({ messages, hasAfter }) => {
      const last = messages.at(-1);
      return last && hasAfter ? { after: last.seq, limit } : undefined;
    },
    change: withNewer,
  };
}

/** What the user did already looks done, and says that it is not. */
function overlay(items: TimelineMessage[], queued: readonly Queued[], ownId: string): void {
  const places = new Map(items.map(({ id }, index) => [id, index]));
  // The ack may be on its way while the message itself is here.
  const stored = new Set(items.map(({ senderId, clientMsgId }) => (senderId === ownId ? clientMsgId : null)));
  for (const { operation, error } of queued) {
    if (operation.kind === 'send') {
      if (!stored.has(operation.id)) items.push(toPending(operation, ownId, error));
      continue;
    }
    const index = places.get(operation.messageId);
    if (index === undefined) continue;
    const change = operation.kind === 'edit' ? { content: operation.content } : { content: null, deletedAt: operation.createdAt };
    items[index] = { ...items[index]!, ...change, status: 'pending' };
  }
}

function toPending({ id, roomId, content, type, replyTo, createdAt }: Operation & { kind: 'send' }, senderId: string, error: AtriumError | undefined): TimelineMessage {
  const message = { id, roomId, seq: Number.MAX_SAFE_INTEGER, senderId, type, content, replyTo, clientMsgId: id, createdAt, editedAt: null, deletedAt: null };
  return { ...message, key: id, status: error ? 'failed' : 'pending', ...(error && { error }) };
}
