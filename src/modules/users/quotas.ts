import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import type { Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';

/** What a refusal says, for a person. */
const SENTENCES = {
  QUOTA_ROOMS: (max: number) => `One user can have at most ${max} rooms`,
  QUOTA_PAGES: (max: number) => `One user can have at most ${max} pages`,
  QUOTA_PAGE_BYTES: (max: number) => `The pages of one user can have at most ${max} bytes together`,
  QUOTA_INVITES: (max: number) => `One user can have at most ${max} invites that are open`,
} as const;

/** The settings that bound how much of something one user has. */
export type QuotaName = keyof typeof SENTENCES;

/** Advisory locks of this kind are those of quotas: see `Quotas.require`. */
const LOCK_KIND = 0x71756f74;

/** How much of everything one user may have. What counts, and for whom, the module says that has the things. */
@Injectable()
export class Quotas {
  constructor(private readonly config: Config) {}

  /** Infinite where there is no limit. */
  maxOf(name: QuotaName): number {
    return this.config.get(name) || Number.POSITIVE_INFINITY;
  }

  /**
   * Asked in the transaction that makes something of the user's, before it is made. Whoever else asks for the same user waits until that
   * transaction ends, so that two of them cannot both take the last place. (An advisory lock, and not the user's row: transactions that
   * suspend somebody lock that row before channels, and those that ask here have locked a channel already.)
   * @param count how much the user has; it may stop counting at `enough`
   * @param more how much is added
   * @throws AppError QUOTA_EXCEEDED
   */
  async require(tx: Sql, name: QuotaName, userId: string, count: (enough: number) => Promise<number>, more = 1): Promise<void> {
    const max = this.maxOf(name);
    if (max === Number.POSITIVE_INFINITY) return;
    await tx.rows('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_KIND, lockKeyOf(userId)]);
    if ((await count(max)) + more > max) throw quotaExceeded(name, max);
  }
}

export function quotaExceeded(name: QuotaName, max: number): AppError {
  return new AppError('QUOTA_EXCEEDED', { detail: SENTENCES[name](max), extra: { limit: name, max } });
}

/** The last 32 bits of a UUIDv7 are random; users who share them wait for each other, and that is all. */
function lockKeyOf(userId: string): number {
  return Number.parseInt(userId.slice(-8), 16) | 0;
}
