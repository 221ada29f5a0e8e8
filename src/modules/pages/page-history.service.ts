import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import type { DiffQuery, PageChange, PageDiff, PageSchema, PageVersion, PatchResult } from '../../protocol/pages.js';
import type { Page, PageQuery } from '../../protocol/primitives.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { diff } from './document/diff.js';
import { PageAccess } from './page-access.js';
import { PageEditingService } from './page-editing.service.js';
import { PageHistoryRepository } from './page-history.repository.js';
import { PageKind } from './page-kind.js';
import { PagePast } from './page-past.js';
import { PageReadingService } from './page-reading.service.js';
import { PagesService } from './pages.service.js';

/** What a page was, and going back to it. Whoever may see a page may see its past. */
@Injectable()
export class PageHistoryService {
  constructor(
    private readonly access: PageAccess,
    private readonly history: PageHistoryRepository,
    private readonly past: PagePast,
    private readonly reading: PageReadingService,
    private readonly editing: PageEditingService,
    private readonly pages: PagesService,
    private readonly documents: LiveDocuments,
    private readonly kind: PageKind,
  ) {}

  /** Who did what and when, the newest first. */
  async list(userId: string, pageId: string, query: PageQuery): Promise<Page<PageChange>> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    return this.history.list(id, query);
  }

  /** @throws AppError NOT_FOUND the page has no such version */
  async version(userId: string, pageId: string, version: number): Promise<PageVersion> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    return { pageId, version, schema: (await this.past.schemaAt(id, version)) as PageSchema };
  }

  /**
   * The patch that makes one version of another, forwards or back. The title is no part of it.
   * @throws AppError NOT_FOUND the page has no such version
   */
  async diff(userId: string, pageId: string, query: DiffQuery): Promise<PageDiff> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    const to = query.to ?? (await this.reading.summary(userId, pageId)).version;
    const from = query.from ?? Math.max(0, to - 1);
    const [before, after] = await Promise.all([this.past.schemaAt(id, from), this.past.schemaAt(id, to)]);
    const patches = diff(before, after);
    // To write them as JSON may take as long again.
    await nextTurn();
    return { from, to, patches };
  }

  /**
   * Makes the page what it was at `version`: a new version, which whoever has it open gets as a patch. Without a version it brings a
   * deleted page back, as it was.
   * @throws AppError INVALID_INPUT no version, and the page is not deleted · NOT_FOUND the page has no such version
   */
  async restore(userId: string, pageId: string, version: number | undefined): Promise<PatchResult> {
    if (version === undefined) return this.undelete(userId, pageId);
    const { id, permit } = await this.access.require(pageId, userId, 'document:restore-version');
    const schema = await this.past.schemaAt(id, version);
    return this.documents.use(this.kind, id, (live) => this.editing.become(live, { actorId: userId, permit }, schema));
  }

  private async undelete(userId: string, pageId: string): Promise<PatchResult> {
    if (await this.isThere(userId, pageId)) throw AppError.invalid('version', 'is required: the page is not deleted');
    const { version } = await this.pages.undelete(userId, pageId);
    return { version, outcome: 'applied' };
  }

  /** False of a page that is deleted, and of one of which the user knows nothing. @throws AppError PERMISSION_DENIED */
  private async isThere(userId: string, pageId: string): Promise<boolean> {
    try {
      await this.access.require(pageId, userId, 'document:restore-version');
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'PAGE_NOT_FOUND') return false;
      throw error;
    }
  }
}
