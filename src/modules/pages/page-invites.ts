import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.js';
import type { CreatedInvite, DocumentRole, Invite } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { type DocumentPermit, Grants } from '../access/grants.js';
import { type Admission, type InviteRole, type InviteTarget, InviteTargets } from '../access/invite-targets.js';
import { type InviteOrder, InvitesService } from '../access/invites.service.js';
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
    const { id, permit } = await this.access.require(pageId, userId, 'document:invite');
    return this.invites.create({ kind: this.kind, id, publicId: pageId }, { userId, permit }, order, origin);
  }

  async list(pageId: string, userId: string, query: PageQuery): Promise<Page<Invite>> {
    const { id } = await this.access.require(pageId, userId, 'document:invite');
    return this.invites.list({ kind: this.kind, id, publicId: pageId }, query);
  }

  async describe(id: string): Promise<{ publicId: string; name: string } | null> {
    const title = await this.pages.findTitle(id);
    return title === null ? null : { publicId: await this.access.slugOf(id), name: title };
  }

  async roleOf(pageId: string, userId: string): Promise<InviteRole> {
    const { role } = await this.access.require(pageId, userId, 'document:read');
    return role;
  }

  findInviter(id: string, userId: string): Promise<DocumentPermit | null> {
    return this.grants.find(id, userId, 'document:invite');
  }

  async admit(userId: string, { targetId: id, ...admission }: Admission, use: (tx: Transaction) => Promise<void>): Promise<DocumentRole> {
    const page = { id, pageId: await this.access.slugOf(id) };
    return this.members.admit(page, userId, admission, use);
  }
}
