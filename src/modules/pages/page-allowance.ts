import { Logger } from '@nestjs/common';

/** What was looked up is good for so long, and is looked up again by whoever would be refused after a moment. */
const GOOD_MS = 60_000;
const MOMENT_MS = 1_000;

/** Where the bytes of a creator's pages are counted. */
export interface PageBytes {
  /** In memory: grown since they were stored. */
  unstored(): number;
  /** In the database. */
  stored(): Promise<number>;
}

/**
 * How many bytes the pages of one creator may still grow by. An edit asks it at once, and never waits while there is ample room; near the
 * limit the caller has it looked up first (`renew`), so that nobody is refused because of what was true a while ago.
 */
export class PageAllowance {
  private readonly logger = new Logger(PageAllowance.name);
  private left = 0;
  /** All that was taken so far: what is taken during a look-up is not in what comes back. */
  private taken = 0;
  private lookedUpAt = Number.NEGATIVE_INFINITY;
  private looking: Promise<void> | undefined;

  /**
   * @param max bytes of all pages of the creator; may be infinite
   * @param margin the most that one change can add
   */
  constructor(
    readonly creatorId: string,
    readonly max: number,
    private readonly margin: number,
    private readonly bytes: PageBytes,
  ) {
    if (max === Number.POSITIVE_INFINITY) this.left = max;
  }

  /** Any change has room, whatever it adds. */
  get isAmple(): boolean {
    return this.left >= this.margin;
  }

  /** Counts by how much a page grows, or shrinks. False when there is no room to grow: then nothing is counted. */
  take(bytes: number): boolean {
    if (bytes > 0 && bytes > this.left) return false;
    this.count(bytes);
    return true;
  }

  /** Counts what has been decided elsewhere. */
  count(bytes: number): void {
    this.left -= bytes;
    this.taken += bytes;
    // What nobody has asked for yet is looked up when somebody does.
    if (this.lookedUpAt > Number.NEGATIVE_INFINITY && performance.now() - this.lookedUpAt > GOOD_MS) this.lookUp().catch((error: unknown) => this.postpone(error));
  }

  /** Resolves when `take` goes by what is true now, or was a moment ago. */
  async renew(): Promise<void> {
    if (!this.isAmple && performance.now() - this.lookedUpAt > MOMENT_MS) await this.lookUp();
  }

  /** Something has been deleted: whoever is near the limit looks anew. */
  expire(): void {
    this.lookedUpAt = Math.min(this.lookedUpAt, performance.now() - MOMENT_MS - 1);
  }

  private postpone(error: unknown): void {
    this.logger.warn({ err: error, creatorId: this.creatorId }, 'the bytes of pages could not be counted; will try again');
    this.lookedUpAt = performance.now() - GOOD_MS + MOMENT_MS;
  }

  /** One look-up for all who need it at once. */
  private lookUp(): Promise<void> {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async look(): Promise<void> {
    const [before, unstored, at] = [this.taken, this.bytes.unstored(), performance.now()];
    const stored = await this.bytes.stored();
    this.lookedUpAt = at;
    this.left = this.max - stored - unstored - (this.taken - before);
  }
}
