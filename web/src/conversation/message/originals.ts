import { AtriumError, type Message, type Readable, type TimelineMessage, type TimelineView } from '@atrium/client';

/** What a reply answers: the message, `gone` when there is none that one may see, or undefined while nobody knows. */
export type Original = Message | TimelineMessage | 'gone' | undefined;

/** The messages that replies answer: from the timeline while it has them, and else from the server, once each. */
export class Originals {
  private readonly fetched = new Map<string, Original>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly view: Readable<TimelineView>,
    private readonly fetchMessage: (id: string) => Promise<Message>,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    const stop = this.view.subscribe(listener);
    return () => {
      this.listeners.delete(listener);
      stop();
    };
  };

  find(id: string): Original {
    // Replies follow soon, and the newest are looked at most.
    return this.view.get().items.findLast((message) => message.id === id) ?? this.fetched.get(id);
  }

  /** Asks the server, unless the answer is known. */
  async want(id: string): Promise<void> {
    if (this.fetched.has(id) || this.find(id) !== undefined) return;
    this.fetched.set(id, undefined);
    try {
      this.fetched.set(id, await this.fetchMessage(id));
    } catch (error) {
      // Whoever looks again asks again, unless there is nothing to be had.
      if (AtriumError.from(error).isRetryable) this.fetched.delete(id);
      else this.fetched.set(id, 'gone');
    }
    for (const listener of [...this.listeners]) listener();
  }
}
