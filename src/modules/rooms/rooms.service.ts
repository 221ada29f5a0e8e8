import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type ChannelTransaction, Journal } from '../../journal/journal.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { isUniqueViolation } from '../../platform/database/pg-errors.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import type { AuditDetail } from '../../protocol/audit.js';
import { ENTRY, SERVER_EVENTS } from '../../protocol/events.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { CreateRoom, DiscoverQuery, MyRoom, Room, UpdateRoom } from '../../protocol/rooms.js';
import { InvitesService } from '../access/invites.service.js';
import { PasswordHasher } from '../auth/password-hasher.js';
import { Contacts } from '../users/contacts.js';
import { Quotas } from '../users/quotas.js';
import { UsersService } from '../users/users.service.js';
import { Memberships } from './memberships.js';
import { RoomMemberEntity } from './room-member.entity.js';
import type { RoomEntity } from './room.entity.js';
import { directKeyOf, RoomsRepository } from './rooms.repository.js';
import { WORLD_ID } from './world.js';

/** Rooms themselves: make, find, change, delete. Who is in them is `MembersService`'s. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly rooms: RoomsRepository,
    private readonly memberships: Memberships,
    private readonly journal: Journal,
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly contacts: Contacts,
    private readonly hasher: PasswordHasher,
    private readonly realtime: Realtime,
    private readonly audit: Audit,
    private readonly quotas: Quotas,
    private readonly invites: InvitesService,
  ) {}

  /** @throws AppError QUOTA_EXCEEDED */
  async create(userId: string, body: CreateRoom): Promise<MyRoom> {
    if (body.workspaceId) throw new AppError('WORKSPACE_NOT_FOUND');
    const passwordHash = body.password === undefined ? null : await this.hasher.hash(body.password, userId);
    const id = uuidv7();
    await this.db.transaction(async (tx) => {
      await this.quotas.require(tx, 'QUOTA_ROOMS', userId, (enough) => this.rooms.countOwned(userId, 'made', enough, tx));
      const room = { id, kind: 'group' as const, countsAs: 'made' as const, name: body.name, isPrivate: body.isPrivate, passwordHash, ownerId: userId };
      await this.insert(tx, { ...room, maxMembers: body.maxMembers ?? null, memberCount: 1 }, [{ userId, role: 'owner' }]);
      await this.audit.record(tx, 'room.created', { actorId: userId, targetId: id, channelId: id, detail: { kind: 'group', isPrivate: body.isPrivate, hasPassword: passwordHash !== null } });
    });
    const room = await this.getMine(id, userId);
    this.announceTo(userId, room);
    return room;
  }

  /**
   * The room of the two, made if there is none. The same pair always gets the same room, whatever has come between them since. It is
   * neither one's own, and counts for nobody.
   * @throws AppError USER_NOT_FOUND · PERMISSION_DENIED one has blocked the other, or the peer does not let the user add them
   */
  async createDirect(userId: string, peerId: string): Promise<{ room: MyRoom; created: boolean }> {
    if (peerId === userId) throw AppError.invalid('userId', 'must be somebody else');
    const directKey = directKeyOf(userId, peerId);
    const existing = await this.rooms.findDirect(directKey);
    if (existing) return { room: await this.getMine(existing, userId), created: false };
    await this.users.requireActive(peerId);
    const id = uuidv7();
    try {
      await this.db.transaction(async (tx) => {
        await this.contacts.requireMayWrite(tx, userId, peerId);
        const members = [userId, peerId].map((memberId) => ({ userId: memberId, role: 'member' as const }));
        await this.insert(tx, { id, kind: 'direct', isPrivate: true, maxMembers: 2, memberCount: 2, directKey }, members);
        // With whom is nobody's business.
        await this.audit.record(tx, 'room.created', { actorId: userId, targetId: id, channelId: id, detail: { kind: 'direct' } });
      });
    } catch (error) {
      // The other one was faster; the room is the same.
      if (isUniqueViolation(error, 'rooms_direct_key')) return this.createDirect(userId, peerId);
      throw error;
    }
    const room = await this.getMine(id, userId);
    this.announceTo(userId, room);
    this.announceTo(peerId, room, userId);
    return { room, created: true };
  }

  /** Tells all devices of a new member, which follow the room only from then on; `addedBy`, when that was somebody else's doing. */
  announceTo(userId: string, { id, kind, name }: Pick<Room, 'id' | 'kind' | 'name'>, addedBy?: string): void {
    this.realtime.emitToUser(userId, SERVER_EVENTS.roomAdded, { roomId: id, kind, name, ...(addedBy !== undefined && { addedBy }) });
  }

  async listMine(userId: string, { limit, cursor }: PageQuery): Promise<Page<MyRoom>> {
    if (cursor === undefined) await this.rooms.ensureWorldMember(userId);
    return this.rooms.listMine(userId, limit, cursor);
  }

  discover(query: DiscoverQuery): Promise<Page<Room>> {
    return this.rooms.discover(query);
  }

  /** As a member sees it; a public room also as a stranger does. */
  async get(roomId: string, userId: string): Promise<Room | MyRoom> {
    const readable = await this.memberships.readable(userId, [roomId]);
    if (readable.has(roomId)) return this.getMine(roomId, userId);
    const room = await this.rooms.find(roomId);
    if (!room || room.isPrivate || room.kind === 'direct') throw new AppError('ROOM_NOT_FOUND');
    return toPublicRoom(room);
  }

  async getRoom(roomId: string): Promise<Room> {
    const room = await this.rooms.find(roomId);
    if (!room) throw new AppError('ROOM_NOT_FOUND');
    return toPublicRoom(room);
  }

  async getMine(roomId: string, userId: string): Promise<MyRoom> {
    if (roomId === WORLD_ID) await this.rooms.ensureWorldMember(userId);
    const room = await this.rooms.findMine(roomId, userId);
    if (!room) throw new AppError('ROOM_NOT_FOUND');
    return room;
  }

  async update(roomId: string, userId: string, body: UpdateRoom): Promise<MyRoom> {
    const permit = await this.memberships.require(roomId, userId, 'room:update');
    const { password, ...changes } = body;
    const passwordHash = typeof password === 'string' ? await this.hasher.hash(password, userId) : password;
    const work = async (tx: ChannelTransaction) => {
      const changed = { ...changes, ...(passwordHash !== undefined && { passwordHash }) };
      if (Object.keys(changed).length === 0) return;
      await this.rooms.update(roomId, changed, tx);
      await tx.append({ type: ENTRY.roomUpdated, actorId: userId, payload: await this.announcement(roomId, tx) });
      await this.audit.record(tx, 'room.updated', { actorId: userId, targetId: roomId, channelId: roomId, detail: auditedChanges(body) });
    };
    await this.journal.transact(roomId, work, { permit });
    return this.getMine(roomId, userId);
  }

  /** The room is gone for everyone at once; its rows stay for those who must keep records. */
  async remove(roomId: string, userId: string): Promise<void> {
    const permit = await this.memberships.require(roomId, userId, 'room:delete');
    await this.journal.transact(roomId, (tx) => this.removeIn(tx, roomId, userId), { permit });
  }

  async removeIn(tx: ChannelTransaction, roomId: string, actorId: string): Promise<void> {
    await tx.append({ type: ENTRY.roomUpdated, actorId, payload: { ...(await this.announcement(roomId, tx)), deleted: true } });
    await this.rooms.markDeleted(roomId, tx);
    await this.invites.endAll('room', roomId, tx);
    await this.audit.record(tx, 'room.deleted', { actorId, targetId: roomId, channelId: roomId });
  }

  private async announcement(roomId: string, tx: Transaction): Promise<Record<string, unknown>> {
    const { passwordHash: _hash, lastSeq: _seq, memberCount: _count, ...room } = (await this.rooms.find(roomId, tx))!;
    return { roomId, room };
  }

  private async insert(tx: Transaction, room: Partial<RoomEntity>, members: Pick<RoomMemberEntity, 'userId' | 'role'>[]): Promise<void> {
    await tx.rows(`INSERT INTO channels (id, kind) VALUES ($1, 'room')`, [room.id]);
    await this.rooms.insert(room, tx);
    await tx.manager.insert(
      RoomMemberEntity,
      members.map((member) => ({ ...member, roomId: room.id! })),
    );
  }
}

/** Which settings were made, and the new ones that say who gets in; not what people call the room. */
function auditedChanges(body: UpdateRoom): AuditDetail<'room.updated'> {
  const { isPrivate, password, maxMembers } = body;
  return {
    fields: (['name', 'isPrivate', 'password', 'maxMembers'] as const).filter((name) => body[name] !== undefined),
    ...(isPrivate !== undefined && { isPrivate }),
    ...(password !== undefined && { hasPassword: password !== null }),
    ...(maxMembers !== undefined && { maxMembers }),
  };
}

function toPublicRoom({ passwordHash: _hash, ...room }: Room & { passwordHash: string | null }): Room {
  return room;
}
