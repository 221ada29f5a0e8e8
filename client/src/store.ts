/** A value that can be read and watched; the shape that React's `useSyncExternalStore` takes. */
export interface Readable<T> {
  get(): T;
  /** Calls `listener` after each change. Returns what ends that. */
  subscribe(listener: () => void): () => void;
}

/** A set of listeners. A listener that throws is reported as an uncaught error; the other listeners and the caller go on. */
export class Listeners<Args extends unknown[] = []> {
  private readonly listeners = new Set<(...args: Args) => void>();

  /** Calls `listener` each time. Returns what ends that. */
  add(listener: (...args: Args) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(...args: Args): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(...args);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** A value that its owner sets. Values are never changed in place, so that a comparison by identity is enough. */
export class Value<T> implements Readable<T> {
  private readonly listeners = new Listeners();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    this.listeners.tell();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }
}

/** Throws where nobody can catch it: the console and `window.onerror` get it, or Node's `uncaughtException`. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Resolves with the first value that satisfies `isWanted`, at once when it does already. */
export function when<T>(readable: Readable<T>, isWanted: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const value = readable.get();
      if (!isWanted(value)) return false;
      resolve(value);
      return true;
    };
    if (look()) return;
    const stop = readable.subscribe(() => look() && stop());
  });
}
