import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { FanOut } from '../../journal/fan-out.js';
import { Bus } from '../../platform/bus/bus.js';
import { Database } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { metrics } from '../../platform/metrics/metrics.js';
import { ENTRY } from '../../protocol/events.js';
import type { RoomRole } from '../../protocol/rooms.js';
import { can, type RoomAction } from './rooms.policy.js';
import { WORLD_ID } from './world.js';

/** What decides about a user's rights in a room. */
export interface Membership {
  readonly kind: 'direct' | 'group' | 'world';
  readonly role: RoomRole;
  readonly mutedUntil: number | null;
}

const MAX_CACHED = 100_000;
/** Every change is an entry that empties the cache at once; the limit is for entries that a bus has lost (a right ends within 1 s). */
const TTL_CLUSTER_MS = 1_000;
const TTL_LOCAL_MS = 300_000;

/** What a mute takes away: an edit would be a way to go on speaking. */
const SPEAKING = new Set<RoomAction>(['message:send', 'message:edit-own']);

const CHANGES = new Set<string>([ENTRY.memberJoined, ENTRY.memberLeft, ENTRY.memberUpdated, ENTRY.roomUpdated]);

interface Row {
  room_id: string;
  kind: Membership['kind'];
  role: RoomRole | null;
  muted_until: Date | null;
  banned: boolean;
}

/** The rights of users in rooms, cached because every send asks. */
@Injectable()
export class Memberships {
  private readonly cache: LRUCache<string, Membership | 'none'>;
  private readonly loading = new Map<string, Promise<Membership | 'none'>>();

  constructor(
    private readonly db: Database,
    fanOut: FanOut,
    bus: Bus,
  ) {
    this.cache = new LRUCache({ max: MAX_CACHED, ttl: bus.isLocal ? TTL_LOCAL_MS : TTL_CLUSTER_MS });
    fanOut.onSeen((entry) => {
      if (CHANGES.has(entry.type)) this.forget(entry.channelId, entry.userId as string | undefined);
    });
  }

  /**
   * The user's membership, if it allows the action.
   * @throws AppError ROOM_NOT_FOUND to strangers · PERMISSION_DENIED to members without the right, or muted ones who would speak
   */
  async require(roomId: string, userId: string, action: RoomAction): Promise<Membership> {
    const cached = this.cache.get(roomId + userId);
    metrics.cacheRequests.inc(cached ? HIT : MISS);
    const membership = cached ?? (await this.load(roomId, userId));
    if (membership === 'none') throw new AppError('ROOM_NOT_FOUND');
    if (!can(membership.role, action, membership.kind)) throw new AppError('PERMISSION_DENIED', { detail: `Your role does not allow this (${action})` });
    if (SPEAKING.has(action) && isMuted(membership)) {
      throw new AppError('PERMISSION_DENIED', { detail: 'You are muted', extra: { mutedUntil: new Date(membership.mutedUntil!).toISOString() } });
    }
    return membership;
  }

  /** Those of the rooms that the user is a member of. */
  async readable(userId: string, roomIds: readonly string[]): Promise<Set<string>> {
    const known = new Set<string>();
    const unknown: string[] = [];
    for (const roomId of roomIds) {
      const cached = this.cache.get(roomId + userId);
      if (cached === undefined) unknown.push(roomId);
      else if (cached !== 'none') known.add(roomId);
    }
    if (unknown.length > 0) for (const roomId of await this.readableNow(userId, unknown)) known.add(roomId);
    return known;
  }

  /** As `readable`, from the database and not from the cache. */
  async readableNow(userId: string, roomIds: readonly string[]): Promise<Set<string>> {
    return new Set((await this.fetch(userId, roomIds)).keys());
  }

  forget(roomId: string, userId?: string): void {
    if (userId !== undefined) {
      this.cache.delete(roomId + userId);
      this.loading.delete(roomId + userId);
      return;
    }
    for (const key of this.cache.keys()) if (key.startsWith(roomId)) this.cache.delete(key);
    for (const key of this.loading.keys()) if (key.startsWith(roomId)) this.loading.delete(key);
  }

  /** One query for all who ask at once. What was forgotten meanwhile is answered, but not kept. */
  private load(roomId: string, userId: string): Promise<Membership | 'none'> {
    const key = roomId + userId;
    let loading = this.loading.get(key);
    if (loading) return loading;
    loading = this.fetch(userId, [roomId]).then((found) => {
      const membership = found.get(roomId) ?? 'none';
      if (this.loading.get(key) === loading) this.cache.set(key, membership);
      return membership;
    });
    this.loading.set(key, loading);
    const done = () => void (this.loading.get(key) === loading && this.loading.delete(key));
    loading.then(done, done);
    return loading;
  }

  private async fetch(userId: string, roomIds: readonly string[]): Promise<Map<string, Membership>> {
    const rows = await this.db.rows<Row>(
      `SELECT r.channel_id AS room_id, r.kind, m.muted_until, CASE WHEN m.left_at IS NULL THEN m.role END AS role,
         coalesce(m.banned_until > now(), false) AS banned
       FROM rooms r JOIN channels c ON c.id = r.channel_id AND c.deleted_at IS NULL
       LEFT JOIN room_members m ON m.room_id = r.channel_id AND m.user_id = $1
       WHERE r.channel_id = ANY($2::uuid[])`,
      [userId, roomIds],
    );
    const found = new Map<string, Membership>();
    for (const row of rows) {
      const role = row.role ?? (row.room_id === WORLD_ID ? 'member' : null);
      if (role && !row.banned) found.set(row.room_id, { kind: row.kind, role, mutedUntil: row.muted_until?.getTime() ?? null });
    }
    return found;
  }
}

const HIT = { cache: 'memberships', result: 'hit' };
const MISS = { cache: 'memberships', result: 'miss' };

function isMuted({ mutedUntil }: Membership): boolean {
  return mutedUntil !== null && mutedUntil > Date.now();
}
