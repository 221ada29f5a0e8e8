import { heapShare, type Store, watchStore } from '../platform/memory/stores.js';

/** Bytes of entries that all channels of a node keep in memory. */
const MAX_BYTES = heapShare(1 / 16, 64 * 1024 * 1024);

/** What remembers entries, and can do without them: the journal has them. */
export interface Remembering {
  /** Lets go of everything; returns nothing, but tells the memory. */
  forget(): void;
}

/** Adds up what channels remember. When it is too much in all, the channels in which nothing has happened for longest forget. */
export class TailMemory implements Store {
  readonly name = 'tails';
  /** In the order in which they last remembered something. */
  private readonly tails = new Map<Remembering, number>();
  private total = 0;

  constructor(readonly maxBytes = MAX_BYTES) {
    watchStore(this);
  }

  get entries(): number {
    return this.tails.size;
  }

  get bytes(): number {
    return this.total;
  }

  /** The tail now remembers so many bytes. */
  note(tail: Remembering, bytes: number): void {
    this.total += bytes - (this.tails.get(tail) ?? 0);
    this.tails.delete(tail);
    if (bytes > 0) this.tails.set(tail, bytes);
    for (const oldest of this.tails.keys()) {
      if (this.total <= this.maxBytes) return;
      oldest.forget();
    }
  }
}
