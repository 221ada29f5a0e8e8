import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import type { Block } from '../../protocol/users.js';
import { BlocksRepository } from './blocks.repository.js';

/** Which of two people has blocked the other, as one of them sees it; `own` when both have. */
export type BlockedBy = 'own' | 'peer';

/** Whether two users have a room, a page or the like in common. */
type CommonGround = (tx: Sql, userId: string, otherId: string) => Promise<boolean>;

/**
 * Who may come near whom: blocks, and who may add somebody by name. What is asked here holds until the end of the caller's transaction.
 * A refusal says the same whatever is behind it, so that nobody learns from it that they are blocked.
 */
@Injectable()
export class Contacts {
  private readonly commonGrounds: CommonGround[] = [];

  constructor(private readonly blocks: BlocksRepository) {}

  /** Modules that have places where people meet say whether two of them share one. */
  registerCommonGround(share: CommonGround): void {
    this.commonGrounds.push(share);
  }

  /**
   * Asked before somebody is made a member by another one. Not asked of invites: accepting one is the user's own act.
   * @throws AppError PERMISSION_DENIED · USER_NOT_FOUND nobody who can act
   */
  async requireMayAdd(tx: Sql, actorId: string, userId: string): Promise<void> {
    if (!(await this.mayReach(tx, actorId, userId))) throw new AppError('PERMISSION_DENIED', { detail: 'You cannot add this person' });
  }

  /**
   * Asked before a direct room is made. Who has blocked somebody cannot write to them either.
   * @throws AppError PERMISSION_DENIED · USER_NOT_FOUND nobody who can act
   */
  async requireMayWrite(tx: Sql, actorId: string, userId: string): Promise<void> {
    const mayReach = await this.mayReach(tx, actorId, userId);
    if (await this.blocks.has(actorId, userId, tx)) throw blocked('own');
    if (!mayReach) throw blocked('peer');
  }

  list(userId: string, query: PageQuery): Promise<Page<Block>> {
    return this.blocks.list(userId, query);
  }

  /** @throws AppError NOT_FOUND */
  async get(userId: string, blockedId: string): Promise<Block> {
    const block = await this.blocks.find(userId, blockedId);
    if (!block) throw new AppError('NOT_FOUND', { detail: 'You have not blocked this person' });
    return block;
  }

  /** False when it was so already. @throws AppError QUOTA_EXCEEDED */
  async block(tx: Sql, userId: string, blockedId: string): Promise<boolean> {
    await this.blocks.lockOwner(userId, tx);
    if (await this.blocks.has(userId, blockedId, tx)) return false;
    if ((await this.blocks.count(userId, tx)) >= LIMITS.blocks) throw new AppError('QUOTA_EXCEEDED', { detail: `At most ${LIMITS.blocks} people can be blocked`, extra: { limit: 'blocks', max: LIMITS.blocks } });
    await this.blocks.insert(userId, blockedId, tx);
    return true;
  }

  /** False when it was so already. */
  async unblock(tx: Sql, userId: string, blockedId: string): Promise<boolean> {
    await this.blocks.lockOwner(userId, tx);
    return this.blocks.remove(userId, blockedId, tx);
  }

  private async mayReach(tx: Sql, actorId: string, userId: string): Promise<boolean> {
    const whoMayAdd = await this.blocks.lockWhoMayAdd(userId, tx);
    if (whoMayAdd === undefined) throw new AppError('USER_NOT_FOUND');
    if (await this.blocks.has(userId, actorId, tx)) return false;
    if (whoMayAdd !== 'shared') return whoMayAdd === 'anyone';
    for (const share of this.commonGrounds) if (await share(tx, actorId, userId)) return true;
    return false;
  }
}

/** Why nothing can be written in a direct room. */
export function blocked(by: BlockedBy): AppError {
  return new AppError('PERMISSION_DENIED', { detail: by === 'own' ? 'You have blocked this person' : 'You cannot write to this person' });
}
