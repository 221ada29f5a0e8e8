import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Made, Ref } from './resend.js';

/** A key of a user; every user has a space of their own. */
export interface IdempotencyKey {
  readonly userId: string;
  readonly key: string;
}

/** What is known of a key that somebody used before. */
export interface EarlierRequest {
  /** The fingerprint of the request. */
  readonly request: string;
  /** Null while that request is under way. */
  readonly status: number | null;
  /** Null when its answer named nothing. */
  readonly made: Made | null;
}

/** After so long without an outcome the process that had the request is taken for dead. */
const ABANDONED_AFTER = '60 seconds';
const KEPT_FOR = '24 hours';
const MAX_DELETED = 10_000;

@Injectable()
export class IdempotencyKeysRepository {
  constructor(private readonly db: Database) {}

  /**
   * Takes the key for a request, described by its fingerprint. A key that was abandoned by the same request, or has expired, is taken over.
   * Returns a token that proves the possession, or undefined when the key is taken.
   */
  async claim({ userId, key }: IdempotencyKey, request: string): Promise<string | undefined> {
    const rows = await this.db.rows<{ claim: string }>(
      `INSERT INTO idempotency_keys AS k (user_id, key, request, created_at) VALUES ($1, $2, $3, clock_timestamp())
       ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request, status = NULL, kind = NULL, ref = NULL, created_at = excluded.created_at
       WHERE k.created_at < now() - interval '${KEPT_FOR}'
          OR (k.status IS NULL AND k.request = excluded.request AND k.created_at < now() - interval '${ABANDONED_AFTER}')
       RETURNING created_at::text AS claim`,
      [userId, key, request],
    );
    return rows[0]?.claim;
  }

  async find({ userId, key }: IdempotencyKey): Promise<EarlierRequest | undefined> {
    const [row] = await this.db.rows<{ request: string; status: number | null; kind: string | null; ref: Ref | null }>(
      'SELECT request, status, kind, ref FROM idempotency_keys WHERE user_id = $1 AND key = $2',
      [userId, key],
    );
    if (!row) return undefined;
    const { request, status, kind, ref } = row;
    return { request, status, made: kind === null || ref === null ? null : { kind, ref } };
  }

  /** Keeps the outcome. Without effect when the claim was lost meanwhile. */
  async complete({ userId, key }: IdempotencyKey, claim: string, status: number, made: Made | null): Promise<void> {
    await this.db.rows(
      'UPDATE idempotency_keys SET status = $4, kind = $5, ref = $6 WHERE user_id = $1 AND key = $2 AND created_at = $3::timestamptz AND status IS NULL',
      [userId, key, claim, status, made?.kind ?? null, made && JSON.stringify(made.ref)],
    );
  }

  /** Gives the key back, for the same or another request. Without effect when the claim was lost meanwhile. */
  async free({ userId, key }: IdempotencyKey, claim: string): Promise<void> {
    await this.db.rows('DELETE FROM idempotency_keys WHERE user_id = $1 AND key = $2 AND created_at = $3::timestamptz AND status IS NULL', [userId, key, claim]);
  }

  /** Deletes a bounded number of expired keys. */
  async deleteExpired(): Promise<void> {
    await this.db.rows(
      `DELETE FROM idempotency_keys WHERE (user_id, key) IN
         (SELECT user_id, key FROM idempotency_keys WHERE created_at < now() - interval '${KEPT_FOR}' LIMIT ${MAX_DELETED})`,
    );
  }
}
