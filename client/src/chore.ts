import { backoffMs } from './connection/backoff.js';
import { AtriumError } from './errors.js';
import { report } from './store.js';

/**
 * Work that has to succeed in the end. One attempt at a time: whoever asks during one gets another after it. An attempt that fails for
 * want of an answer is followed by others, with growing pauses; one that the server refuses is the last.
 */
export class Chore {
  private current: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;

  constructor(private readonly attempt: () => Promise<void>) {}

  /** Resolves at the end of an attempt that began after this call, whether or not it succeeded. */
  do(): Promise<void> {
    this.isStopped = false;
    return this.begin();
  }

  /** Resolves when no attempt is under way. */
  get settled(): Promise<void> {
    return this.next ?? this.current ?? Promise.resolve();
  }

  /** No more attempts, until asked again. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private begin(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.current) return (this.current = this.run());
    this.next ??= this.current.then(() => {
      this.next = undefined;
      return this.isStopped ? undefined : this.begin();
    });
    return this.next;
  }

  private async run(): Promise<void> {
    try {
      await this.attempt();
      this.failures = 0;
    } catch (error) {
      if (!(error instanceof AtriumError)) report(error);
      else if (error.isRetryable && !this.isStopped) {
        this.timer = setTimeout(() => void this.begin(), Math.max(error.retryAfterMs ?? 0, backoffMs(this.failures++)));
      }
    } finally {
      this.current = undefined;
    }
  }
}
