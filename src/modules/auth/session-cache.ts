import { Injectable } from '@nestjs/common';
import { BoundedCache } from '../../platform/memory/bounded-cache.js';
import { metrics } from '../../platform/metrics/metrics.js';
import { type Revocation, Revocations } from '../../platform/realtime/revocations.js';
import { SessionsRepository, type StandingSession } from './sessions.repository.js';

/** A session that stands. The use of its newest generation is noted here, too, when it is in the database. */
interface Known extends StandingSession {
  usedGeneration: number;
  noting?: Promise<void> | undefined;
}

/** What is known of a session; null for one that does not stand. */
export type Standing = Known | null;

/** A revocation that the bus lost, or a right given or taken in the database, is noticed after so long. */
const TTL_MS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** Of one user, with some sessions. */
const USER_BYTES = 700;

/**
 * Spares most requests the look-up of their session. What is kept is the look-up itself, so that requests which miss at the same time
 * share one. A revocation drops it at once, with a look-up that is under way: whoever asks after the revocation asks the database.
 */
@Injectable()
export class SessionCache {
  /** By user, then by session, so that all sessions of a user can be dropped together. Nothing in a map is older than the map. */
  private readonly users = new BoundedCache<Map<string, Promise<Standing>>>({ name: 'sessions', maxBytes: MAX_BYTES, entryBytes: USER_BYTES, ttlMs: TTL_MS });

  constructor(
    private readonly sessions: SessionsRepository,
    revocations: Revocations,
  ) {
    revocations.onRevoked((revocation) => this.drop(revocation));
  }

  get(userId: string, sessionId: string): Promise<Standing> {
    const known = this.users.get(userId);
    const kept = known?.get(sessionId);
    metrics.cacheRequests.inc({ cache: 'session', result: kept ? 'hit' : 'miss' });
    if (kept) return kept;
    const sessions = known ?? new Map<string, Promise<Standing>>();
    const standing = this.look(userId, sessionId);
    sessions.set(sessionId, standing);
    if (!known) this.users.set(userId, sessions);
    // A failure is told to those who share it, and not kept.
    standing.catch(() => this.forget(userId, sessionId, standing));
    return standing;
  }

  /**
   * As `get`, for whoever presents an access token of this generation (absent from tokens of before there were generations). The first use
   * of the newest generation is noted in the database, once, before the token opens anything: from then on the refresh token before it is spent.
   */
  async use(userId: string, sessionId: string, generation = 0): Promise<Standing> {
    const known = this.get(userId, sessionId);
    let standing = await known;
    if (standing && generation > standing.generation) {
      // Refreshed since it was looked up, perhaps on another node.
      this.forget(userId, sessionId, known);
      standing = await this.get(userId, sessionId);
    }
    if (standing?.generation === generation && standing.usedGeneration < generation) await this.noteUse(sessionId, standing);
    return standing;
  }

  /** All who come at the same time share one write. */
  private noteUse(sessionId: string, standing: Known): Promise<void> {
    standing.noting ??= this.sessions
      .noteUse(sessionId, standing.generation)
      .then(() => void (standing.usedGeneration = standing.generation))
      .finally(() => (standing.noting = undefined));
    return standing.noting;
  }

  private async look(userId: string, sessionId: string): Promise<Standing> {
    return (await this.sessions.findStanding(sessionId, userId)) ?? null;
  }

  /** By now a later look-up may have taken its place, which stays. */
  private forget(userId: string, sessionId: string, standing: Promise<Standing>): void {
    const sessions = this.users.get(userId);
    if (sessions?.get(sessionId) === standing) sessions.delete(sessionId);
  }

  private drop({ userId, sessionId }: Revocation): void {
    if (sessionId === undefined) this.users.delete(userId);
    else this.users.get(userId)?.delete(sessionId);
  }
}
