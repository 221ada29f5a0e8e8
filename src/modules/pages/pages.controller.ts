import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Resumption } from '../../journal/resumption.js';
import { Answers, OptionalBody } from '../../platform/docs/api.js';
import { Consumes, JSON_PATCH_TYPE, JSON_TYPE } from '../../platform/http/json-bodies.js';
import { isKnown, Preconditions, toETag } from '../../platform/http/preconditions.js';
import { isPreferred } from '../../platform/http/prefer.js';
import { Resend } from '../../platform/idempotency/resend.js';
import { Resends } from '../../platform/idempotency/resends.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { EncodedJson } from '../../platform/realtime/encoded-json.js';
import { SearchLimited } from '../../platform/rate-limit/search-limit.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { type EntriesAnswer, Entries, EntriesQuery } from '../../protocol/entries.js';
import { CreatePage, DuplicatePage, JsonPatch, PageDocument, PageId, PageList, PagesQuery, PageSummary, PatchResult, PutPage, UpdatePage } from '../../protocol/pages.js';
import type { Page } from '../../protocol/primitives.js';
import { PageAccess } from './page-access.js';
import { PageEditingService } from './page-editing.service.js';
import { PagePreconditions } from './page-preconditions.js';
import { PageReadingService } from './page-reading.service.js';
import { PagesService } from './pages.service.js';

const IF_MATCH = { name: 'If-Match', required: false, description: 'ETags of which the present version must be one, or `*`; 412 otherwise (RFC 9110). Absent: whatever is there' };
const IF_NONE_MATCH = { name: 'If-None-Match', required: false, description: 'ETags of which the present version must be none; 412 otherwise' };
const BASE = {
  ...IF_MATCH,
  description: 'The ETag of the version that the patch was made on, strong; absent: the present one. Of several ETags one must be the present version. 412 for a version that does not exist, and for what is no version',
};

/** What these routes make, for a resend: a page, which is answered with what is on it, or without. */
const PAGE = 'page';
const SUMMARY = 'page-summary';

@ApiTags('pages')
@Controller('pages')
export class PagesController {
  constructor(
    private readonly pages: PagesService,
    private readonly reading: PageReadingService,
    private readonly editing: PageEditingService,
    private readonly preconditions: PagePreconditions,
    private readonly access: PageAccess,
    private readonly resumption: Resumption,
    resends: Resends,
  ) {
    resends.register<string>(PAGE, async ({ userId }, pageId, reply) => this.describe(reply, await reading.summary(userId, pageId)));
    resends.register<string>(SUMMARY, ({ userId }, pageId) => reading.summary(userId, pageId));
  }

  @Get()
  @SearchLimited()
  @ApiOperation({ summary: 'List pages that you have access to, most recently changed first' })
  @Answers(200, PageList)
  list(@CurrentUser() { userId }: Identity, @Query({ schema: PagesQuery }) query: PagesQuery): Promise<Page<PageSummary>> {
    return this.pages.list(userId, query);
  }

  @Post()
  @Resend(PAGE, ({ pageId }: EncodedPage) => pageId)
  @ApiOperation({ summary: 'Create a page' })
  @Answers(201, PageDocument)
  async create(@CurrentUser() { userId }: Identity, @OptionalBody(CreatePage) body: CreatePage | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<EncodedPage> {
    return this.describe(reply, await this.pages.create(userId, body ?? {}));
  }

  @Get(':pageId')
  @ApiOperation({ summary: 'Get a page. `X-Source` is `hot` when it comes from a live document, `cold` when it comes from the database' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'An ETag: 304 when it is still the same version' })
  @Answers(200, PageDocument)
  async get(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Headers('if-none-match') known: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<EncodedPage | undefined> {
    const summary = await this.reading.summary(userId, pageId);
    if (!isKnown(known, summary.version)) return this.describe(reply, summary);
    void reply.status(304).header('etag', toETag(summary.version));
    return undefined;
  }

  @Patch(':pageId')
  @ApiOperation({ summary: 'Change a page by a JSON patch (RFC 6902), through the live document that everybody who has it open shares' })
  @Consumes(JSON_PATCH_TYPE, JSON_TYPE)
  @ApiHeader(BASE)
  @ApiHeader(IF_NONE_MATCH)
  @ApiHeader({ name: 'Prefer', required: false, description: '`strict`: refuse a stale patch with VERSION_CONFLICT instead of rebasing it' })
  @Answers(200, PatchResult)
  async patch(
    @CurrentUser() { userId }: Identity,
    @Param('pageId', { schema: PageId }) pageId: string,
    @Body({ schema: JsonPatch }) patches: JsonPatch,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PatchResult> {
    const mode = isPreferred(headers['prefer']?.toString(), 'strict') ? 'strict' : 'rebase';
    const result = await this.preconditions.patch(userId, pageId, Preconditions.of(headers), (version) => this.editing.patch(userId, pageId, { patches, version, mode }));
    void reply.header('etag', toETag(result.version));
    return result;
  }

  @Put(':pageId')
  @ApiOperation({ summary: 'Replace a page by `schema`; clients that have it open get the difference as a patch' })
  @ApiHeader(IF_MATCH)
  @ApiHeader(IF_NONE_MATCH)
  @Answers(200, PatchResult)
  async put(
    @CurrentUser() { userId }: Identity,
    @Param('pageId', { schema: PageId }) pageId: string,
    @Body({ schema: PutPage }) { schema, title }: PutPage,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PatchResult> {
    const conditions = Preconditions.of(headers);
    const result = await conditions.orAbsent(() => this.editing.put(userId, pageId, schema, conditions));
    const renamed = title === undefined ? undefined : await this.pages.rename(userId, pageId, title);
    // The title is an entry of its own. What somebody else has done in between, this caller has not seen.
    const version = renamed?.version === result.version + 1 ? renamed.version : result.version;
    void reply.header('etag', toETag(version));
    return { ...result, version };
  }

  @Put(':pageId/title')
  @ApiOperation({ summary: 'Rename a page' })
  @ApiHeader(IF_MATCH)
  @ApiHeader(IF_NONE_MATCH)
  @Answers(200, PageSummary)
  rename(
    @CurrentUser() { userId }: Identity,
    @Param('pageId', { schema: PageId }) pageId: string,
    @Body({ schema: UpdatePage }) body: { title: string },
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<PageSummary> {
    const conditions = Preconditions.of(headers);
    return conditions.orAbsent(() => this.pages.rename(userId, pageId, body.title, conditions));
  }

  @Delete(':pageId')
  @ApiOperation({ summary: 'Delete a page; its owners can restore it' })
  @ApiHeader(IF_MATCH)
  @ApiHeader(IF_NONE_MATCH)
  @Answers(204)
  remove(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Headers() headers: IncomingHttpHeaders): Promise<void> {
    const conditions = Preconditions.of(headers);
    return conditions.orAbsent(() => this.pages.remove(userId, pageId, conditions));
  }

  @Post(':pageId/duplicate')
  @Resend(SUMMARY, ({ pageId }: PageSummary) => pageId)
  @ApiOperation({ summary: 'Duplicate a page: a new page with the same content and no history' })
  @Answers(201, PageSummary)
  duplicate(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @OptionalBody(DuplicatePage) body?: { pageId?: string; title?: string }): Promise<PageSummary> {
    return this.pages.duplicate(userId, pageId, body ?? {});
  }

  @Get(':pageId/entries')
  @ApiOperation({ summary: 'Read the journal after a version: what `resume` returns, for REST clients' })
  @Answers(200, Entries)
  async entries(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Query({ schema: EntriesQuery }) query: EntriesQuery): Promise<EntriesAnswer> {
    const { id } = await this.access.require(pageId, userId, 'document:read');
    return this.resumption.page(id, query.after, query.limit);
  }

  /** The page's text is passed on as it is: it may be megabytes. */
  private async describe(reply: FastifyReply, summary: PageSummary): Promise<EncodedPage> {
    const { version, text, source, brokenAt } = await this.reading.read(summary.id, summary.version);
    // What preconditions compare with: of a damaged page the version of the channel, which is beyond what is shown.
    const current = brokenAt === undefined ? version : summary.version;
    void reply.header('etag', toETag(current)).header('x-source', source);
    return new EncodedPage(summary.pageId, EncodedJson.withMember({ ...summary, version, brokenAt }, 'schema', text).text);
  }
}

/** A page with what is on it, as JSON text. */
class EncodedPage extends EncodedJson {
  constructor(
    readonly pageId: string,
    text: string,
  ) {
    super(text);
  }
}
