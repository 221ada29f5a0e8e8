import { AppError } from '../platform/errors/app-error.js';
import type { AppendResult, NewEntry } from './entry.js';

/** Appends that have an opId and no answer yet: a resend that arrives meanwhile waits for the answer to the first one. */
export class OperationsUnderWay {
  private readonly operations = new Map<string, { fingerprint: number | undefined; result: Promise<AppendResult> }>();

  /** @throws AppError IDEMPOTENCY_MISMATCH the first one has another body; otherwise what `append` throws */
  async run(entry: NewEntry, append: () => Promise<AppendResult>): Promise<AppendResult> {
    const key = `${entry.channelId}${entry.actorId}${entry.opId}`;
    const first = this.operations.get(key);
    if (first) {
      if (first.fingerprint !== entry.fingerprint) throw mismatch();
      return { ...(await first.result), duplicate: true };
    }
    const result = append();
    this.operations.set(key, { fingerprint: entry.fingerprint, result });
    try {
      return await result;
    } finally {
      this.operations.delete(key);
    }
  }
}

export function mismatch(): AppError {
  return new AppError('IDEMPOTENCY_MISMATCH', { detail: 'This id was used for another body' });
}
