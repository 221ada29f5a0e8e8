/** How many there are of each key, and in all. Keys without any are forgotten. */
export class Counts {
  private readonly counts = new Map<string, number>();
  private sum = 0;

  get total(): number {
    return this.sum;
  }

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  /** One more; returns how many there are of the key. */
  add(key: string): number {
    const count = this.of(key) + 1;
    this.counts.set(key, count);
    this.sum += 1;
    return count;
  }

  /** One less of a key that has some. */
  remove(key: string): void {
    const left = this.of(key) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
    this.sum -= 1;
  }
}
