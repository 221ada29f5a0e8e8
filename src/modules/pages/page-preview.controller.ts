import { setImmediate as nextTurn } from 'node:timers/promises';
import { Controller, Get, Header, Headers, Param, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers } from '../../platform/docs/api.js';
import { isKnown, toETag } from '../../platform/http/preconditions.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { Public } from '../../platform/identity/public.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { PageId } from '../../protocol/pages.js';
import type { Json } from './document/json-value.js';
import { renderPreview } from './page-preview.js';
import { PREVIEW_CSS } from './page-preview-style.js';
import { PageReadingService } from './page-reading.service.js';

/** Pictures from anywhere and the one style from here; no script, no form, no frame but ours, and an origin that is nobody's. */
const POLICY = [`default-src 'none'`, `style-src 'self'`, 'img-src https: http: data:', `form-action 'none'`, `base-uri 'none'`, `frame-ancestors 'self'`, 'sandbox'].join('; ');

@ApiTags('pages')
@Controller('pages')
export class PagePreviewController {
  constructor(private readonly reading: PageReadingService) {}

  @Get(':pageId/preview')
  @ApiOperation({ summary: 'Preview a page as sandboxed HTML' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'An ETag: 304 when it is still the same version' })
  @ApiResponse({ status: 200, content: { 'text/html': { schema: { type: 'string' } } } })
  @Answers(200)
  async preview(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const summary = await this.reading.summary(userId, pageId);
    if (isKnown(known, summary.version)) return void reply.status(304).header('etag', toETag(summary.version)).send();
    const { version, text } = await this.reading.read(summary.id, summary.version);
    // To write a large page, to read it and to draw it are three turns, so that others get theirs in between.
    await nextTurn();
    const schema = JSON.parse(text) as Json;
    await nextTurn();
    const html = renderPreview(schema, summary.title);
    await reply.header('etag', toETag(version)).header('content-security-policy', POLICY).header('content-type', 'text/html; charset=utf-8').send(html);
  }

  /** No page has this name: slugs have no dots. */
  @Get('preview.css')
  @Public()
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  style(): string {
    return PREVIEW_CSS;
  }
}
