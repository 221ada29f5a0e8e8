import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { metrics } from '../../platform/metrics/metrics.js';
import { type Revocation, Revocations } from '../../platform/realtime/revocations.js';
import { SessionsRepository } from './sessions.repository.js';

/** What is known of a session that stands; null for one that does not. */
export type Standing = { readonly isAdmin: boolean } | null;

/** A revocation that the bus lost, or a right given or taken in the database, is noticed after so long. */
const TTL_MS = 1_000;
const MAX_USERS = 20_000;

/**
 * Spares most requests the look-up of their session. What is kept is the look-up itself, so that requests which miss at the same time
 * share one. A revocation drops it at once, with a look-up that is under way: whoever asks after the revocation asks the database.
 */
@Injectable()
export class SessionCache {
  /** By user, then by session, so that all sessions of a user can be dropped together. Nothing in a map is older than the map. */
  private readonly users = new LRUCache<string, Map<string, Promise<Standing>>>({
    max: MAX_USERS,
    ttl: TTL_MS,
    // No timer for it.
    ttlResolution: 0,
    perf: { now: () => performance.now() },
  });

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
    // A failure is told to those who share it, and not kept. By then a later look-up may have taken its place.
    standing.catch(() => sessions.get(sessionId) === standing && sessions.delete(sessionId));
    return standing;
  }

  private async look(userId: string, sessionId: string): Promise<Standing> {
    return (await this.sessions.findStanding(sessionId, userId)) ?? null;
  }

  private drop({ userId, sessionId }: Revocation): void {
    if (sessionId === undefined) this.users.delete(userId);
    else this.users.get(userId)?.delete(sessionId);
  }
}
