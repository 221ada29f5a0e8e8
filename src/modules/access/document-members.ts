import { Injectable } from '@nestjs/common';
import type { ChannelKind, Permit } from '../../journal/entry.js';
import { type ChannelTransaction, Journal } from '../../journal/journal.js';
import { Audit } from '../../platform/audit/audit.js';
import type { Sql, Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { DocumentMember, DocumentRole } from '../../protocol/access.js';
import type { ErrorCode } from '../../protocol/errors.js';
import { ENTRY } from '../../protocol/events.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { Contacts } from '../users/contacts.js';
import { UsersService } from '../users/users.service.js';
import { can, includes } from './document.policy.js';
import { forbidden, Grants } from './grants.js';
import { GrantsRepository } from './grants.repository.js';
import type { Admission } from './invite-targets.js';

/** A document, as the module that has it names it. */
export interface DocumentRef {
  readonly channelId: string;
  readonly notFound: ErrorCode;
  /** What tells clients in an entry which document it is of: `{ pageId }`. */
  readonly name: Readonly<Record<string, string>>;
}

/**
 * Who is in a document, and in which role. Every change is made with its channel locked, and announced as an entry; so there is always
 * an owner, however many changes are made at once. Callers ask for the right first, and pass it on: it is looked at again under the lock.
 */
@Injectable()
export class DocumentMembers {
  constructor(
    private readonly grants: Grants,
    private readonly members: GrantsRepository,
    private readonly journal: Journal,
    private readonly users: UsersService,
    private readonly contacts: Contacts,
    private readonly audit: Audit,
  ) {
    contacts.registerCommonGround((tx, userId, otherId) => members.haveCommonDocument(tx, userId, otherId));
  }

  list(channelId: string, query: PageQuery): Promise<Page<Omit<DocumentMember, 'online'>>> {
    return this.members.list(channelId, query);
  }

  /** The first `limit` of them, without who they are: for telling them something. */
  listRoles(channelId: string, limit: number): Promise<{ userId: string; role: DocumentRole }[]> {
    return this.members.listRoles(channelId, limit);
  }

  /**
   * Lets somebody in, or changes the role. True for a new member.
   * @throws AppError USER_NOT_FOUND nobody who can act · PERMISSION_DENIED the last owner would not be one any more, or they do not let the actor add them
   *   PRECONDITION_FAILED `onlyNew`, and they are a member already
   */
  async put(document: DocumentRef, actorId: string, userId: string, role: DocumentRole, { permit, onlyNew = false }: { permit: Permit; onlyNew?: boolean }): Promise<boolean> {
    await this.users.requireActive(userId);
    return this.change(document, userId, permit, async (tx) => {
      await this.requireManager(tx, document, actorId);
      const current = await this.members.findRole(tx, document.channelId, userId);
      if (current !== null && onlyNew) throw new AppError('PRECONDITION_FAILED', { detail: 'They are a member already' });
      if (current === role) return false;
      if (current === null) {
        await this.contacts.requireMayAdd(tx, actorId, userId);
        await this.add(tx, document, userId, role, { actorId, invitedBy: actorId });
        return true;
      }
      if (current === 'owner') await this.requireAnotherOwner(tx, document, userId);
      await this.setRole(tx, document, userId, role, actorId);
      return false;
    });
  }

  /**
   * Puts somebody out, or oneself.
   * @throws AppError USER_NOT_FOUND not a member · PERMISSION_DENIED no owner would be left
   */
  async remove(document: DocumentRef, actorId: string, userId: string, permit: Permit): Promise<void> {
    await this.change(document, userId, permit, async (tx) => {
      if (actorId !== userId) await this.requireManager(tx, document, actorId);
      const role = await this.members.findRole(tx, document.channelId, userId);
      if (role === null) throw actorId === userId ? new AppError(document.notFound) : new AppError('USER_NOT_FOUND', { detail: 'Not a member' });
      if (role === 'owner') await this.requireAnotherOwner(tx, document, userId);
      await this.members.remove(tx, document.channelId, userId);
      const reason = actorId === userId ? 'left' : 'kicked';
      await tx.append({ type: ENTRY.memberLeft, actorId, payload: { ...document.name, userId, reason } }, { revokes: true });
      await this.audit.record(tx, reason === 'left' ? 'document.member.left' : 'document.member.removed', { actorId, targetId: userId, channelId: document.channelId });
    });
  }

  /**
   * Lets in whoever comes by an invite; a role is never lowered. `use` runs in the same transaction, when there is something to change,
   * and may still refuse by throwing.
   */
  admit(document: DocumentRef, userId: string, { permit, invitedBy, ...invite }: Omit<Admission, 'targetId'>, use: (tx: Transaction) => Promise<void>): Promise<{ role: DocumentRole; isNew: boolean }> {
    const role = invite.role as DocumentRole;
    return this.change(document, userId, permit, async (tx) => {
      const current = await this.members.findRole(tx, document.channelId, userId);
      if (current !== null && includes(current, role)) return { role: current, isNew: false };
      await use(tx);
      if (current === null) await this.add(tx, document, userId, role, { actorId: userId, invitedBy });
      else await this.setRole(tx, document, userId, role, userId);
      return { role, isNew: current === null };
    });
  }

  /** Documents of the kind that nobody owns who can act, since the user cannot: see `Estate`. */
  listOrphaned(kind: ChannelKind, userId: string, limit: number): Promise<string[]> {
    return this.members.listOrphaned(kind, userId, limit);
  }

  /** Gives the document an owner, if it has none who can act and there is anybody. Returns the new owner. */
  async passOn(document: DocumentRef): Promise<string | null> {
    const heirId = await this.journal.transact(document.channelId, async (tx) => {
      if (await this.members.hasOtherOwner(tx, document.channelId, null)) return null;
      const heir = await this.members.findHeir(tx, document.channelId);
      if (heir !== null) await this.setRole(tx, document, heir, 'owner', null);
      return heir;
    });
    if (heirId !== null) this.grants.forget(document.channelId, heirId);
    return heirId;
  }

  private async change<T>(document: DocumentRef, userId: string, permit: Permit, work: (tx: ChannelTransaction) => Promise<T>): Promise<T> {
    try {
      return await this.journal.transact(document.channelId, work, { permit });
    } finally {
      // Also when the outcome is unknown: nobody may be watching the channel, and then its entry passes nowhere.
      this.grants.forget(document.channelId, userId);
    }
  }

  private async add(tx: ChannelTransaction, document: DocumentRef, userId: string, role: DocumentRole, by: { actorId: string; invitedBy: string | null }): Promise<void> {
    await this.members.insert(tx, document.channelId, userId, role, by.invitedBy);
    await tx.append({ type: ENTRY.memberJoined, actorId: by.actorId, payload: { ...document.name, userId, role } });
    const action = by.actorId === userId ? 'document.member.joined' : 'document.member.added';
    await this.audit.record(tx, action, { actorId: by.actorId, targetId: userId, channelId: document.channelId, detail: { role } });
  }

  private async setRole(tx: ChannelTransaction, document: DocumentRef, userId: string, role: DocumentRole, actorId: string | null): Promise<void> {
    const from = await this.members.setRole(tx, document.channelId, userId, role);
    await tx.append({ type: ENTRY.memberUpdated, actorId, payload: { ...document.name, userId, role } }, { revokes: true });
    await this.audit.record(tx, 'document.member.role-changed', { actorId, targetId: userId, channelId: document.channelId, detail: { from, to: role } });
  }

  private async requireManager(tx: Sql, document: DocumentRef, actorId: string): Promise<void> {
    const role = await this.members.findRole(tx, document.channelId, actorId);
    if (role === null) throw new AppError(document.notFound);
    if (!can(role, 'member:manage')) throw forbidden('member:manage');
  }

  private async requireAnotherOwner(tx: Sql, document: DocumentRef, userId: string): Promise<void> {
    if (await this.members.hasOtherOwner(tx, document.channelId, userId)) return;
    throw new AppError('PERMISSION_DENIED', { detail: 'The last owner must remain one: make somebody else an owner first' });
  }
}
