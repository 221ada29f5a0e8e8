import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database.js';
import { AppError } from '../../platform/errors/app-error.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import type { DocumentMember, DocumentRole } from '../../protocol/access.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { DocumentMembers, type DocumentRef } from '../access/document-members.js';
import { Presence } from '../presence/presence.js';
import { PageAccess } from './page-access.js';
import { type PageNames, PageSlugsRepository } from './page-slugs.repository.js';

/** Who may see and change a page. */
@Injectable()
export class PageMembersService {
  constructor(
    private readonly access: PageAccess,
    private readonly members: DocumentMembers,
    private readonly pages: PageSlugsRepository,
    private readonly presence: Presence,
    private readonly realtime: Realtime,
  ) {}

  async list(pageId: string, userId: string, query: PageQuery): Promise<Page<DocumentMember>> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    const page = await this.members.list(id, query);
    return { ...page, items: page.items.map((member) => ({ ...member, online: this.presence.isOnline(id, member.user.id) })) };
  }

  /** Lets somebody in, or changes the role. A page may have several owners, and always has one. */
  async put(pageId: string, actorId: string, userId: string, role: DocumentRole): Promise<void> {
    const page = await this.access.require(pageId, actorId, 'member:manage');
    const title = await this.titleOf(page);
    const isNew = await this.members.put(toDocument(page), actorId, userId, role);
    if (isNew) this.announceTo(userId, pageId, title);
  }

  /** Owners put anyone out; anyone may leave. */
  async remove(pageId: string, actorId: string, userId: string): Promise<void> {
    const page = await this.access.require(pageId, actorId, actorId === userId ? 'document:leave' : 'member:manage');
    await this.members.remove(toDocument(page), actorId, userId);
  }

  /** By an invite: see `InviteTarget.admit`. */
  async admit(page: PageNames, userId: string, role: DocumentRole, invitedBy: string | null, use: (tx: Sql) => Promise<void>): Promise<DocumentRole> {
    const title = await this.titleOf(page);
    const admitted = await this.members.admit(toDocument(page), userId, role, invitedBy, use);
    if (admitted.isNew) this.announceTo(userId, page.pageId, title);
    return admitted.role;
  }

  /** Tells all devices of a new member, which follow the page only when it is opened. */
  announceTo(userId: string, pageId: string, title: string): void {
    this.realtime.emitToUser(userId, SERVER_EVENTS.pageAdded, { pageId, title });
  }

  /** Read before the change: once that is committed nothing may fail any more. */
  private async titleOf({ id }: PageNames): Promise<string> {
    const title = await this.pages.findTitle(id);
    if (title === null) throw new AppError('PAGE_NOT_FOUND');
    return title;
  }
}

function toDocument({ id, pageId }: PageNames): DocumentRef {
  return { channelId: id, notFound: 'PAGE_NOT_FOUND', name: { pageId } };
}
