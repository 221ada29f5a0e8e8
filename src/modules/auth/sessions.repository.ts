import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Raw, Repository } from 'typeorm';
import { Config } from '../../platform/config/config.js';
import { Database, type Sql } from '../../platform/database/database.js';
import type { RevocationReason } from '../../protocol/connection.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Device } from './device.js';
import { SessionEntity } from './session.entity.js';

/** Ended sessions are kept so long for whoever looks into an incident. */
const KEPT_ENDED = '7 days';
const MAX_DELETED = 10_000;
/** More than one only after the limit was lowered; the next sign-in goes on. */
const MAX_SURPLUS = 1_000;

/** A session that stands, and what its user is. */
export interface StandingSession {
  readonly isAdmin: boolean;
  /** How often it has been refreshed. */
  readonly generation: number;
  /** The newest generation whose access token has been used. */
  readonly usedGeneration: number;
}

export interface RotationState {
  readonly userId: string;
  readonly generation: number;
  readonly usedGeneration: number;
  readonly tokenHash: Buffer;
  readonly previousHash: Buffer | null;
}

/** The SQL of sessions. All times are the database's, so that nodes whose clocks differ agree. */
@Injectable()
export class SessionsRepository {
  private readonly refreshTtlSeconds: number;
  private readonly maxTtlSeconds: number;

  constructor(
    @InjectRepository(SessionEntity) private readonly sessions: Repository<SessionEntity>,
    private readonly db: Database,
    config: Config,
  ) {
    this.refreshTtlSeconds = config.get('REFRESH_TOKEN_TTL');
    this.maxTtlSeconds = config.get('SESSION_MAX_TTL');
  }

  /**
   * False when the user's password is not (any more) `passwordHash`, or the user may not act. The lock on the user orders this with a
   * change of the password: either that finds the new session and revokes it, or this finds the new password. And it has sign-ins of one
   * user wait for each other, until the transaction ends.
   */
  async insert(id: string, userId: string, passwordHash: string | null, tokenHash: Buffer, device: Device, sql: Sql = this.db): Promise<boolean> {
    const rows = await sql.rows<{ id: string }>(
      `WITH owner AS MATERIALIZED (
         SELECT id FROM users
         WHERE id = $2 AND password_hash IS NOT DISTINCT FROM $3 AND status = 'active' AND deleted_at IS NULL FOR NO KEY UPDATE
       )
       INSERT INTO sessions (id, user_id, token_hash, ip, user_agent, expires_at, absolute_expires_at)
       SELECT $1, id, $4, $5, $6, now() + LEAST($7::int, $8::int) * interval '1 second', now() + $8::int * interval '1 second' FROM owner
       RETURNING id`,
      [id, userId, passwordHash, tokenHash, device.ip, device.userAgent, this.refreshTtlSeconds, this.maxTtlSeconds],
    );
    return rows.length === 1;
  }

  /** Whether the user's session stands, and what the user is. One look-up by primary keys: it happens on every request. */
  async findStanding(id: string, userId: string): Promise<StandingSession | undefined> {
    const rows = await this.db.rows<StandingSession>(
      `SELECT u.is_admin AS "isAdmin", s.generation, s.used_generation AS "usedGeneration" FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.status = 'active' AND u.deleted_at IS NULL`,
      [id, userId],
    );
    return rows[0];
  }

  /** Those of the sessions that do not stand any more. */
  async findEnded(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.db.rows<{ id: string }>(
      `SELECT open.id FROM unnest($1::uuid[]) AS open(id) WHERE NOT EXISTS (
         SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = open.id AND s.revoked_at IS NULL AND s.expires_at > now() AND u.status = 'active' AND u.deleted_at IS NULL)`,
      [ids],
    );
    return new Set(rows.map((row) => row.id));
  }

  async findRotationState(id: string): Promise<RotationState | undefined> {
    const rows = await this.db.rows<RotationState>(
      `SELECT s.user_id AS "userId", s.generation, s.used_generation AS "usedGeneration", s.token_hash AS "tokenHash", s.previous_hash AS "previousHash"
       FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.status = 'active' AND u.deleted_at IS NULL`,
      [id],
    );
    return rows[0];
  }

  /** Compare and set: the new generation, or undefined when another request has rotated or revoked the session first. */
  async rotate(id: string, from: Buffer, to: Buffer, device: Device): Promise<number | undefined> {
    const rows = await this.db.rows<{ generation: number }>(
      `UPDATE sessions SET token_hash = $3, previous_hash = $2, generation = generation + 1, rotated_at = now(), ip = $4, user_agent = $5,
              expires_at = LEAST(now() + $6::int * interval '1 second', absolute_expires_at)
       WHERE id = $1 AND token_hash = $2 AND revoked_at IS NULL AND expires_at > now() RETURNING generation`,
      [id, from, to, device.ip, device.userAgent, this.refreshTtlSeconds],
    );
    return rows[0]?.generation;
  }

  /** Notes that an access token of this generation has been used, if it is still the newest. */
  async noteUse(id: string, generation: number): Promise<void> {
    await this.db.rows('UPDATE sessions SET used_generation = $2 WHERE id = $1 AND generation = $2 AND used_generation < $2', [id, generation]);
  }

  /** False when there is no such session of the user, or it was revoked before. */
  async revoke(id: string, userId: string, reason: RevocationReason, sql: Sql = this.db): Promise<boolean> {
    const rows = await sql.rows<{ id: string }>(
      `UPDATE sessions SET revoked_at = now(), revoked_reason = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING id`,
      [id, userId, reason],
    );
    return rows.length === 1;
  }

  /** Revokes those that were not used for longest, so that `max` are left with this one. Returns their ids. */
  async revokeSurplus(userId: string, newestId: string, max: number, reason: RevocationReason, tx: Sql): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `UPDATE sessions SET revoked_at = now(), revoked_reason = $4 WHERE id IN (
         SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > now()
         ORDER BY rotated_at DESC, id DESC OFFSET $3 LIMIT ${MAX_SURPLUS}
       ) RETURNING id`,
      [userId, newestId, max - 1, reason],
    );
    return rows.map(({ id }) => id);
  }

  /** Returns how many. */
  async revokeAll(userId: string, exceptId: string | null, reason: RevocationReason, sql: Sql = this.db): Promise<number> {
    const rows = await sql.rows(
      `UPDATE sessions SET revoked_at = now(), revoked_reason = $3
       WHERE user_id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR id <> $2) RETURNING 1`,
      [userId, exceptId, reason],
    );
    return rows.length;
  }

  /** The user's standing sessions, last used first. */
  list(userId: string): Promise<SessionEntity[]> {
    return this.sessions.find({
      where: { userId, revokedAt: IsNull(), expiresAt: Raw((column) => `${column} > now()`) },
      order: { rotatedAt: 'DESC' },
      take: LIMITS.pageItems,
    });
  }

  /** Deletes a bounded number of sessions that ended long ago. */
  async deleteEnded(): Promise<void> {
    for (const column of ['expires_at', 'revoked_at'] as const) {
      await this.db.rows(
        `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ${column} < now() - interval '${KEPT_ENDED}' LIMIT ${MAX_DELETED})`,
      );
    }
  }
}
