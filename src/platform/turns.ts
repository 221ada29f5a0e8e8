export interface Turn {
  /** Resolves when everything that was begun before under the same key has passed on its turn. Undefined when that is so already. */
  readonly come: Promise<void> | undefined;
  /** Lets the next one go on. Otherwise it does when the work has ended. */
  pass(): void;
}

/**
 * Lets what somebody asks for take effect in the order in which it was asked, while what has to be looked up before is looked up side by
 * side. A key is one order, for example of one sender in one channel.
 */
export class Turns {
  /** Resolves when all turns of the key so far are over; missing when they are. */
  private readonly last = new Map<string, Promise<void>>();

  /** Runs `work` at once; it awaits `come` before it does what has to be done in order. */
  async run<T>(key: string, work: (turn: Turn) => Promise<T>): Promise<T> {
    const come = this.last.get(key);
    const { promise: own, resolve: pass } = Promise.withResolvers<void>();
    const over = come ? come.then(() => own) : own;
    this.last.set(key, over);
    void over.then(() => this.last.get(key) === over && this.last.delete(key));
    try {
      return await work({ come, pass });
    } finally {
      pass();
    }
  }

  /** Keys under which somebody waits, or would be waited for. */
  get size(): number {
    return this.last.size;
  }
}
