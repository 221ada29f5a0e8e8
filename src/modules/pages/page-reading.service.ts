import { Injectable } from '@nestjs/common';
import { FanOut } from '../../journal/fan-out.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { PageSummary } from '../../protocol/pages.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { LivePage } from './live-page.js';
import { PageAccess } from './page-access.js';
import { PageKind } from './page-kind.js';
import { PagesRepository } from './pages.repository.js';
import { PageSnapshotsRepository } from './page-snapshots.repository.js';

/** A page as it stands, as JSON text. `hot` came out of a live document. */
export interface PageText {
  readonly version: number;
  readonly text: string;
  readonly source: 'hot' | 'cold';
  /** As in `PageDocument`. */
  readonly brokenAt: number | undefined;
}

/** Reading pages. It uses a live document that is there, and never opens one: looking changes nothing. */
@Injectable()
export class PageReadingService {
  constructor(
    private readonly access: PageAccess,
    private readonly pages: PagesRepository,
    private readonly documents: LiveDocuments,
    private readonly kind: PageKind,
    private readonly snapshots: PageSnapshotsRepository,
    private readonly fanOut: FanOut,
  ) {}

  /** @throws AppError PAGE_NOT_FOUND */
  async summary(userId: string, pageId: string): Promise<PageSummary> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    const page = await this.pages.findMine(userId, id);
    if (!page) throw new AppError('PAGE_NOT_FOUND');
    return page;
  }

  /** The page at `version` or later. */
  async read(channelId: string, version: number): Promise<PageText> {
    const live = this.documents.find(this.kind, channelId);
    if (!live) return this.readCold(channelId);
    // Another node may have committed what has not reached this one.
    if (live.committedVersion < version) await this.fanOut.refresh([channelId]);
    return textOf(live.document, live.committedVersion, 'hot');
  }

  private async readCold(channelId: string): Promise<PageText> {
    const snapshot = await this.snapshots.findText(channelId);
    if (!snapshot) throw new AppError('PAGE_NOT_FOUND');
    const { version, hasPatches } = await this.snapshots.entriesAfter(channelId, snapshot.version);
    if (!hasPatches) return { version, text: snapshot.text, source: 'cold', brokenAt: undefined };
    const page: LivePage = await this.kind.load(channelId);
    return textOf(page, page.version, 'cold');
  }
}

/** The page as it was at `version`; a damaged one as it was before. */
export function textOf(page: LivePage, version: number, source: PageText['source']): PageText {
  const { brokenAt, goodVersion } = page.document;
  return { version: brokenAt === undefined ? version : goodVersion, text: page.textAt(version), source, brokenAt };
}
