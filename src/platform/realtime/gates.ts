import type { ClientEvent } from '../../protocol/events.js';

/** What a body names, if it is about one channel: its id, or what clients call it. */
function channelIn(body: unknown): string | undefined {
  const { pageId, roomId } = body as { pageId?: string; roomId?: string };
  return pageId ?? roomId;
}

/** A gate that is closed: an event under way. */
interface Gate {
  /** Gates are numbered as they are closed; a later one opens after those that it has waited for. */
  readonly number: number;
  /** Never rejects. */
  readonly opened: Promise<void>;
}

/**
 * Gates of one socket: events under way that change what it follows, or what its user may do in a channel. What the socket sends later
 * about the same channel takes effect behind them, however long they take. An event that meets no gate is handled at once.
 */
export class Gates {
  private count = 0;
  /** By channel, the last one. */
  private readonly channels = new Map<string, Gate>();
  /** The last one that may be about any channel. */
  private all: Gate | undefined;

  get areOpen(): boolean {
    return this.all === undefined && this.channels.size === 0;
  }

  /** What the event has to wait for; undefined for nothing. Never rejects. */
  before({ gate, needsGates }: ClientEvent, body: unknown): Promise<unknown> | undefined {
    if (gate === 'all') return this.areOpen ? undefined : Promise.all([this.all?.opened, ...[...this.channels.values()].map(({ opened }) => opened)]);
    const channel = channelIn(body);
    const own = channel === undefined ? undefined : this.channels.get(channel);
    const all = (gate ?? needsGates) ? this.all : undefined;
    // The later one of the two has waited for the other.
    return (own && all && own.number < all.number ? all : (own ?? all))?.opened;
  }

  /** The event is a gate, and closed until `result` is settled. */
  close({ gate }: ClientEvent, body: unknown, result: Promise<unknown>): void {
    const channel = channelIn(body);
    const open = () => this.open(channel, closed);
    const closed: Gate = { number: ++this.count, opened: result.then(open, open) };
    if (gate === 'all') this.all = closed;
    else if (channel !== undefined) this.channels.set(channel, closed);
  }

  /** Unless another one has been closed behind it. */
  private open(channel: string | undefined, closed: Gate): void {
    if (this.all === closed) this.all = undefined;
    if (channel !== undefined && this.channels.get(channel) === closed) this.channels.delete(channel);
  }
}
