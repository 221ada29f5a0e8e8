import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database.js';
import type { CreatedInvite, DocumentRole, Invite } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { can } from '../access/document.policy.js';
import { Grants } from '../access/grants.js';
import { type Admission, type InviteTarget, InviteTargets } from '../access/invite-targets.js';
import { type InvitedTo, type InviteOrder, InvitesService } from '../access/invites.service.js';
import { PageAccess } from './page-access.js';
import { PageMembersService } from './page-members.service.js';
import { PageSlugsRepository } from './page-slugs.repository.js';

/** Invites to pages. Nobody becomes an owner by one (see `CreateDocumentInvite`). */
@Injectable()
export class PageInvites implements InviteTarget {
  readonly kind = 'page';

  constructor(
    private readonly access: PageAccess,
    private readonly members: PageMembersService,
    private readonly pages: PageSlugsRepository,
    private readonly grants: Grants,
    private readonly invites: InvitesService,
    targets: InviteTargets,
  ) {
    targets.register(this);
  }

  async create(pageId: string, userId: string, order: InviteOrder, origin: string): Promise<CreatedInvite> {
    return this.invites.create(await this.require(pageId, userId), userId, order, origin);
  }

  async list(pageId: string, userId: string, query: PageQuery): Promise<Page<Invite>> {
    return this.invites.list(await this.require(pageId, userId), query);
  }

  async describe(id: string): Promise<{ publicId: string; name: string } | null> {
    const title = await this.pages.findTitle(id);
    return title === null ? null : { publicId: await this.access.slugOf(id), name: title };
  }

  async mayInvite(id: string, userId: string): Promise<boolean> {
    const role = await this.grants.role(id, userId);
    return role !== null && can(role, 'document:invite');
  }

  async admit(userId: string, { targetId: id, role, invitedBy }: Admission, use: (tx: Sql) => Promise<void>): Promise<DocumentRole> {
    const page = { id, pageId: await this.access.slugOf(id) };
    return this.members.admit(page, userId, role as DocumentRole, invitedBy, use);
  }

  private async require(pageId: string, userId: string): Promise<InvitedTo> {
    const { id } = await this.access.require(pageId, userId, 'document:invite');
    return { kind: this.kind, id, publicId: pageId };
  }
}
