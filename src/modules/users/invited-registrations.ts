import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';

/** Lets people in who come by an invite and have no account yet. */
export interface InviteDoor {
  /** Whether the invite opens something. @throws AppError INVITE_NOT_FOUND · INVITE_EXPIRED */
  requireOpen(token: string): Promise<void>;
  /**
   * Accepts the invite for a user who is made by `enroll`, in the same transaction: there are both, or neither.
   * @throws AppError as `requireOpen`, and what keeps the user out (GROUP_FULL)
   */
  acceptAs(token: string, userId: string, enroll: (tx: Transaction) => Promise<void>): Promise<void>;
}

/** The way from registration to the invites, whose module knows users and not the other way round. That module registers its door. */
@Injectable()
export class InvitedRegistrations {
  private registered: InviteDoor | undefined;

  register(door: InviteDoor): void {
    this.registered = door;
  }

  /** @throws AppError INVITE_NOT_FOUND this process has no invites */
  get door(): InviteDoor {
    if (!this.registered) throw new AppError('INVITE_NOT_FOUND');
    return this.registered;
  }
}
