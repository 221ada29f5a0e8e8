import { type Store, watchStore } from '../memory/stores.js';

export interface ByteBudgetLimits {
  /** In metrics. */
  readonly name: string;
  readonly perKey: number;
  readonly inAll: number;
}

/** Counts bytes that are under way: of each key, and in all. Only keys that have some are remembered. */
export class ByteBudget implements Store {
  readonly name: string;
  readonly maxBytes: number;
  private readonly keys = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: ByteBudgetLimits) {
    this.name = limits.name;
    this.maxBytes = limits.inAll;
    watchStore(this);
  }

  /** Keys that have some. */
  get entries(): number {
    return this.keys.size;
  }

  get bytes(): number {
    return this.total;
  }

  /** What of the budget has no room for so many more; undefined when there is room. */
  findLack(key: string, bytes: number): 'key' | 'all' | undefined {
    if (this.of(key) + bytes > this.limits.perKey) return 'key';
    return this.total + bytes > this.limits.inAll ? 'all' : undefined;
  }

  /** Also beyond the limits: then `findLack` says so to whoever comes next. Returns what takes them off again; to call it twice does nothing. */
  add(key: string, bytes: number): () => void {
    this.change(key, bytes);
    let isOff = false;
    return () => {
      if (!isOff) this.change(key, -bytes);
      isOff = true;
    };
  }

  private of(key: string): number {
    return this.keys.get(key) ?? 0;
  }

  private change(key: string, bytes: number): void {
    const now = this.of(key) + bytes;
    if (now > 0) this.keys.set(key, now);
    else this.keys.delete(key);
    this.total += bytes;
  }
}
