import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { isOnlyIfAbsent } from '../../platform/http/preconditions.js';
import { WithoutIdempotencyKey } from '../../platform/idempotency/without-idempotency-key.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { CreateDocumentInvite, CreatedInvite, type DocumentMember, DocumentMemberPage, type DocumentRole, type Invite, InvitePage, PutDocumentMember } from '../../protocol/access.js';
import { PageId } from '../../protocol/pages.js';
import { Id, type Page, PageQuery } from '../../protocol/primitives.js';
import type { InviteOrder } from '../access/invites.service.js';
import { RequestOrigin } from '../access/request-origin.js';
import { PageInvites } from './page-invites.js';
import { PageMembersService } from './page-members.service.js';

@ApiTags('pages')
@Controller('pages/:pageId')
export class PageMembersController {
  constructor(
    private readonly members: PageMembersService,
    private readonly invites: PageInvites,
  ) {}

  @Get('members')
  @ApiOperation({ summary: 'List the members of a page in the order in which they were added' })
  @Answers(200, DocumentMemberPage)
  list(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Query({ schema: PageQuery }) query: PageQuery): Promise<Page<DocumentMember>> {
    return this.members.list(pageId, userId, query);
  }

  @Put('members/:userId')
  @ApiOperation({ summary: 'Add a member, or change a role' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: '`*`: let in only; 412 when they are a member already, whose role stays' })
  @Answers(204)
  put(
    @CurrentUser() actor: Identity,
    @Param('pageId', { schema: PageId }) pageId: string,
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: PutDocumentMember }) body: { role: DocumentRole },
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<void> {
    return this.members.put(pageId, actor.userId, userId, body.role, { onlyNew: isOnlyIfAbsent(ifNoneMatch) });
  }

  @Delete('members/:userId')
  @ApiOperation({ summary: 'Remove a member, or leave' })
  @Answers(204)
  remove(@CurrentUser() actor: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Param('userId', { schema: Id }) userId: string): Promise<void> {
    return this.members.remove(pageId, actor.userId, userId);
  }

  @Post('invite')
  @WithoutIdempotencyKey()
  @ApiOperation({ summary: 'Create an invite link' })
  @Answers(201, CreatedInvite)
  invite(
    @CurrentUser() { userId }: Identity,
    @Param('pageId', { schema: PageId }) pageId: string,
    @Body({ schema: CreateDocumentInvite }) body: InviteOrder,
    @RequestOrigin() origin: string,
  ): Promise<CreatedInvite> {
    return this.invites.create(pageId, userId, body, origin);
  }

  @Get('invites')
  @ApiOperation({ summary: 'List active invites, newest first' })
  @Answers(200, InvitePage)
  listInvites(@CurrentUser() { userId }: Identity, @Param('pageId', { schema: PageId }) pageId: string, @Query({ schema: PageQuery }) query: PageQuery): Promise<Page<Invite>> {
    return this.invites.list(pageId, userId, query);
  }
}
