import { Injectable } from '@nestjs/common';
import type { Permit } from '../../journal/entry.js';
import type { Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { Invite, InviteKind } from '../../protocol/access.js';

export type InviteRole = Invite['role'];

/** An invite on its way through the door. */
export interface Admission {
  readonly targetId: string;
  readonly role: InviteRole;
  readonly invitedBy: string | null;
  /** The right of whoever made it, on which it rests. */
  readonly permit: Permit;
}

/** Things of one kind that people can be invited to. Each module that has such things registers one. */
export interface InviteTarget {
  readonly kind: InviteKind;
  /** Its id for clients, and its name; null when it is gone. */
  describe(targetId: string): Promise<{ publicId: string; name: string | null } | null>;
  /**
   * What the user is in it, by its id for clients.
   * @throws AppError PAGE_NOT_FOUND, ROOM_NOT_FOUND when it is gone, or the user is not in
   */
  roleOf(publicId: string, userId: string): Promise<InviteRole>;
  /** The user's right to make invites to it (of that role, where one is given), and so also to take them back; null when they have none. */
  findInviter(targetId: string, userId: string, role?: InviteRole): Promise<Permit | null>;
  /**
   * Lets the user in, and returns the role that they have then: it is never lower than before. `use` counts the use; it must run in the
   * transaction that changes the membership, before it does, and only when that has something to change. That transaction is made by the invite's permit.
   * @throws AppError what keeps the user out: PERMISSION_DENIED banned · GROUP_FULL · what `use` throws
   */
  admit(userId: string, invite: Admission, use: (tx: Transaction) => Promise<void>): Promise<InviteRole>;
}

/** What invites can let somebody into. */
@Injectable()
export class InviteTargets {
  private readonly targets = new Map<InviteKind, InviteTarget>();

  register(target: InviteTarget): void {
    this.targets.set(target.kind, target);
  }

  /** @throws AppError INVITE_NOT_FOUND when this server has nothing of the kind */
  get(kind: InviteKind): InviteTarget {
    const target = this.targets.get(kind);
    if (!target) throw new AppError('INVITE_NOT_FOUND');
    return target;
  }
}
