import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { WithoutIdempotencyKey } from '../../platform/idempotency/without-idempotency-key.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { CreateRoomInvite, CreatedInvite, type Invite, InvitePage } from '../../protocol/access.js';
import { type Page, PageQuery, RoomRef } from '../../protocol/primitives.js';
import type { InviteOrder } from '../access/invites.service.js';
import { RequestOrigin } from '../access/request-origin.js';
import { RoomInvites } from './room-invites.js';
import { resolveRoomId } from './world.js';

@ApiTags('rooms')
@Controller('rooms/:id')
export class RoomInvitesController {
  constructor(private readonly invites: RoomInvites) {}

  @Post('invite')
  @WithoutIdempotencyKey()
  @ApiOperation({ summary: 'Create an invite link' })
  @Answers(201, CreatedInvite)
  invite(
    @CurrentUser() { userId }: Identity,
    @Param('id', { schema: RoomRef }) id: string,
    @Body({ schema: CreateRoomInvite }) body: InviteOrder,
    @RequestOrigin() origin: string,
  ): Promise<CreatedInvite> {
    return this.invites.create(resolveRoomId(id), userId, body, origin);
  }

  @Get('invites')
  @ApiOperation({ summary: 'List active invites, newest first' })
  @Answers(200, InvitePage)
  list(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string, @Query({ schema: PageQuery }) query: PageQuery): Promise<Page<Invite>> {
    return this.invites.list(resolveRoomId(id), userId, query);
  }
}
