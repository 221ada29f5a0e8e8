import { type Readable, Value } from '../store.js';

/** Somebody who stopped without saying so stops being shown after this. */
const SHOWN_MS = 6_000;
/** While typing goes on, the server is told this often. */
const REPEAT_MS = 3_000;

/** Who is typing in a room, and telling that oneself is. */
export class Typing {
  private readonly users = new Value<readonly string[]>([]);
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private toldAtMs = 0;
  private stopTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (on: boolean) => void) {}

  /** Ids, in the order in which they began. */
  get others(): Readable<readonly string[]> {
    return this.users;
  }

  receive(userId: string, on: boolean): void {
    clearTimeout(this.timers.get(userId));
    this.timers.delete(userId);
    if (on) {
      this.timers.set(userId, setTimeout(() => this.receive(userId, false), SHOWN_MS));
      if (!this.users.get().includes(userId)) this.users.update((users) => [...users, userId]);
    } else if (this.users.get().includes(userId)) {
      this.users.update((users) => users.filter((id) => id !== userId));
    }
  }

  /** Call on every change of the text; `on` false when it was sent or emptied. */
  set(on: boolean): void {
    clearTimeout(this.stopTimer);
    if (!on) {
      if (this.toldAtMs > 0) this.tell(false);
      this.toldAtMs = 0;
      return;
    }
    this.stopTimer = setTimeout(() => this.set(false), SHOWN_MS);
    if (performance.now() - this.toldAtMs < REPEAT_MS && this.toldAtMs > 0) return;
    this.toldAtMs = performance.now();
    this.tell(true);
  }

  clear(): void {
    for (const userId of this.users.get()) this.receive(userId, false);
    clearTimeout(this.stopTimer);
    this.toldAtMs = 0;
  }
}
