import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { FanOut } from '../../journal/fan-out.js';
import { type ChannelTransaction, Journal } from '../../journal/journal.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database, type Sql } from '../../platform/database/database.js';
import { isUniqueViolation } from '../../platform/database/pg-errors.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { Preconditions } from '../../platform/http/preconditions.js';
import { bytesOfGzipped, gzipText } from '../../platform/gzipped-text.js';
import { ENTRY } from '../../protocol/events.js';
import type { CreatePage, PagesQuery, PageSummary } from '../../protocol/pages.js';
import type { Page } from '../../protocol/primitives.js';
import { Grants } from '../access/grants.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { Quotas } from '../users/quotas.js';
import { findBadValue } from './document/json-input.js';
import type { Json } from './document/json-value.js';
import { maxLevels } from './document/page-limits.js';
import { PageAccess } from './page-access.js';
import { PageAllowances } from './page-allowances.js';
import { PageAnnouncements } from './page-announcements.js';
import { orPageError } from './page-errors.js';
import { PageReadingService } from './page-reading.service.js';
import { PageSettings } from './page-settings.js';
import { PageDocument } from './page.document.js';
import { PagesRepository } from './pages.repository.js';

/** What a new page is that nobody has said anything about. */
export const DEFAULT_SCHEMA = { rootId: 1, components: { '1': { id: 1, name: 'Page', type: 'page', props: {}, children: [], parentId: null } } };
const DEFAULT_TITLE = 'Untitled';
const SLUG_BYTES = 9;

/** Pages themselves: make, find, rename, delete. What is on them is `PageEditingService`'s. */
@Injectable()
export class PagesService {
  constructor(
    private readonly pages: PagesRepository,
    private readonly access: PageAccess,
    private readonly reading: PageReadingService,
    private readonly grants: Grants,
    private readonly journal: Journal,
    private readonly db: Database,
    private readonly announcements: PageAnnouncements,
    private readonly settings: PageSettings,
    private readonly audit: Audit,
    private readonly quotas: Quotas,
    private readonly allowances: PageAllowances,
    documents: LiveDocuments,
    fanOut: FanOut,
  ) {
    fanOut.addConsumer((entry) => {
      if (entry.type === ENTRY.pageUpdated && entry.deleted === true) documents.drop(entry.channelId, new AppError('PAGE_NOT_FOUND'));
    });
  }

  /** @throws AppError ALREADY_EXISTS the slug is taken, perhaps by a deleted page · INVARIANT_VIOLATED the schema is no tree · QUOTA_EXCEEDED */
  async create(userId: string, { pageId = makeSlug(), title = DEFAULT_TITLE, schema = DEFAULT_SCHEMA, workspaceId }: CreatePage): Promise<PageSummary> {
    if (workspaceId) throw new AppError('WORKSPACE_NOT_FOUND');
    const { limits } = this.settings;
    const bad = findBadValue(schema, maxLevels(limits));
    if (bad) throw AppError.invalid(`schema${bad.path.replaceAll('/', '.')}`, bad.message);
    // Each look at a large page takes its time: others get their turn in between.
    await nextTurn();
    orPageError(() => new PageDocument(schema as Json, 0, limits), { at: 'schema' });
    await nextTurn();
    return this.insert(userId, pageId, title, JSON.stringify(schema));
  }

  /** @param text what is on the page, as JSON. @throws AppError ALREADY_EXISTS */
  private async insert(userId: string, pageId: string, title: string, text: string): Promise<PageSummary> {
    const id = uuidv7();
    const content = await gzipText(text);
    const bytes = bytesOfGzipped(content);
    try {
      await this.db.transaction(async (tx) => {
        await this.requireRoom(tx, userId, bytes);
        await this.pages.insert({ id, pageId, title, creatorId: userId, content, version: 0, bytes }, tx);
        await this.grants.insert(tx, id, userId, 'owner', null);
        await this.audit.record(tx, 'page.created', { actorId: userId, targetId: id, channelId: id, detail: { pageId } });
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'pages_page_id')) throw error;
      throw new AppError('ALREADY_EXISTS', { detail: `There is a page ${pageId} already`, errors: [{ path: 'pageId', message: 'is taken' }] }, { cause: error });
    }
    this.allowances.of(userId).count(bytes);
    this.announcements.added([userId], pageId, title);
    return (await this.pages.findMine(userId, id))!;
  }

  list(userId: string, query: PagesQuery): Promise<Page<PageSummary>> {
    if (query.workspaceId) throw new AppError('WORKSPACE_NOT_FOUND');
    return this.pages.listMine(userId, query);
  }

  /** @throws AppError PRECONDITION_FAILED a precondition does not hold for the page as it is */
  async rename(userId: string, pageId: string, title: string, conditions?: Preconditions): Promise<PageSummary> {
    const { id, permit } = await this.access.require(pageId, userId, 'document:rename');
    const page = await this.reading.summary(userId, pageId);
    conditions?.require(page.version);
    if (page.title === title) return page;
    const listeners = await this.announcements.listeners(id);
    const work = async (tx: ChannelTransaction) => {
      conditions?.require(await this.pages.versionOf(id, tx));
      await this.pages.rename(id, pageId, title, tx);
      await tx.append({ type: ENTRY.pageUpdated, actorId: userId, payload: { pageId, title } });
      await this.audit.record(tx, 'page.renamed', { actorId: userId, targetId: id, channelId: id, detail: { pageId } });
    };
    await this.journal.transact(id, work, { permit });
    this.announcements.changed(listeners, pageId, title);
    return this.reading.summary(userId, pageId);
  }

  /**
   * Gone for everyone at once; its owners can bring it back.
   * @throws AppError PRECONDITION_FAILED a precondition does not hold for the page as it is
   */
  async remove(userId: string, pageId: string, conditions: Preconditions): Promise<void> {
    const { id, permit } = await this.access.require(pageId, userId, 'document:delete');
    const { title, creatorId } = await this.reading.summary(userId, pageId);
    const listeners = await this.announcements.listeners(id);
    const work = async (tx: ChannelTransaction) => {
      conditions.require(await this.pages.versionOf(id, tx));
      await tx.append({ type: ENTRY.pageUpdated, actorId: userId, payload: { pageId, title, deleted: true } });
      await this.pages.setDeleted(id, true, tx);
      await this.audit.record(tx, 'page.deleted', { actorId: userId, targetId: id, channelId: id, detail: { pageId } });
    };
    await this.journal.transact(id, work, { permit });
    this.allowances.of(creatorId).expire();
    this.announcements.lost(listeners.map((listener) => listener.userId), pageId, title);
  }

  /** Brings a deleted page back; nothing happens to one that is there. @throws AppError QUOTA_EXCEEDED its creator has others instead */
  async undelete(userId: string, pageId: string): Promise<PageSummary> {
    const { id, permit } = await this.access.require(pageId, userId, 'document:restore');
    const page = (await this.pages.findMine(userId, id))!;
    if (page.deletedAt === null) return page;
    const listeners = await this.announcements.listeners(id);
    const work = async (tx: ChannelTransaction) => {
      await this.requireRoom(tx, page.creatorId, await this.pages.bytesOfPage(id, tx));
      await this.pages.setDeleted(id, false, tx);
      await tx.append({ type: ENTRY.pageUpdated, actorId: userId, payload: { pageId, title: page.title } });
      await this.audit.record(tx, 'page.restored', { actorId: userId, targetId: id, channelId: id, detail: { pageId } });
    };
    await this.journal.transact(id, work, { evenDeleted: true, permit });
    this.allowances.of(page.creatorId).expire();
    this.announcements.added(listeners.map((listener) => listener.userId), pageId, page.title);
    return this.reading.summary(userId, pageId);
  }

  /** A page of one's own with what is on this one now, and none of its past. */
  async duplicate(userId: string, pageId: string, copy: { pageId?: string | undefined; title?: string | undefined }): Promise<PageSummary> {
    const { id, title, version } = await this.reading.summary(userId, pageId);
    const { text } = await this.reading.read(id, version);
    return this.insert(userId, copy.pageId ?? makeSlug(), copy.title ?? title, text);
  }

  /** Whether one more page of this size may stand. @throws AppError QUOTA_EXCEEDED */
  private async requireRoom(tx: Sql, creatorId: string, bytes: number): Promise<void> {
    await this.quotas.require(tx, 'QUOTA_PAGES', creatorId, (enough) => this.pages.countOf(creatorId, enough, tx));
    await this.quotas.require(tx, 'QUOTA_PAGE_BYTES', creatorId, async () => (await this.pages.bytesOf(creatorId, tx)) + this.allowances.unstoredOf(creatorId), bytes);
  }
}

function makeSlug(): string {
  return randomBytes(SLUG_BYTES).toString('base64url');
}
