import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { heapShare } from '../memory/stores.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { ByteBudget } from './byte-budget.js';

const MB = 1024 * 1024;
/** What a request or an event holds is some times the size of its text, by which it is counted. */
const LIMITS = { name: 'bodies', perKey: 16 * MB, inAll: heapShare(1 / 16, 96 * MB) };
const RETRY_MS = 1_000;

/** Bodies of requests and of large events under way: being received, parsed and worked on; of each user, or address, and in all. */
@Injectable()
export class BodyBudget extends ByteBudget {
  constructor(private readonly rates: RateLimits) {
    super(LIMITS);
  }

  /**
   * Counts a body of a user's, or of a stranger's address; returns what takes it off again.
   * @throws AppError RATE_LIMITED those under way, or lately, are too large together · UNAVAILABLE all people's are
   */
  take(key: string, bytes: number): () => void {
    const lack = this.findLack(key, bytes);
    if (lack !== undefined) throw full(lack, 'Earlier requests with large bodies are still under way', RETRY_MS);
    this.rates.require('kilobytes', key, Math.ceil(bytes / 1_024));
    return this.add(key, bytes);
  }
}

/** @param lack as `findLack` says */
export function full(lack: 'key' | 'all', detail: string, retryAfterMs: number): AppError {
  return lack === 'key' ? new AppError('RATE_LIMITED', { detail, retryAfterMs }) : AppError.unavailable('Too much is under way at the moment', undefined, retryAfterMs);
}
