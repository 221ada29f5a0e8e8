/** Numbers from a seed (mulberry32), so that a run that failed can be run again. */
export class Random {
  constructor(
    readonly seed = process.env['TEST_SEED'] ? Number(process.env['TEST_SEED']) : Math.floor(Math.random() * 2 ** 32),
  ) {
    this.state = seed;
  }
  private state: number;

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
