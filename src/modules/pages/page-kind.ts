import { Injectable, Logger } from '@nestjs/common';
import { JournalRepository } from '../../journal/journal.repository.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { EntryView } from '../../protocol/entries.js';
import type { DocumentKind } from '../collab/collab-document.js';
import { LivePage } from './live-page.js';
import { PageAllowances } from './page-allowances.js';
import { PageDocument } from './page.document.js';
import { PageSettings } from './page-settings.js';
import { PageSnapshotsRepository } from './page-snapshots.repository.js';

const READ_ENTRIES = 1_000;
/** A page that was repaired so often, and broke again, is not read any more. */
const MAX_BREAKS = 10;

/** How pages come to life, and are stored: a snapshot, and the entries after it. */
@Injectable()
export class PageKind implements DocumentKind<LivePage> {
  readonly kind = 'page';
  private readonly logger = new Logger(PageKind.name);

  constructor(
    private readonly snapshots: PageSnapshotsRepository,
    private readonly journal: JournalRepository,
    private readonly settings: PageSettings,
    private readonly allowances: PageAllowances,
  ) {}

  /**
   * A page whose journal holds an entry that does not follow from the one before it is opened as it was before that entry (`brokenAt`).
   * @throws AppError PAGE_NOT_FOUND
   */
  load(channelId: string): Promise<LivePage> {
    return this.read(channelId, new Set());
  }

  /** @param breaks versions that are known not to follow from the one before */
  private async read(channelId: string, breaks: Set<number>): Promise<LivePage> {
    const snapshot = await this.snapshots.find(channelId);
    if (!snapshot) throw new AppError('PAGE_NOT_FOUND');
    const document = new PageDocument(snapshot.schema, snapshot.version, this.settings.limits, true);
    const page = new LivePage(channelId, snapshot.pageId, document, this.allowances.of(snapshot.creatorId));
    for (let isMore = true; isMore; ) {
      const { entries, hasMore } = await this.journal.readAfter([{ channelId, seq: page.version }], READ_ENTRIES);
      for (const entry of entries.get(channelId)!) {
        if (entry.seq !== page.version + 1) throw new Error(`the journal of ${channelId} lacks entry ${page.version + 1}`);
        if (breaks.has(entry.seq)) page.document.breakAt(entry.seq);
        else if (!this.follow(page, entry, breaks.size)) return this.read(channelId, breaks.add(entry.seq));
      }
      isMore = hasMore.has(channelId);
    }
    return page;
  }

  /** False when the entry does not follow. What is left of the page then is not to be relied on. */
  private follow(page: LivePage, entry: EntryView, breaks: number): boolean {
    try {
      page.follow(entry);
      return true;
    } catch (error) {
      this.logger.error({ err: error, channelId: page.channelId, seq: entry.seq }, 'a page is damaged: an entry does not follow from the one before it');
      if (breaks >= MAX_BREAKS) throw error;
      return false;
    }
  }

  snapshot(page: LivePage, channelId: string, version: number): () => Promise<void> {
    const text = page.textAt(version);
    const { size } = page.document;
    return async () => {
      await this.snapshots.store(channelId, version, text);
      page.stored(size);
    };
  }
}
