/** A place in the order of one key. */
export interface Turn {
  /** Resolves when everything that took its turn before has passed on. Undefined when that is so already. */
  readonly come: Promise<void> | undefined;
  /** Lets the next one go on. To call twice does nothing. */
  pass(): void;
}

/**
 * Lets what somebody asks for take effect in the order in which it was asked, while what has to be looked up before is looked up side by
 * side. A key is one order, for example of one sender in one channel:
 *
 *     const turn = turns.take(key);
 *     try {
 *       await lookUp();
 *       await turn.come;
 *       act();
 *     } finally {
 *       turn.pass();
 *     }
 */
export class Turns {
  /** By key, the last one; missing when all are over. */
  private readonly last = new Map<string, Place>();

  take(key: string): Turn {
    const place = new Place(this.last.get(key), () => void this.last.delete(key));
    this.last.set(key, place);
    return place;
  }

  /** Nobody has taken a turn under this key that is not over: whoever acts at once needs none. */
  isFree(key: string): boolean {
    return this.last.size === 0 || !this.last.has(key);
  }

  /** Keys under which somebody waits, or would be waited for. */
  get size(): number {
    return this.last.size;
  }
}

/** Its turn has come when the place before it is over; it is over when its turn has come and it has passed on. */
class Place implements Turn {
  private hasCome: boolean;
  private hasPassed = false;
  private next: Place | undefined;
  private waiting: PromiseWithResolvers<void> | undefined;

  constructor(
    before: Place | undefined,
    private readonly over: () => void,
  ) {
    this.hasCome = before === undefined;
    if (before) before.next = this;
  }

  get come(): Promise<void> | undefined {
    if (this.hasCome) return undefined;
    this.waiting ??= Promise.withResolvers();
    return this.waiting.promise;
  }

  pass(): void {
    if (this.hasPassed) return;
    this.hasPassed = true;
    if (this.hasCome) Place.end(this);
  }

  /** Of this one, and of those behind it that have passed before their turn came. */
  private static end(place: Place): void {
    for (let last = place; ; ) {
      const { next } = last;
      if (!next) return last.over();
      next.hasCome = true;
      next.waiting?.resolve();
      if (!next.hasPassed) return;
      last = next;
    }
  }
}
