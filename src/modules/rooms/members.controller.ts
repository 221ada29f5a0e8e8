import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, OptionalBody } from '../../platform/docs/api.js';
import { isOnlyIfAbsent } from '../../platform/http/preconditions.js';
import { Resend } from '../../platform/idempotency/resend.js';
import { Resends } from '../../platform/idempotency/resends.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { SearchLimited } from '../../platform/rate-limit/search-limit.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { Receipt } from '../../protocol/messages.js';
import { Id, type Page, PageQuery, pageOf, RoomRef } from '../../protocol/primitives.js';
import { MarkReadBody, type Member, MemberPage, MembersQuery, PutMember, ReadState, type RoomRole, Until } from '../../protocol/rooms.js';
import { MembersService } from './members.service.js';
import { ReadingService } from './reading.service.js';
import { resolveRoomId } from './world.js';

const ReceiptPage = pageOf(Receipt);
const SeqParam = z.coerce.number().int().min(1);

/** What is kept of a position for a resend: in which room. */
const READ_STATE = 'read-state';

@ApiTags('rooms')
@Controller('rooms/:id')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly reading: ReadingService,
    resends: Resends,
  ) {
    resends.register<string>(READ_STATE, ({ userId }, roomId) => reading.get(roomId, userId));
  }

  @Get('members')
  @SearchLimited()
  @ApiOperation({ summary: 'List members in the order in which they joined; with `q`, those whose name contains it' })
  @Answers(200, MemberPage)
  list(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string, @Query({ schema: MembersQuery }) query: MembersQuery): Promise<Page<Member>> {
    return this.members.list(resolveRoomId(id), userId, query);
  }

  @Put('members/:userId')
  @ApiOperation({ summary: 'Add a member, or change a role; `owner` transfers the room' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: '`*`: add only; 412 when they are a member already, whose role stays' })
  @Answers(204)
  put(
    @CurrentUser() actor: Identity,
    @Param('id', { schema: RoomRef }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: PutMember }) body: { role: RoomRole },
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<void> {
    return this.members.put(resolveRoomId(id), actor.userId, userId, body.role, { onlyNew: isOnlyIfAbsent(ifNoneMatch) });
  }

  @Delete('members/:userId')
  @ApiOperation({ summary: 'Remove a member' })
  @Answers(204)
  kick(@CurrentUser() actor: Identity, @Param('id', { schema: RoomRef }) id: string, @Param('userId', { schema: Id }) userId: string): Promise<void> {
    return this.members.kick(resolveRoomId(id), actor.userId, userId);
  }

  @Post('members/:userId/mute')
  @Resend()
  @ApiOperation({ summary: 'Mute a member' })
  @Answers(204)
  mute(
    @CurrentUser() actor: Identity,
    @Param('id', { schema: RoomRef }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @OptionalBody(Until) body?: { until?: string | null },
  ): Promise<void> {
    return this.members.mute(resolveRoomId(id), actor.userId, userId, body?.until);
  }

  @Post('members/:userId/ban')
  @Resend()
  @ApiOperation({ summary: 'Ban a member' })
  @Answers(204)
  ban(
    @CurrentUser() actor: Identity,
    @Param('id', { schema: RoomRef }) id: string,
    @Param('userId', { schema: Id }) userId: string,
    @OptionalBody(Until) body?: { until?: string | null },
  ): Promise<void> {
    return this.members.ban(resolveRoomId(id), actor.userId, userId, body?.until);
  }

  @Post('read')
  @Resend(READ_STATE, (_state: ReadState, { id }) => resolveRoomId(id!))
  @ApiOperation({ summary: 'Mark messages as read: moves your read position forward' })
  @Answers(200, ReadState)
  read(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string, @Body({ schema: MarkReadBody }) body: { seq: number }): Promise<ReadState> {
    return this.reading.markRead(resolveRoomId(id), userId, body.seq);
  }

  @Get('messages/:seq/receipts')
  @ApiOperation({ summary: 'List who has read a message, latest readers first' })
  @Answers(200, ReceiptPage)
  receipts(
    @CurrentUser() { userId }: Identity,
    @Param('id', { schema: RoomRef }) id: string,
    @Param('seq', { schema: SeqParam }) seq: number,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<Receipt>> {
    return this.reading.receipts(resolveRoomId(id), userId, seq, query);
  }
}
