import { Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../platform/docs/api.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { Id, type Page, PageQuery } from '../../protocol/primitives.js';
import { Block, BlockPage } from '../../protocol/users.js';
import { BlocksService } from './blocks.service.js';

@ApiTags('users')
@Controller('users/me/blocks')
export class BlocksController {
  constructor(private readonly blocks: BlocksService) {}

  @Get()
  @ApiOperation({ summary: 'List blocked users, most recently blocked first' })
  @Answers(200, BlockPage)
  list(@CurrentUser() { userId }: Identity, @Query({ schema: PageQuery }) query: PageQuery): Promise<Page<Block>> {
    return this.blocks.list(userId, query);
  }

  @Get(':userId')
  @ApiOperation({ summary: 'Check whether you have blocked a user; 404 if not' })
  @Answers(200, Block)
  get(@CurrentUser() { userId }: Identity, @Param('userId', { schema: Id }) blockedId: string): Promise<Block> {
    return this.blocks.get(userId, blockedId);
  }

  @Put(':userId')
  @ApiOperation({ summary: 'Block a user: they cannot add you to anything or open a direct room with you; in an existing direct room neither of you can write' })
  @Answers(204)
  block(@CurrentUser() { userId }: Identity, @Param('userId', { schema: Id }) blockedId: string): Promise<void> {
    return this.blocks.block(userId, blockedId);
  }

  @Delete(':userId')
  @ApiOperation({ summary: 'Unblock a user' })
  @Answers(204)
  unblock(@CurrentUser() { userId }: Identity, @Param('userId', { schema: Id }) blockedId: string): Promise<void> {
    return this.blocks.unblock(userId, blockedId);
  }
}
