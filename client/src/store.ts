/** A value that can be read and watched; the shape that React's `useSyncExternalStore` takes. */
export interface Readable<T> {
  get(): T;
  /** Calls `listener` after each change. Returns what ends that. */
  subscribe(listener: () => void): () => void;
}

/** A value that its owner sets. Values are never changed in place, so that a comparison by identity is enough. */
export class Value<T> implements Readable<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) {
      try {
        listener();
      } catch (error) {
        // The change has happened, and neither the other listeners nor what comes next may suffer from this one.
        report(error);
      }
    }
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
