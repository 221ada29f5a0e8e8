import { Injectable } from '@nestjs/common';
import { Journal } from '../../journal/journal.js';
import { type Estate, Succession } from '../users/succession.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';

/**
 * A group whose owner cannot act any more goes to the member who is admin for the longest time, else to the oldest member; whoever is
 * muted comes last. A room has one owner: the former one is an admin when the account comes back.
 */
@Injectable()
export class RoomSuccession implements Estate {
  readonly kind = 'room';

  constructor(
    private readonly journal: Journal,
    private readonly members: MembersRepository,
    private readonly membersService: MembersService,
    succession: Succession,
  ) {
    succession.register(this);
  }

  findOrphaned(userId: string, limit: number): Promise<string[]> {
    return this.members.listOrphaned(userId, limit);
  }

  passOn(roomId: string): Promise<void> {
    return this.journal.transact(roomId, async (tx) => {
      const ownerId = await this.members.findInactiveOwner(tx, roomId);
      const heirId = ownerId === null ? null : await this.members.findHeir(tx, roomId);
      if (ownerId !== null && heirId !== null) await this.membersService.handOver(tx, roomId, ownerId, heirId, null);
    });
  }
}
