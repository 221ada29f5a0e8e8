import { timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.js';
import { Config } from '../../platform/config/config.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Housekeeping } from '../../platform/housekeeping/housekeeping.js';
import { metrics } from '../../platform/metrics/metrics.js';
import { Revocations } from '../../platform/realtime/revocations.js';
import type { Session } from '../../protocol/auth.js';
import type { RevocationReason } from '../../protocol/connection.js';
import type { Device } from './device.js';
import { type RefreshToken, RefreshTokens } from './refresh-tokens.js';
import { toSession } from './session.entity.js';
import { type RotationState, SessionsRepository } from './sessions.repository.js';

/** A session and the only copy of its refresh token. */
export interface OpenedSession {
  readonly userId: string;
  readonly sessionId: string;
  /** How often it has been refreshed. */
  readonly generation: number;
  readonly refreshToken: string;
}

const CLEANING_INTERVAL_MS = 3_600_000;
/** A rotation that loses a race finds the winner's successor at the next look; more tries only help when many race in a row. */
const MAX_ROTATION_ATTEMPTS = 3;

/** Signed-in devices. Each is one family of refresh tokens, of which only the last one counts. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);
  /** 0 for any number. */
  private readonly maxPerUser: number;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly refreshTokens: RefreshTokens,
    private readonly revocations: Revocations,
    private readonly db: Database,
    private readonly audit: Audit,
    config: Config,
    housekeeping: Housekeeping,
  ) {
    this.maxPerUser = config.get('QUOTA_SESSIONS');
    housekeeping.every(CLEANING_INTERVAL_MS, 'old sessions could not be deleted', () => sessions.deleteEnded());
  }

  /**
   * Signs a device in. With a session too many the one that was not used for longest ends, its sockets with it.
   * Undefined when the user's password has changed since it was checked, or the user may not act (any more).
   */
  async open(userId: string, passwordHash: string | null, device: Device): Promise<OpenedSession | undefined> {
    const { opened, endedIds } = await this.db.transaction(async (tx) => {
      const session = await this.openFirst(userId, passwordHash, device, tx);
      return { opened: session, endedIds: session ? await this.endSurplus(session, tx) : [] };
    });
    for (const sessionId of endedIds) this.revocations.announce({ userId, sessionId, reason: 'too-many' });
    return opened;
  }

  /** @returns the ids of those that have ended */
  private async endSurplus({ userId, sessionId }: OpenedSession, tx: Sql): Promise<string[]> {
    if (this.maxPerUser === 0) return [];
    const ids = await this.sessions.revokeSurplus(userId, sessionId, this.maxPerUser, 'too-many', tx);
    if (ids.length === 1) await this.audit.record(tx, 'session.ended', { actorId: null, targetId: ids[0]!, detail: { reason: 'too-many' } });
    // Only after the limit was lowered.
    else if (ids.length > 1) await this.audit.record(tx, 'session.all-ended', { actorId: null, targetId: userId, detail: { reason: 'too-many', count: ids.length } });
    return ids;
  }

  /** The same for a user who has no other session; part of the transaction that makes the user. */
  async openFirst(userId: string, passwordHash: string | null, device: Device, sql: Sql): Promise<OpenedSession | undefined> {
    const sessionId = uuidv7();
    const token = this.refreshTokens.first(sessionId);
    if (!(await this.sessions.insert(sessionId, userId, passwordHash, token.hash, device, sql))) return undefined;
    await this.audit.record(sql, 'session.created', { actorId: userId, targetId: sessionId });
    return { userId, sessionId, generation: 0, refreshToken: token.text };
  }

  /**
   * Exchanges a refresh token for the next one of its session. An answer may be lost, or two tabs may ask at once: so the token before the
   * current one gives the same successor again, until that or an access token that came with it has been used (as in Matrix, MSC2918).
   * Then whoever still presents it has a copy: the session is revoked (RFC 9700 section 4.14.2).
   * @throws AppError UNAUTHENTICATED, in the same words whatever is wrong
   */
  async rotate(text: string, device: Device): Promise<OpenedSession> {
    const token = this.refreshTokens.parse(text);
    if (!token) throw refreshRefused('malformed');
    const next = this.refreshTokens.successor(token);
    for (let attempt = 0; attempt < MAX_ROTATION_ATTEMPTS; attempt++) {
      const state = await this.sessions.findRotationState(token.sessionId);
      if (!state) throw refreshRefused('session-ended');
      const { userId, generation } = state;
      const opened = { userId, sessionId: token.sessionId, refreshToken: next.text };
      if (isRepeatable(token, next, state)) return { ...opened, generation };
      if (!equal(token.hash, state.tokenHash)) return this.refuse(token, state);
      const nextGeneration = await this.sessions.rotate(token.sessionId, token.hash, next.hash, device);
      if (nextGeneration !== undefined) return { ...opened, generation: nextGeneration };
    }
    throw AppError.unavailable('The session is being refreshed by others');
  }

  /** Ends the session of a refresh token. Whatever else is presented ends nothing, and is not told so (RFC 7009 section 2.2). */
  async revokeByToken(text: string): Promise<void> {
    const token = this.refreshTokens.parse(text);
    const state = token && (await this.sessions.findRotationState(token.sessionId));
    if (!state || !(token.isGenuine || equal(token.hash, state.tokenHash))) return;
    await this.end(token.sessionId, state.userId, 'logout');
  }

  /** @throws AppError NOT_FOUND when the user has no such session */
  async revoke(sessionId: string, userId: string): Promise<void> {
    if (!(await this.end(sessionId, userId, 'revoked'))) throw new AppError('NOT_FOUND', { detail: 'There is no such session' });
  }

  async revokeAll(userId: string): Promise<void> {
    await this.db.transaction((tx) => this.endAll(userId, null, 'logout', tx));
    this.revocations.announce({ userId, reason: 'logout' });
  }

  /** Part of a transaction: the caller announces it after the commit. */
  revokeOthers(userId: string, exceptSessionId: string, reason: RevocationReason, sql: Sql): Promise<void> {
    return this.endAll(userId, exceptSessionId, reason, sql);
  }

  async list(userId: string, currentSessionId: string): Promise<Session[]> {
    return (await this.sessions.list(userId)).map((session) => toSession(session, currentSessionId));
  }

  private async refuse(token: RefreshToken, { userId }: RotationState): Promise<never> {
    if (!token.isGenuine) throw refreshRefused('wrong-secret');
    metrics.refreshReuse.inc();
    this.logger.warn({ userId, sessionId: token.sessionId }, 'a used refresh token was presented again; its session is revoked');
    await this.end(token.sessionId, userId, 'reuse');
    throw refreshRefused('reuse');
  }

  private async endAll(userId: string, exceptSessionId: string | null, reason: RevocationReason, tx: Sql): Promise<void> {
    const count = await this.sessions.revokeAll(userId, exceptSessionId, reason, tx);
    if (count > 0) await this.audit.record(tx, 'session.all-ended', { targetId: userId, detail: { reason, count } });
  }

  private async end(sessionId: string, userId: string, reason: RevocationReason): Promise<boolean> {
    const isEnded = await this.db.transaction(async (tx) => {
      if (!(await this.sessions.revoke(sessionId, userId, reason, tx))) return false;
      if (reason === 'reuse') await this.audit.record(tx, 'session.reuse-detected', { isAnonymous: true, targetId: userId, detail: { sessionId } });
      else await this.audit.record(tx, 'session.ended', { actorId: userId, targetId: sessionId, detail: { reason } });
      return true;
    });
    if (!isEnded) return false;
    this.revocations.announce({ userId, sessionId, reason });
    return true;
  }
}

/** True for the token before the current one, while nothing that it gave has been used. Its successor is the current one, so nothing has to be written. */
function isRepeatable(token: RefreshToken, next: RefreshToken, { generation, usedGeneration, tokenHash, previousHash }: RotationState): boolean {
  return usedGeneration < generation && previousHash !== null && equal(token.hash, previousHash) && equal(next.hash, tokenHash);
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function refreshRefused(reason: string): AppError {
  metrics.authFailures.inc({ reason: `refresh-${reason}` });
  return new AppError('UNAUTHENTICATED', { detail: 'The refresh token is not valid' });
}
