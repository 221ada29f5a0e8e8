import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '../../platform/database/database.js';

/** Any two transactions that make the first administrator take this lock. */
const CLAIM_LOCK = 0x61646d6e;
const KEPT_ENDED = '30 days';

export interface AdminClaim {
  readonly usedBy: string | null;
  readonly hasEnded: boolean;
  readonly hasExpired: boolean;
}

@Injectable()
export class AdminClaimsRepository {
  constructor(private readonly db: Database) {}

  /** Locks out everybody else who claims, until the transaction ends. */
  async lock(tx: Sql): Promise<void> {
    await tx.rows('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK]);
  }

  /** Adds a claim, and forgets those that ended long ago. */
  async insert(tokenHash: Buffer, validForSeconds: number): Promise<void> {
    await this.db.rows(`DELETE FROM admin_claims WHERE expires_at < now() - interval '${KEPT_ENDED}'`);
    await this.db.rows('INSERT INTO admin_claims (token_hash, expires_at) VALUES ($1, now() + make_interval(secs => $2))', [tokenHash, validForSeconds]);
  }

  async find(tokenHash: Buffer, sql: Sql = this.db): Promise<AdminClaim | null> {
    const rows = await sql.rows<{ used_by: string | null; has_ended: boolean; has_expired: boolean }>(
      'SELECT used_by, ended_at IS NOT NULL AS has_ended, expires_at <= clock_timestamp() AS has_expired FROM admin_claims WHERE token_hash = $1',
      [tokenHash],
    );
    return rows[0] ? { usedBy: rows[0].used_by, hasEnded: rows[0].has_ended, hasExpired: rows[0].has_expired } : null;
  }

  /** Ends all of them; this one has been used. */
  async endAll(tokenHash: Buffer, userId: string, tx: Sql): Promise<void> {
    await tx.rows('UPDATE admin_claims SET ended_at = now(), used_by = CASE WHEN token_hash = $1 THEN $2::uuid END WHERE ended_at IS NULL', [tokenHash, userId]);
  }
}
