import { Injectable } from '@nestjs/common';
import { FanOut } from '../../journal/fan-out.js';
import { Bus } from '../../platform/bus/bus.js';
import { Database } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { ENTRY } from '../../protocol/events.js';
import type { RoomRole } from '../../protocol/rooms.js';
import { RightsCache } from '../channels/rights-cache.js';
import { can, type RoomAction } from './rooms.policy.js';
import { WORLD_ID } from './world.js';

/** What decides about a user's rights in a room. */
export interface Membership {
  readonly kind: 'direct' | 'group' | 'world';
  readonly role: RoomRole;
  readonly mutedUntil: number | null;
}

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
  private readonly cache: RightsCache<Membership>;

  constructor(
    private readonly db: Database,
    fanOut: FanOut,
    bus: Bus,
  ) {
    this.cache = new RightsCache({ name: 'memberships', changes: CHANGES, fetch: (userId, roomIds) => this.fetch(userId, roomIds) }, fanOut, bus);
  }

  /**
   * The user's membership, if it allows the action.
   * @throws AppError ROOM_NOT_FOUND to strangers · PERMISSION_DENIED to members without the right, or muted ones who would speak
   */
  async require(roomId: string, userId: string, action: RoomAction): Promise<Membership> {
    const found = this.cache.get(roomId, userId);
    const membership = found instanceof Promise ? await found : found;
    if (membership === 'none') throw new AppError('ROOM_NOT_FOUND');
    if (!can(membership.role, action, membership.kind)) throw new AppError('PERMISSION_DENIED', { detail: `Your role does not allow this (${action})` });
    if (SPEAKING.has(action) && isMuted(membership)) {
      throw new AppError('PERMISSION_DENIED', { detail: 'You are muted', extra: { mutedUntil: new Date(membership.mutedUntil!).toISOString() } });
    }
    return membership;
  }

  /** The user's membership, if it allows the action; null to strangers and to members without the right. */
  async find(roomId: string, userId: string, action: RoomAction): Promise<Membership | null> {
    const membership = await this.cache.get(roomId, userId);
    return membership !== 'none' && can(membership.role, action, membership.kind) ? membership : null;
  }

  /** Those of the rooms that the user is a member of. */
  readable(userId: string, roomIds: readonly string[]): Promise<Set<string>> {
    return this.cache.readable(userId, roomIds);
  }

  /** As `readable`, from the database and not from the cache. */
  async readableNow(userId: string, roomIds: readonly string[]): Promise<Set<string>> {
    return new Set((await this.fetch(userId, roomIds)).keys());
  }

  forget(roomId: string, userId: string): void {
    this.cache.forget(roomId, userId);
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

function isMuted({ mutedUntil }: Membership): boolean {
  return mutedUntil !== null && mutedUntil > Date.now();
}
