import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Permit } from '../../journal/entry.js';
import { Journal } from '../../journal/journal.js';
import { Audit } from '../../platform/audit/audit.js';
import { Config } from '../../platform/config/config.js';
import { Database, type Sql, type Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Housekeeping } from '../../platform/housekeeping/housekeeping.js';
import { createSecretToken, hashOfToken } from '../../platform/secret-token.js';
import type { AcceptedInvite, CreatedInvite, Invite, InviteKind, InvitePreview } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { InvitedRegistrations, type InviteDoor } from '../users/invited-registrations.js';
import { Quotas } from '../users/quotas.js';
import { type InviteRole, type InviteTarget, InviteTargets } from './invite-targets.js';
import { InvitesRepository, type StoredInvite } from './invites.repository.js';

const CLEANING_INTERVAL_MS = 3_600_000;

/** What an invite leads to: `id` is ours, `publicId` what clients call it. */
export interface InvitedTo {
  readonly kind: InviteKind;
  readonly id: string;
  readonly publicId: string;
}

export interface InviteOrder {
  readonly role: InviteRole;
  /** Seconds. */
  readonly expiresIn: number;
  /** Null for any number. */
  readonly maxUses: number | null;
}

/** Who makes an invite, and by what right. */
export interface Inviter {
  readonly userId: string;
  readonly permit: Permit;
}

/**
 * Links that let somebody in. Whoever holds the token holds the right, so only its hash is stored; and an invite is worth no more than
 * the right of whoever made it: it opens nothing any more once they may not invite themselves.
 */
@Injectable()
export class InvitesService implements InviteDoor {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly targets: InviteTargets,
    private readonly journal: Journal,
    private readonly config: Config,
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly quotas: Quotas,
    registrations: InvitedRegistrations,
    housekeeping: Housekeeping,
  ) {
    registrations.register(this);
    housekeeping.every(CLEANING_INTERVAL_MS, 'old invites could not be deleted', () => invites.deleteEnded());
  }

  /**
   * @param origin where the link leads when no PUBLIC_URL is configured
   * @throws AppError QUOTA_EXCEEDED
   */
  async create(to: InvitedTo, { userId, permit }: Inviter, { role, expiresIn, maxUses }: InviteOrder, origin: string): Promise<CreatedInvite> {
    const id = uuidv7();
    const token = createSecretToken();
    const { kind, id: targetId } = to;
    const invited = { id, tokenHash: hashOfToken(token), kind, targetId, role, createdBy: userId, expiresInSeconds: expiresIn, maxUses };
    const work = async (tx: Sql) => {
      await this.quotas.require(tx, 'QUOTA_INVITES', userId, (enough) => this.invites.countOpen(userId, enough, tx));
      await this.invites.insert(tx, invited);
      await this.audit.record(tx, 'invite.created', { actorId: userId, targetId: id, channelId: targetId, detail: { kind, role, expiresIn, maxUses } });
    };
    await this.journal.transact(targetId, work, { permit });
    const invite = (await this.invites.find(id))!;
    return { ...toInvite(invite, to.publicId), token, url: this.urlOf(token, origin) };
  }

  /** Those that have not ended, the newest first. The caller has asked for the right to invite. */
  async list({ kind, id, publicId }: InvitedTo, query: PageQuery): Promise<Page<Invite>> {
    const page = await this.invites.list(kind, id, query);
    return { ...page, items: page.items.map((invite) => toInvite(invite, publicId)) };
  }

  /**
   * @throws AppError INVITE_NOT_FOUND there is none, or what it leads to is gone · INVITE_EXPIRED it opens nothing any more; `errors` names
   *   the field that says so: `expiresAt`, or `maxUses`, or none when it was taken back or is not backed any more
   */
  async preview(token: string): Promise<InvitePreview> {
    const { invite, name } = await this.open(token);
    if (invite.maxUses !== null && invite.uses >= invite.maxUses) throw usedUp();
    return { kind: invite.kind, role: invite.role, name, expiresAt: invite.expiresAt.toISOString(), invitedBy: invite.createdBy };
  }

  /**
   * Lets the user in. Who is in already, with that role or a higher one, gets the same answer and uses nothing up, so that an acceptance
   * can be sent again.
   * @throws AppError as `preview`, and what keeps the user out (PERMISSION_DENIED · GROUP_FULL)
   */
  accept(token: string, userId: string): Promise<AcceptedInvite> {
    return this.admit(token, userId);
  }

  async requireOpen(token: string): Promise<void> {
    await this.preview(token);
  }

  async acceptAs(token: string, userId: string, enroll: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.admit(token, userId, enroll);
  }

  private async admit(token: string, userId: string, enroll?: (tx: Transaction) => Promise<void>): Promise<AcceptedInvite> {
    const { invite, target, publicId, permit } = await this.open(token);
    const { id, kind, targetId, createdBy } = invite;
    const role = await target.admit(userId, { targetId, role: invite.role, invitedBy: createdBy?.id ?? null, permit }, async (tx) => {
      await enroll?.(tx);
      if (await this.invites.use(tx, id)) return this.audit.record(tx, 'invite.accepted', { actorId: userId, targetId: id, channelId: targetId, detail: { kind } });
      // The last use may have been made since it was opened, and it may have ended as well.
      const closed = await this.invites.find(id, tx);
      throw !closed ? withdrawn() : closed.hasExpired ? expired() : usedUp();
    });
    return { kind, id: publicId, role };
  }

  /**
   * What became of an acceptance: the role that the user has now.
   * @throws AppError PAGE_NOT_FOUND, ROOM_NOT_FOUND when it is gone, or the user is not in any more
   */
  async accepted(kind: InviteKind, publicId: string, userId: string): Promise<AcceptedInvite> {
    return { kind, id: publicId, role: await this.targets.get(kind).roleOf(publicId, userId) };
  }

  /** Takes an invite back. @throws AppError INVITE_NOT_FOUND also to those who may not make one */
  async revoke(id: string, userId: string): Promise<void> {
    const invite = await this.invites.find(id);
    if (!invite || !(await this.targets.get(invite.kind).findInviter(invite.targetId, userId))) throw new AppError('INVITE_NOT_FOUND');
    const { kind, targetId } = invite;
    await this.db.transaction(async (tx) => {
      if (await this.invites.revoke(tx, id)) await this.audit.record(tx, 'invite.revoked', { actorId: userId, targetId: id, channelId: targetId, detail: { kind } });
    });
  }

  /** What they led to is gone for good. Part of the transaction that removes it. */
  endAll(kind: InviteKind, targetId: string, tx: Sql): Promise<void> {
    return this.invites.revokeAll(kind, targetId, tx);
  }

  /** An invite that opens something, unless it is used up: that does not keep out who has used it. */
  private async open(token: string): Promise<{ invite: StoredInvite; target: InviteTarget; permit: Permit; publicId: string; name: string | null }> {
    const invite = await this.invites.findByToken(hashOfToken(token));
    if (!invite) throw new AppError('INVITE_NOT_FOUND');
    const target = this.targets.get(invite.kind);
    const described = await target.describe(invite.targetId);
    if (!described) throw new AppError('INVITE_NOT_FOUND');
    if (invite.hasExpired) throw expired();
    const backing = invite.isRevoked ? null : await this.findBacking(invite, target);
    if (!backing) throw withdrawn();
    return { invite, target, permit: backing, ...described };
  }

  /** The right on which the invite rests. When it has ended it is the invite that opens nothing any more, and not the guest who may not. */
  private async findBacking({ targetId, role, createdBy, isCreatorActive }: StoredInvite, target: InviteTarget): Promise<Permit | null> {
    const permit = createdBy && isCreatorActive ? await target.findInviter(targetId, createdBy.id, role) : null;
    return permit && new Backing(permit);
  }

  private urlOf(token: string, origin: string): string {
    const base = this.config.get('PUBLIC_URL') ?? origin;
    return `${base.replace(/\/+$/, '')}/invite/${token}`;
  }
}

const expired = (): AppError => new AppError('INVITE_EXPIRED', { errors: [{ path: 'expiresAt', message: 'is over' }] });
const usedUp = (): AppError => new AppError('INVITE_EXPIRED', { detail: 'The invite is used up', errors: [{ path: 'maxUses', message: 'is reached' }] });
/** Nobody stands behind it any more, which is not about a field of it. */
const withdrawn = (): AppError => new AppError('INVITE_EXPIRED');

class Backing implements Permit {
  constructor(private readonly inviter: Permit) {}

  get version(): number {
    return this.inviter.version;
  }

  async renew(version: number, sql: Sql): Promise<void> {
    try {
      await this.inviter.renew(version, sql);
    } catch (error) {
      throw error instanceof AppError && error.status < 500 ? withdrawn() : error;
    }
  }
}

function toInvite({ id, kind, role, expiresAt, maxUses, uses, createdAt, createdBy }: StoredInvite, targetId: string): Invite {
  return { id, kind, targetId, role, expiresAt: expiresAt.toISOString(), maxUses, uses, createdAt: createdAt.toISOString(), createdBy };
}
