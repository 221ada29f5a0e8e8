import { Injectable } from '@nestjs/common';
import { type ChannelTransaction, Journal } from '../../journal/journal.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { Block } from '../../protocol/users.js';
import { DirectRooms } from '../rooms/direct-rooms.js';
import { Contacts } from '../users/contacts.js';
import { UsersService } from '../users/users.service.js';

/** Whom a user has blocked. Only the user is told of it; the other one finds that some things are not possible. */
@Injectable()
export class BlocksService {
  constructor(
    private readonly contacts: Contacts,
    private readonly users: UsersService,
    private readonly directRooms: DirectRooms,
    private readonly journal: Journal,
    private readonly db: Database,
    private readonly realtime: Realtime,
  ) {}

  list(userId: string, query: PageQuery): Promise<Page<Block>> {
    return this.contacts.list(userId, query);
  }

  /** @throws AppError NOT_FOUND */
  get(userId: string, blockedId: string): Promise<Block> {
    return this.contacts.get(userId, blockedId);
  }

  /** Blocking twice is no error. @throws AppError USER_NOT_FOUND · QUOTA_EXCEEDED · INVALID_INPUT oneself */
  async block(userId: string, blockedId: string): Promise<void> {
    if (blockedId === userId) throw AppError.invalid('userId', 'must be somebody else');
    await this.users.getProfile(blockedId);
    await this.change(userId, blockedId, true, (tx) => this.contacts.block(tx, userId, blockedId));
  }

  /** Nothing happens when there is no block. @throws AppError USER_NOT_FOUND there has never been such a user */
  async unblock(userId: string, blockedId: string): Promise<void> {
    if (!(await this.users.getProfiles([blockedId])).has(blockedId)) throw new AppError('USER_NOT_FOUND');
    await this.change(userId, blockedId, false, (tx) => this.contacts.unblock(tx, userId, blockedId));
  }

  /** Where the two have a room, with its channel locked: so that a block comes before or after each of its entries. */
  private async change(userId: string, otherId: string, blocked: boolean, work: (tx: Sql) => Promise<boolean>): Promise<void> {
    const roomId = await this.directRooms.find(userId, otherId);
    const workInRoom = async (tx: ChannelTransaction): Promise<boolean> => {
      const isChanged = await work(tx);
      // What is under way in the room asks for its right again.
      if (isChanged && blocked) await tx.revoke();
      return isChanged;
    };
    try {
      const changed = await (roomId === null ? this.db.transaction(work) : this.journal.transact(roomId, workInRoom, { evenDeleted: true }));
      if (!changed) return;
    } finally {
      // Also when the outcome is unknown.
      if (roomId !== null) this.directRooms.forgetRights(roomId, [userId, otherId]);
    }
    await this.directRooms.applyBlocks(userId, otherId);
    this.realtime.emitToUser(userId, SERVER_EVENTS.blockChanged, { userId: otherId, blocked });
  }
}
