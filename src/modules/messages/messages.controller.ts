import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { Resend } from '../../platform/idempotency/resend.js';
import { Resends } from '../../platform/idempotency/resends.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { History, HistoryQuery, Message, PatchMessage, PostMessage } from '../../protocol/messages.js';
import { Id, RoomRef } from '../../protocol/primitives.js';
import { resolveRoomId } from '../rooms/world.js';
import { MessagesService } from './messages.service.js';

/** What is kept for a resend: the id. The content may be edited or erased until then. */
const MESSAGE = 'message';

@ApiTags('messages')
@Controller()
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    resends: Resends,
  ) {
    resends.register<string>(MESSAGE, ({ userId }, id) => messages.get(userId, id));
  }

  @Get('rooms/:id/messages')
  @ApiOperation({ summary: 'Read messages before, after or around a seq, ascending; the newest ones by default' })
  @Answers(200, History)
  history(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string, @Query({ schema: HistoryQuery }) query: HistoryQuery): Promise<History> {
    return this.messages.history(userId, resolveRoomId(id), query);
  }

  @Post('rooms/:id/messages')
  @Resend(MESSAGE, ({ id }: Message) => id)
  @ApiOperation({ summary: 'Send a message; stored once per clientMsgId' })
  @Answers(201, Message)
  post(@CurrentUser() sender: Identity, @Param('id', { schema: RoomRef }) id: string, @Body({ schema: PostMessage }) body: PostMessage): Promise<Message> {
    return this.messages.post(sender, resolveRoomId(id), body);
  }

  @Get('messages/:id')
  @ApiOperation({ summary: 'Get a message' })
  @Answers(200, Message)
  get(@CurrentUser() { userId }: Identity, @Param('id', { schema: Id }) id: string): Promise<Message> {
    return this.messages.get(userId, id);
  }

  @Patch('messages/:id')
  @ApiOperation({ summary: 'Edit your own message' })
  @Answers(200, Message)
  edit(@CurrentUser() { userId }: Identity, @Param('id', { schema: Id }) id: string, @Body({ schema: PatchMessage }) body: { content: string }): Promise<Message> {
    return this.messages.edit(userId, id, body.content);
  }

  @Delete('messages/:id')
  @ApiOperation({ summary: 'Delete a message: its content is erased, its position stays' })
  @Answers(200, Message)
  remove(@CurrentUser() actor: Identity, @Param('id', { schema: Id }) id: string): Promise<Message> {
    return this.messages.remove(actor, id);
  }
}
