import { AppError } from '../../platform/errors/app-error.js';

/** Lets at most `maxRunning` pieces of work run at once, and at most `maxWaiting` wait for their turn, first come first served. */
export class Turnstile {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting: number,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  /** @throws AppError UNAVAILABLE at once when too many wait already */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> | undefined {
    if (this.running < this.maxRunning) {
      this.running++;
      return undefined;
    }
    if (this.queue.length >= this.maxWaiting) throw AppError.unavailable('Too many are signing in at the moment');
    return new Promise((resolve) => this.queue.push(resolve));
  }

  /** Hands the place to the next in the queue, so that nobody who comes later can take it. */
  private leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.running--;
  }
}
