import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.js';
import type { CreatedInvite, Invite } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { RoomRole } from '../../protocol/rooms.js';
import { type Admission, type InviteRole, type InviteTarget, InviteTargets } from '../access/invite-targets.js';
import { type InvitedTo, type InviteOrder, InvitesService } from '../access/invites.service.js';
import { MembersService } from './members.service.js';
import { Memberships, type RoomPermit } from './memberships.js';
import type { RoomAction } from './rooms.policy.js';
import { RoomsRepository } from './rooms.repository.js';

/** Invites to groups. They open private rooms, and need no password; a ban they do not lift. */
@Injectable()
export class RoomInvites implements InviteTarget {
  readonly kind = 'room';

  constructor(
    private readonly memberships: Memberships,
    private readonly members: MembersService,
    private readonly rooms: RoomsRepository,
    private readonly invites: InvitesService,
    targets: InviteTargets,
  ) {
    targets.register(this);
  }

  async create(roomId: string, userId: string, order: InviteOrder, origin: string): Promise<CreatedInvite> {
    const permit = await this.memberships.require(roomId, userId, actionOf(order.role));
    return this.invites.create(this.targetOf(roomId), { userId, permit }, order, origin);
  }

  async list(roomId: string, userId: string, query: PageQuery): Promise<Page<Invite>> {
    await this.memberships.require(roomId, userId, 'room:invite');
    return this.invites.list(this.targetOf(roomId), query);
  }

  async describe(roomId: string): Promise<{ publicId: string; name: string | null } | null> {
    const room = await this.rooms.find(roomId);
    return room && { publicId: roomId, name: room.name };
  }

  async roleOf(roomId: string, userId: string): Promise<InviteRole> {
    const { role } = await this.memberships.require(roomId, userId, 'room:read');
    return role;
  }

  findInviter(roomId: string, userId: string, role?: InviteRole): Promise<RoomPermit | null> {
    return this.memberships.find(roomId, userId, actionOf(role));
  }

  admit(userId: string, { targetId, role, permit }: Admission, use: (tx: Transaction) => Promise<void>): Promise<RoomRole> {
    return this.members.admit(targetId, userId, role as RoomRole, permit, use);
  }

  private targetOf(roomId: string): InvitedTo {
    return { kind: this.kind, id: roomId, publicId: roomId };
  }
}

/** What it takes to invite somebody as that. */
function actionOf(role?: InviteRole): RoomAction {
  return role === 'admin' ? 'room:invite-admin' : 'room:invite';
}
