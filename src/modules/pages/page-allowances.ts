import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { BoundedCache } from '../../platform/memory/bounded-cache.js';
import { LiveDocuments } from '../collab/live-documents.js';
import { Quotas } from '../users/quotas.js';
import { LivePage } from './live-page.js';
import { PageAllowance } from './page-allowance.js';
import { PageSettings } from './page-settings.js';
import { PagesRepository } from './pages.repository.js';

/** Of an id and what is known of it. */
const ALLOWANCE_BYTES = 400;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * What the pages of each creator may still grow by (QUOTA_PAGE_BYTES), so that an edit need not ask the database. One node keeps to the
 * limit; several may exceed it together by what the others take until their next snapshot is stored and looked up, 90 s later at most.
 */
@Injectable()
export class PageAllowances {
  private readonly known = new BoundedCache<PageAllowance>({ name: 'page-allowances', maxBytes: MAX_BYTES, entryBytes: ALLOWANCE_BYTES });
  private readonly max: number;
  private readonly margin: number;

  constructor(
    quotas: Quotas,
    settings: PageSettings,
    private readonly pages: PagesRepository,
    private readonly db: Database,
    private readonly documents: LiveDocuments,
  ) {
    this.max = quotas.maxOf('QUOTA_PAGE_BYTES');
    this.margin = settings.limits.pageBytes;
  }

  /** That of all pages that the user has created. Nothing is looked up before somebody needs it. */
  of(creatorId: string): PageAllowance {
    const known = this.known.get(creatorId);
    if (known) return known;
    const bytes = { unstored: () => this.unstoredOf(creatorId), stored: () => this.pages.bytesOf(creatorId, this.db) };
    const allowance = new PageAllowance(creatorId, this.max, this.margin, bytes);
    this.known.set(creatorId, allowance);
    return allowance;
  }

  /** Bytes by which the creator's open pages have grown since they were stored; negative when they have shrunk. */
  unstoredOf(creatorId: string): number {
    let bytes = 0;
    for (const page of this.documents.listOpen()) if (page instanceof LivePage && page.allowance.creatorId === creatorId) bytes += page.unstoredBytes;
    return bytes;
  }
}
