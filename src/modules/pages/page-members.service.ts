import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { DocumentMember, DocumentRole } from '../../protocol/access.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { DocumentMembers, type DocumentRef } from '../access/document-members.js';
import type { Admission } from '../access/invite-targets.js';
import { Presence } from '../presence/presence.js';
import { PageAccess } from './page-access.js';
import { PageAnnouncements } from './page-announcements.js';
import { type PageNames, PageSlugsRepository } from './page-slugs.repository.js';

/** Who may see and change a page. */
@Injectable()
export class PageMembersService {
  constructor(
    private readonly access: PageAccess,
    private readonly members: DocumentMembers,
    private readonly pages: PageSlugsRepository,
    private readonly presence: Presence,
    private readonly announcements: PageAnnouncements,
  ) {}

  async list(pageId: string, userId: string, query: PageQuery): Promise<Page<DocumentMember>> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    const page = await this.members.list(id, query);
    return { ...page, items: page.items.map((member) => ({ ...member, online: this.presence.isOnline(id, member.user.id) })) };
  }

  /** Lets somebody in, or changes the role. A page may have several owners, and always has one. */
  async put(pageId: string, actorId: string, userId: string, role: DocumentRole, options: { onlyNew?: boolean } = {}): Promise<void> {
    const page = await this.access.require(pageId, actorId, 'member:manage');
    const title = await this.titleOf(page);
    const isNew = await this.members.put(toDocument(page), actorId, userId, role, { ...options, permit: page.permit });
    this.announce(page, title, userId, role, isNew, actorId);
  }

  /** Owners put anyone out; anyone may leave. */
  async remove(pageId: string, actorId: string, userId: string): Promise<void> {
    const page = await this.access.require(pageId, actorId, actorId === userId ? 'document:leave' : 'member:manage');
    const title = await this.titleOf(page);
    await this.members.remove(toDocument(page), actorId, userId, page.permit);
    this.announcements.lost([userId], pageId, title);
  }

  /** By an invite: see `InviteTarget.admit`. */
  async admit(page: PageNames, userId: string, admission: Omit<Admission, 'targetId'>, use: (tx: Transaction) => Promise<void>): Promise<DocumentRole> {
    const title = await this.titleOf(page);
    const admitted = await this.members.admit(toDocument(page), userId, admission, use);
    this.announce(page, title, userId, admitted.role, admitted.isNew);
    return admitted.role;
  }

  /** Tells all devices of the member, which follow the page only when it is opened. */
  private announce({ pageId }: PageNames, title: string, userId: string, role: DocumentRole, isNew: boolean, addedBy?: string): void {
    if (isNew) this.announcements.added([userId], pageId, title, addedBy);
    else this.announcements.changed([{ userId, role }], pageId, title);
  }

  /** Read before the change: once that is committed nothing may fail any more. */
  private async titleOf({ id }: PageNames): Promise<string> {
    const title = await this.pages.findTitle(id);
    if (title === null) throw new AppError('PAGE_NOT_FOUND');
    return title;
  }
}

export function toDocument({ id, pageId }: PageNames): DocumentRef {
  return { channelId: id, notFound: 'PAGE_NOT_FOUND', name: { pageId } };
}
