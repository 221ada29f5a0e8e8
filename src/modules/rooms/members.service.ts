import { Injectable } from '@nestjs/common';
import type { Permit } from '../../journal/entry.js';
import { type ChannelTransaction, Journal } from '../../journal/journal.js';
import { Audit } from '../../platform/audit/audit.js';
import type { Sql, Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { AuditDetail } from '../../protocol/audit.js';
import { ENTRY } from '../../protocol/events.js';
import type { Page } from '../../protocol/primitives.js';
import type { Member, MembersQuery, Room, RoomRole } from '../../protocol/rooms.js';
import { Presence } from '../presence/presence.js';
import { Contacts } from '../users/contacts.js';
import { Quotas } from '../users/quotas.js';
import { UsersService } from '../users/users.service.js';
import { MembersRepository, type MemberState } from './members.repository.js';
import { Memberships } from './memberships.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomPasswords, type Visitor } from './room-passwords.js';
import { RoomsService } from './rooms.service.js';
import { mayAdmit, outranks } from './rooms.policy.js';
import { WORLD_ID } from './world.js';

/** `timestamptz` knows infinity, JSON does not. */
const FOR_EVER = '9999-12-31T23:59:59.999Z';

/** What decides who may come in without being let in. */
type Entrance = Pick<Room, 'isPrivate'> & { readonly passwordHash: string | null };

/** Who is in a room, and in which role. Every change is made with the room's channel locked, and announced as an entry. */
@Injectable()
export class MembersService {
  constructor(
    private readonly members: MembersRepository,
    private readonly memberships: Memberships,
    private readonly rooms: RoomsRepository,
    private readonly roomsService: RoomsService,
    private readonly journal: Journal,
    private readonly users: UsersService,
    private readonly presence: Presence,
    private readonly passwords: RoomPasswords,
    private readonly contacts: Contacts,
    private readonly audit: Audit,
    private readonly quotas: Quotas,
  ) {
    contacts.registerCommonGround((tx, userId, otherId) => members.haveCommonRoom(tx, userId, otherId));
  }

  async list(roomId: string, userId: string, query: MembersQuery): Promise<Page<Member>> {
    const { blockedBy } = await this.memberships.require(roomId, userId, 'room:read');
    const page = await this.members.list(roomId, query);
    const isShown = (memberId: string): boolean => blockedBy === null || memberId === userId;
    return { ...page, items: page.items.map((member) => ({ ...member, online: isShown(member.user.id) && this.presence.isOnline(roomId, member.user.id) })) };
  }

  /**
   * Makes the user a member; nothing happens to one who is.
   * @throws AppError ROOM_NOT_FOUND · PERMISSION_DENIED wrong password, or banned · RATE_LIMITED too many wrong ones · GROUP_FULL
   */
  async join(roomId: string, visitor: Visitor, password: string | undefined): Promise<void> {
    const { userId } = visitor;
    if (roomId === WORLD_ID) {
      await this.memberships.require(roomId, userId, 'room:read');
      return this.rooms.ensureWorldMember(userId);
    }
    // Not from the cache: who has left on another node a moment ago would be told that they are in.
    if ((await this.memberships.readableNow(userId, [roomId])).has(roomId)) return;
    const entrance = await this.requireEntrance(roomId, visitor, password);
    const joined = await this.journal.transact(roomId, async (tx) => {
      const state = await this.members.find(tx, roomId, userId);
      if (state && !state.leftAt) return undefined;
      refuseBanned(state);
      return isSameEntrance(entrance, (await this.rooms.find(roomId, tx))!) ? this.add(tx, roomId, userId, 'member', { actorId: userId, by: entrance.passwordHash === null ? 'open-door' : 'password' }) : 'closed';
    });
    // Another password, or none but for its members: it is tried anew.
    if (joined === 'closed') return this.join(roomId, visitor, password);
    if (joined) this.roomsService.announceTo(userId, joined);
  }

  /**
   * Lets in whoever comes by an invite; a role is never lowered. `use` runs in the same transaction, when there is something to change,
   * and may still refuse by throwing. `permit` is the right of whoever invites.
   * @throws AppError PERMISSION_DENIED banned · GROUP_FULL
   */
  async admit(roomId: string, userId: string, role: RoomRole, permit: Permit, use: (tx: Transaction) => Promise<void>): Promise<RoomRole> {
    const work = async (tx: ChannelTransaction) => {
      const state = await this.members.find(tx, roomId, userId);
      refuseBanned(state);
      const current = state && !state.leftAt ? state.role : null;
      if (current && !outranks(role, current)) return { role: current };
      await use(tx);
      if (!current) return { role, room: await this.add(tx, roomId, userId, role, { actorId: userId, by: 'invite' }) };
      await this.setRole(tx, roomId, userId, role, userId);
      return { role };
    };
    const admitted = await this.journal.transact(roomId, work, { permit });
    if (admitted.room) this.roomsService.announceTo(userId, admitted.room);
    return admitted.role;
  }

  async leave(roomId: string, userId: string): Promise<void> {
    await this.memberships.require(roomId, userId, 'room:leave');
    // Without a permit: whoever has been put out meanwhile has nothing left to leave, which is no error.
    await this.journal.transact(roomId, async (tx) => {
      const state = await this.members.find(tx, roomId, userId);
      if (!state || state.leftAt) return;
      const others = (await this.members.count(tx, roomId)) - 1;
      if (state.role === 'owner' && others > 0) throw new AppError('PERMISSION_DENIED', { detail: 'Hand the room to another owner first' });
      await this.remove(tx, roomId, userId, userId, 'left');
      if (others === 0) await this.roomsService.removeIn(tx, roomId, userId);
    });
  }

  /**
   * Adds somebody, or changes the role. Making somebody `owner` hands the room over.
   * @throws AppError PRECONDITION_FAILED `onlyNew`, and they are a member already · PERMISSION_DENIED also when they do not let the actor add them · GROUP_FULL
   */
  async put(roomId: string, actorId: string, userId: string, role: RoomRole, { onlyNew = false }: { onlyNew?: boolean } = {}): Promise<void> {
    const permit = await this.memberships.require(roomId, actorId, 'member:add');
    await this.users.requireActive(userId);
    const work = async (tx: ChannelTransaction) => {
      const actor = await this.requireMember(tx, roomId, actorId);
      const target = await this.members.find(tx, roomId, userId);
      const isMember = target !== null && !target.leftAt;
      if (isMember && onlyNew) throw new AppError('PRECONDITION_FAILED', { detail: 'They are a member already' });
      if (isMember ? actor.role !== 'owner' : !mayAdmit(actor.role, role)) {
        throw new AppError('PERMISSION_DENIED', { detail: 'Your role does not allow this (member:set-role)' });
      }
      if (isMember && target.role === role) return undefined;
      if (isMember && target.role === 'owner') throw new AppError('PERMISSION_DENIED', { detail: 'Hand the room to another owner first' });
      if (!isMember) await this.contacts.requireMayAdd(tx, actorId, userId);
      const room = isMember ? undefined : await this.add(tx, roomId, userId, role === 'owner' ? 'member' : role, { actorId });
      if (role === 'owner') await this.handOver(tx, roomId, actorId, userId, actorId);
      else if (isMember) await this.setRole(tx, roomId, userId, role, actorId);
      return room;
    };
    const joined = await this.journal.transact(roomId, work, { permit });
    if (joined) this.roomsService.announceTo(userId, joined, actorId);
  }

  /**
   * Gives the room to another member; the owner becomes an admin. Part of a transaction. What somebody is given counts apart from what
   * they make: nobody can use up what others may make, and nobody holds more than twice the limit. What the server passes on, because
   * its owner cannot act any more, is not refused: it must have an owner.
   * @param actorId null: the server does it
   * @throws AppError QUOTA_EXCEEDED
   */
  async handOver(tx: ChannelTransaction, roomId: string, ownerId: string, newOwnerId: string, actorId: string | null): Promise<void> {
    if (actorId !== null) await this.quotas.require(tx, 'QUOTA_ROOMS', newOwnerId, (enough) => this.rooms.countOwned(newOwnerId, 'received', enough, tx));
    await this.setRole(tx, roomId, ownerId, 'admin', actorId);
    await this.setRole(tx, roomId, newOwnerId, 'owner', actorId);
    await this.rooms.setOwner(roomId, newOwnerId, tx);
  }

  kick(roomId: string, actorId: string, userId: string): Promise<void> {
    return this.govern(roomId, actorId, userId, 'member:kick', async (tx, target) => {
      if (!target || target.leftAt) throw new AppError('USER_NOT_FOUND', { detail: 'Not a member' });
      await this.remove(tx, roomId, userId, actorId, 'kicked');
    });
  }

  /** Without `until` for ever; a time in the past lifts the ban. Also keeps out somebody who is not a member yet. */
  ban(roomId: string, actorId: string, userId: string, until: string | null | undefined): Promise<void> {
    return this.govern(roomId, actorId, userId, 'member:ban', async (tx, target) => {
      const bannedUntil = isPast(until) ? null : (until ?? FOR_EVER);
      if (!(await this.members.setBan(tx, roomId, userId, bannedUntil))) throw new AppError('USER_NOT_FOUND');
      await this.recordSanction(tx, { actorId, roomId, userId }, bannedUntil, 'room.member.banned', 'room.member.unbanned');
      if (bannedUntil && target && !target.leftAt) await this.remove(tx, roomId, userId, actorId, 'banned');
    });
  }

  /** Without `until` for ever; a time in the past lifts the mute. */
  mute(roomId: string, actorId: string, userId: string, until: string | null | undefined): Promise<void> {
    return this.govern(roomId, actorId, userId, 'member:mute', async (tx, target) => {
      if (!target || target.leftAt) throw new AppError('USER_NOT_FOUND', { detail: 'Not a member' });
      const mutedUntil = isPast(until) ? null : (until ?? FOR_EVER);
      await this.members.setMute(tx, roomId, userId, mutedUntil);
      await this.recordSanction(tx, { actorId, roomId, userId }, mutedUntil, 'room.member.muted', 'room.member.unmuted');
      await tx.append({ type: ENTRY.memberUpdated, actorId, payload: { roomId, userId, role: target.role, mutedUntil } }, { revokes: true });
    });
  }

  private async govern(
    roomId: string,
    actorId: string,
    userId: string,
    action: 'member:kick' | 'member:ban' | 'member:mute',
    change: (tx: ChannelTransaction, target: MemberState | null) => Promise<void>,
  ): Promise<void> {
    const permit = await this.memberships.require(roomId, actorId, action);
    const work = async (tx: ChannelTransaction) => {
      const actor = await this.requireMember(tx, roomId, actorId);
      const target = await this.members.find(tx, roomId, userId);
      if (!outranks(actor.role, target && !target.leftAt ? target.role : 'member')) {
        throw new AppError('PERMISSION_DENIED', { detail: 'They have the same role as you, or a higher one' });
      }
      await change(tx, target);
    };
    await this.journal.transact(roomId, work, { permit });
    this.memberships.forget(roomId, userId);
  }

  /** A public room is open; a password opens any; a private room without one takes members only from its admins. */
  private async requireEntrance(roomId: string, visitor: Visitor, password: string | undefined): Promise<Entrance> {
    const room = await this.rooms.find(roomId);
    if (!room || room.kind !== 'group' || (room.isPrivate && !room.hasPassword)) throw new AppError('ROOM_NOT_FOUND');
    if (room.passwordHash === null) return room;
    if (password === undefined) throw new AppError('PERMISSION_DENIED', { detail: 'This room needs a password', errors: [{ path: 'password', message: 'is required' }] });
    if (await this.passwords.verify(roomId, room.passwordHash, password, visitor)) return room;
    throw new AppError('PERMISSION_DENIED', { detail: 'The password is wrong', errors: [{ path: 'password', message: 'is wrong' }] });
  }

  private async requireMember(tx: ChannelTransaction, roomId: string, userId: string): Promise<MemberState> {
    const state = await this.members.find(tx, roomId, userId);
    if (!state || state.leftAt) throw new AppError('ROOM_NOT_FOUND');
    return state;
  }

  /** @param how who does it; and `by` which way somebody comes in by themselves */
  private async add(tx: ChannelTransaction, roomId: string, userId: string, role: RoomRole, { actorId, by }: { actorId: string; by?: AuditDetail<'room.member.joined'>['by'] }): Promise<Room> {
    const room = (await this.rooms.find(roomId, tx))!;
    if (room.maxMembers !== null && room.memberCount >= room.maxMembers) throw new AppError('GROUP_FULL', { extra: { maxMembers: room.maxMembers } });
    await this.members.add(tx, roomId, userId, role);
    await tx.append({ type: ENTRY.memberJoined, actorId, payload: { roomId, userId, role } });
    if (by) await this.audit.record(tx, 'room.member.joined', { actorId, targetId: userId, channelId: roomId, detail: { role, by } });
    else await this.audit.record(tx, 'room.member.added', { actorId, targetId: userId, channelId: roomId, detail: { role } });
    return room;
  }

  private async remove(tx: ChannelTransaction, roomId: string, userId: string, actorId: string, reason: 'left' | 'kicked' | 'banned'): Promise<void> {
    await this.members.remove(tx, roomId, userId);
    await tx.append({ type: ENTRY.memberLeft, actorId, payload: { roomId, userId, reason } }, { revokes: true });
    if (reason !== 'banned') await this.audit.record(tx, reason === 'left' ? 'room.member.left' : 'room.member.kicked', { actorId, targetId: userId, channelId: roomId });
  }

  private async setRole(tx: ChannelTransaction, roomId: string, userId: string, role: RoomRole, actorId: string | null): Promise<void> {
    const { from, mutedUntil } = await this.members.setRole(tx, roomId, userId, role);
    await tx.append({ type: ENTRY.memberUpdated, actorId, payload: { roomId, userId, role, mutedUntil } }, { revokes: true });
    await this.audit.record(tx, 'room.member.role-changed', { actorId, targetId: userId, channelId: roomId, detail: { from, to: role } });
  }

  private recordSanction(tx: Sql, { actorId, roomId, userId }: { actorId: string; roomId: string; userId: string }, until: string | null, begun: 'room.member.banned' | 'room.member.muted', lifted: 'room.member.unbanned' | 'room.member.unmuted'): Promise<void> {
    const what = { actorId, targetId: userId, channelId: roomId };
    return until === null ? this.audit.record(tx, lifted, what) : this.audit.record(tx, begun, { ...what, detail: { until: until === FOR_EVER ? null : until } });
  }
}

function isSameEntrance(entrance: Entrance, { isPrivate, passwordHash }: Entrance): boolean {
  return entrance.isPrivate === isPrivate && entrance.passwordHash === passwordHash;
}

function isPast(until: string | null | undefined): boolean {
  return typeof until === 'string' && Date.parse(until) <= Date.now();
}

function refuseBanned(state: MemberState | null): void {
  if (state?.bannedUntil != null && state.bannedUntil.getTime() > Date.now()) throw new AppError('PERMISSION_DENIED', { detail: 'You are banned from this room' });
}
