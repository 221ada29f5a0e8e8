import { Injectable } from '@nestjs/common';
import { JournalRepository } from '../../journal/journal.repository.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { DocumentKind } from '../collab/collab-document.js';
import { LivePage } from './live-page.js';
import { PageDocument } from './page.document.js';
import { PageSettings } from './page-settings.js';
import { PageSnapshotsRepository } from './page-snapshots.repository.js';

const READ_ENTRIES = 1_000;

/** How pages come to life, and are stored: a snapshot, and the entries after it. */
@Injectable()
export class PageKind implements DocumentKind<LivePage> {
  readonly kind = 'page';

  constructor(
    private readonly snapshots: PageSnapshotsRepository,
    private readonly journal: JournalRepository,
    private readonly settings: PageSettings,
  ) {}

  /** @throws AppError PAGE_NOT_FOUND */
  async load(channelId: string): Promise<LivePage> {
    const snapshot = await this.snapshots.find(channelId);
    if (!snapshot) throw new AppError('PAGE_NOT_FOUND');
    const page = new LivePage(channelId, snapshot.pageId, new PageDocument(snapshot.schema, snapshot.version, this.settings.limits, true));
    for (let isMore = true; isMore; ) {
      const { entries, hasMore } = await this.journal.readAfter([{ channelId, seq: page.version }], READ_ENTRIES);
      for (const entry of entries.get(channelId)!) {
        if (entry.seq !== page.version + 1) throw new Error(`the journal of ${channelId} lacks entry ${page.version + 1}`);
        page.follow(entry);
      }
      isMore = hasMore.has(channelId);
    }
    return page;
  }

  snapshot(page: LivePage, channelId: string, version: number): () => Promise<void> {
    const text = page.textAt(version);
    return () => this.snapshots.store(channelId, version, text);
  }
}
