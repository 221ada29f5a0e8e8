import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, OptionalBody } from '../../platform/docs/api.js';
import { type PathParams, Resend } from '../../platform/idempotency/resend.js';
import { Resends } from '../../platform/idempotency/resends.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { DiffQuery, type PageChange, PageDiff, PageHistory, PageId, PageVersion, PatchResult, RestoreVersion, RevertEdits, Undone, UndoOwn, VersionParam } from '../../protocol/pages.js';
import { type Page, PageQuery } from '../../protocol/primitives.js';
import { PageAccess } from './page-access.js';
import { PageHistoryService } from './page-history.service.js';
import { PageUndoService } from './page-undo.service.js';

/** Versions that were made on a page, for a resend. */
const VERSIONS = 'page-versions';
type MadeVersions = { readonly pageId: string } & ({ readonly version: number; readonly outcome: string } | { readonly version: number; readonly undone: readonly number[]; readonly skipped: readonly number[] });
const restored = ({ version, outcome }: PatchResult, { pageId }: PathParams): MadeVersions => ({ pageId: pageId!, version, outcome });
const takenBack = ({ version, undone, skipped }: Undone, { pageId }: PathParams): MadeVersions => ({ pageId: pageId!, version, undone, skipped });

@ApiTags('pages')
@Controller('pages/:pageId')
export class PageHistoryController {
  constructor(
    private readonly past: PageHistoryService,
    private readonly undoing: PageUndoService,
    access: PageAccess,
    resends: Resends,
  ) {
    // A version never changes, and these answers name versions alone: what was made is what is kept, for whoever may still see the page.
    resends.register<MadeVersions>(VERSIONS, async ({ userId }, { pageId, ...made }) => {
      await access.require(pageId, userId, 'document:read');
      return made;
    });
  }

  @Get('history')
  @ApiOperation({ summary: 'List the changes of a page, newest first; there may be fewer than `limit` when changes are large' })
  @Answers(200, PageHistory)
  history(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Query({ schema: PageQuery }) query: PageQuery): Promise<Page<PageChange>> {
    return this.past.list(userId, pageId, query);
  }

  @Get('versions/:version')
  @ApiOperation({ summary: 'Get a page as it was at a version; version 0 is the page as it was created' })
  @Answers(200, PageVersion)
  version(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Param('version', { schema: VersionParam }) version: number): Promise<PageVersion> {
    return this.past.version(userId, pageId, version);
  }

  @Get('diff')
  @ApiOperation({ summary: 'Get the patch between two versions, in either direction' })
  @Answers(200, PageDiff)
  diff(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Query({ schema: DiffQuery }) query: DiffQuery): Promise<PageDiff> {
    return this.past.diff(userId, pageId, query);
  }

  @Post('restore')
  @Resend(VERSIONS, restored)
  @ApiOperation({ summary: 'Restore a page to an earlier version, as a new version; without `version`, restore a deleted page' })
  @Answers(200, PatchResult)
  restore(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @OptionalBody(RestoreVersion) body?: { version?: number }): Promise<PatchResult> {
    return this.past.restore(userId, pageId, body?.version);
  }

  @Post('undo')
  @Resend(VERSIONS, takenBack)
  @ApiOperation({ summary: 'Undo your last changes of the page, among its last 2,000 entries; newer changes by others stay' })
  @Answers(200, Undone)
  undo(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @OptionalBody(UndoOwn) body?: { count: number }): Promise<Undone> {
    return this.undoing.undo(userId, pageId, body?.count ?? 1);
  }

  @Post('revert')
  @Resend(VERSIONS, takenBack)
  @ApiOperation({ summary: 'Revert what a user changed in a period, up to 1,000 edits; only owners can revert other people’s changes' })
  @Answers(200, Undone)
  revert(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Body({ schema: RevertEdits }) body: RevertEdits): Promise<Undone> {
    return this.undoing.revert(userId, pageId, body);
  }
}
