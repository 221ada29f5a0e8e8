import { Injectable } from '@nestjs/common';
import type { Permit } from '../../journal/entry.js';
import { FanOut } from '../../journal/fan-out.js';
import { Bus } from '../../platform/bus/bus.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { ENTRY } from '../../protocol/events.js';
import type { RoomRole } from '../../protocol/rooms.js';
import { type None, RightsCache, rightsKey, type RightsQuestion, type VersionedRights } from '../channels/rights-cache.js';
import { Presence } from '../presence/presence.js';
import { blocked, type BlockedBy } from '../users/contacts.js';
import { can, type RoomAction } from './rooms.policy.js';
import { WORLD_ID } from './world.js';

/** What decides about a user's rights in a room. */
interface Membership extends VersionedRights {
  readonly kind: 'direct' | 'group' | 'world';
  readonly role: RoomRole;
  readonly mutedUntil: number | null;
  /** Of a direct room in which one of the two has blocked the other: there nobody speaks, and nobody is shown as present. */
  readonly blockedBy: BlockedBy | null;
}

/** What a mute or a block takes away: an edit would be a way to go on speaking. */
const SPEAKING = new Set<RoomAction>(['message:send', 'message:edit-own']);

const CHANGES = new Set<string>([ENTRY.memberJoined, ENTRY.memberLeft, ENTRY.memberUpdated, ENTRY.roomUpdated]);
const REVOCATIONS = new Set<string>([ENTRY.memberLeft, ENTRY.memberUpdated]);

interface Row {
  room_id: string;
  user_id: string;
  kind: Membership['kind'];
  role: RoomRole | null;
  muted_until: Date | null;
  banned: boolean;
  rights_version: number;
  blocked_by: BlockedBy | null;
}

/** The rights of users in rooms, cached because every send asks. */
@Injectable()
export class Memberships {
  private readonly cache: RightsCache<Membership>;

  constructor(
    private readonly db: Database,
    private readonly presence: Presence,
    fanOut: FanOut,
    bus: Bus,
  ) {
    const source = { name: 'memberships', changes: CHANGES, revocations: REVOCATIONS, fetch: (questions: readonly RightsQuestion[], sql?: Sql) => this.fetch(questions, sql) };
    this.cache = new RightsCache(source, fanOut, bus);
  }

  /**
   * The user's right to the action, for the entry or the transaction that is to follow.
   * @throws AppError ROOM_NOT_FOUND to strangers · PERMISSION_DENIED to members without the right, or muted or blocked ones who would speak
   */
  async require(roomId: string, userId: string, action: RoomAction): Promise<RoomPermit> {
    const since = this.cache.now;
    const found = this.cache.get(roomId, userId);
    let membership = found instanceof Promise ? await found : found;
    if (refusalOf(membership, action)) membership = await this.cache.confirm(roomId, userId, since);
    return new RoomPermit(this, roomId, userId, action, orRefuse(membership, action));
  }

  /** The same right, if it allows the action; null to strangers and to members without it. */
  async find(roomId: string, userId: string, action: RoomAction): Promise<RoomPermit | null> {
    try {
      return await this.require(roomId, userId, action);
    } catch (error) {
      if (error instanceof AppError && (error.code === 'ROOM_NOT_FOUND' || error.code === 'PERMISSION_DENIED')) return null;
      throw error;
    }
  }

  /** What `require` goes by, with the room locked by this connection, and its rights at `version`. @throws AppError as `require` */
  async requireAt(version: number, sql: Sql, roomId: string, userId: string, action: RoomAction): Promise<Membership> {
    return orRefuse(await this.cache.at(version, roomId, userId, sql), action);
  }

  /** Those of the rooms that the user is a member of. */
  readable(userId: string, roomIds: readonly string[]): Promise<Set<string>> {
    return this.cache.readable(userId, roomIds);
  }

  /** As `readable`, from the database and not from the cache. */
  readableNow(userId: string, roomIds: readonly string[]): Promise<Set<string>> {
    return this.cache.readableNow(userId, roomIds);
  }

  /** Whether one of the two in a direct room has blocked the other, from the database. */
  async isBlockedNow(roomId: string, userId: string): Promise<boolean> {
    return Boolean((await this.fetch([{ channelId: roomId, userId }])).get(rightsKey(roomId, userId))?.blockedBy);
  }

  forget(roomId: string, userId: string): void {
    this.cache.forget(roomId, userId);
  }

  private async fetch(questions: readonly RightsQuestion[], sql: Sql = this.db): Promise<Map<string, Membership>> {
    const rows = await sql.rows<Row>(
      `SELECT q.room_id, q.user_id, r.kind, m.muted_until, CASE WHEN m.left_at IS NULL THEN m.role END AS role,
         coalesce(m.banned_until > now(), false) AS banned, c.rights_version, coalesce(own.block, theirs.block) AS blocked_by
       FROM unnest($1::uuid[], $2::uuid[]) AS q(room_id, user_id)
       JOIN rooms r ON r.channel_id = q.room_id
       JOIN channels c ON c.id = r.channel_id AND c.deleted_at IS NULL
       JOIN users u ON u.id = q.user_id AND u.status = 'active' AND u.deleted_at IS NULL
       LEFT JOIN room_members m ON m.room_id = q.room_id AND m.user_id = q.user_id
       -- LIMIT makes each of these one look by primary key for each room, however many are blocked: without it all blocks were read.
       LEFT JOIN LATERAL (SELECT o.user_id AS id FROM room_members o WHERE r.kind = 'direct' AND o.room_id = q.room_id AND o.user_id <> q.user_id LIMIT 1) peer ON true
       LEFT JOIN LATERAL (SELECT 'own' AS block FROM user_blocks b WHERE b.user_id = q.user_id AND b.blocked_id = peer.id LIMIT 1) own ON true
       LEFT JOIN LATERAL (SELECT 'peer' AS block FROM user_blocks b WHERE b.user_id = peer.id AND b.blocked_id = q.user_id LIMIT 1) theirs ON true`,
      [questions.map(({ channelId }) => channelId), questions.map(({ userId }) => userId)],
    );
    const found = new Map<string, Membership>();
    for (const { room_id: roomId, user_id: userId, kind, banned, muted_until: mutedUntil, rights_version: version, blocked_by: blockedBy, ...row } of rows) {
      const role = row.role ?? (roomId === WORLD_ID ? 'member' : null);
      if (role && !banned) found.set(rightsKey(roomId, userId), { kind, role, mutedUntil: mutedUntil?.getTime() ?? null, blockedBy, version });
      if (kind === 'direct') this.presence.setSilent(roomId, blockedBy !== null);
    }
    return found;
  }
}

/** A user's right to do something in a room, as it was asked; the journal asks for it again where that was too long ago. */
export class RoomPermit implements Permit {
  constructor(
    private readonly memberships: Memberships,
    private readonly roomId: string,
    private readonly userId: string,
    private readonly action: RoomAction,
    private membership: Membership,
  ) {}

  get version(): number {
    return this.membership.version;
  }

  get role(): RoomRole {
    return this.membership.role;
  }

  get blockedBy(): BlockedBy | null {
    return this.membership.blockedBy;
  }

  get kind(): Membership['kind'] {
    return this.membership.kind;
  }

  async renew(version: number, sql: Sql): Promise<void> {
    this.membership = await this.memberships.requireAt(version, sql, this.roomId, this.userId, this.action);
  }
}

function orRefuse(membership: Membership | None, action: RoomAction): Membership {
  const refusal = refusalOf(membership, action);
  if (refusal) throw refusal();
  return membership as Membership;
}

/** Why the membership does not allow the action; undefined when it does. */
function refusalOf(membership: Membership | None, action: RoomAction): (() => AppError) | undefined {
  if (membership === 'none') return () => new AppError('ROOM_NOT_FOUND');
  const { role, kind, mutedUntil, blockedBy } = membership;
  if (!can(role, action, kind)) return () => new AppError('PERMISSION_DENIED', { detail: `Your role does not allow this (${action})` });
  if (!SPEAKING.has(action)) return undefined;
  if (blockedBy) return () => blocked(blockedBy);
  if (mutedUntil === null || mutedUntil <= Date.now()) return undefined;
  return () => new AppError('PERMISSION_DENIED', { detail: 'You are muted', extra: { mutedUntil: new Date(mutedUntil).toISOString() } });
}
