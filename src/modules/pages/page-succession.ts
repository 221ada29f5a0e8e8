import { Injectable } from '@nestjs/common';
import { DocumentMembers } from '../access/document-members.js';
import { type Estate, Succession } from '../users/succession.js';
import { PageAnnouncements } from './page-announcements.js';
import { toDocument } from './page-members.service.js';
import { PageSlugsRepository } from './page-slugs.repository.js';

/**
 * A page of which no owner can act any more goes to the one who has been an editor for the longest time, else to the oldest viewer. A page
 * may have several owners: the former ones are owners again when their accounts come back.
 */
@Injectable()
export class PageSuccession implements Estate {
  readonly kind = 'page';

  constructor(
    private readonly members: DocumentMembers,
    private readonly pages: PageSlugsRepository,
    private readonly announcements: PageAnnouncements,
    succession: Succession,
  ) {
    succession.register(this);
  }

  findOrphaned(userId: string, limit: number): Promise<string[]> {
    return this.members.listOrphaned('page', userId, limit);
  }

  async passOn(id: string): Promise<void> {
    const [page, title] = [await this.pages.findById(id), await this.pages.findTitle(id)];
    if (!page || title === null) return;
    const heirId = await this.members.passOn(toDocument(page));
    if (heirId !== null) this.announcements.changed([{ userId: heirId, role: 'owner' }], page.pageId, title);
  }
}
