import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Resumption } from '../../journal/resumption.js';
import { Answers, OptionalBody } from '../../platform/docs/api.js';
import { Resend } from '../../platform/idempotency/resend.js';
import { Resends } from '../../platform/idempotency/resends.js';
import { CurrentUser } from '../../platform/identity/current-user.js';
import { SearchLimited } from '../../platform/rate-limit/search-limit.js';
import type { Identity } from '../../platform/realtime/identity.js';
import { Entries, EntriesQuery, type EntriesAnswer } from '../../protocol/entries.js';
import { type Page, PageQuery, RoomRef } from '../../protocol/primitives.js';
import { CreateDirect, CreateRoom, DiscoverQuery, JoinRoom, MyRoom, MyRoomPage, Room, RoomPage, UpdateRoom } from '../../protocol/rooms.js';
import { CurrentDevice, type Device } from '../auth/device.js';
import { MembersService } from './members.service.js';
import { Memberships } from './memberships.js';
import { RoomsService } from './rooms.service.js';
import { resolveRoomId } from './world.js';

/** What these routes make, for a resend. */
const ROOM = 'room';
const idOf = ({ id }: MyRoom) => id;

@ApiTags('rooms')
@Controller('rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly members: MembersService,
    private readonly memberships: Memberships,
    private readonly resumption: Resumption,
    resends: Resends,
  ) {
    resends.register<string>(ROOM, ({ userId }, id) => rooms.get(id, userId));
  }

  @Get()
  @ApiOperation({ summary: 'List your rooms, most recently active first, with unread counts and last messages' })
  @Answers(200, MyRoomPage)
  list(@CurrentUser() { userId }: Identity, @Query({ schema: PageQuery }) query: PageQuery): Promise<Page<MyRoom>> {
    return this.rooms.listMine(userId, query);
  }

  @Get('discover')
  @SearchLimited()
  @ApiOperation({ summary: 'List public groups, newest first' })
  @Answers(200, RoomPage)
  discover(@Query({ schema: DiscoverQuery }) query: DiscoverQuery): Promise<Page<Room>> {
    return this.rooms.discover(query);
  }

  @Post()
  @Resend(ROOM, idOf)
  @ApiOperation({ summary: 'Create a group' })
  @Answers(201, MyRoom)
  create(@CurrentUser() { userId }: Identity, @Body({ schema: CreateRoom }) body: CreateRoom): Promise<MyRoom> {
    return this.rooms.create(userId, body);
  }

  @Post('direct')
  @Resend(ROOM, idOf)
  @ApiOperation({ summary: 'Open the direct room with a user: 201 when it is new, 200 when it exists already' })
  @Answers(201, MyRoom)
  async createDirect(
    @CurrentUser() { userId }: Identity,
    @Body({ schema: CreateDirect }) body: { userId: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MyRoom> {
    const { room, created } = await this.rooms.createDirect(userId, body.userId);
    void reply.status(created ? 201 : 200);
    return room;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a room; members also get their own state in it' })
  @Answers(200, Room)
  get(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string): Promise<Room> {
    return this.rooms.get(resolveRoomId(id), userId);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a room' })
  @Answers(200, MyRoom)
  update(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string, @Body({ schema: UpdateRoom }) body: UpdateRoom): Promise<MyRoom> {
    return this.rooms.update(resolveRoomId(id), userId, body);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a room' })
  @Answers(204)
  remove(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string): Promise<void> {
    return this.rooms.remove(resolveRoomId(id), userId);
  }

  @Post(':id/join')
  @Resend(ROOM, idOf)
  @ApiOperation({ summary: 'Join a room' })
  @Answers(200, MyRoom)
  async join(
    @CurrentUser() { userId }: Identity,
    @CurrentDevice() { ip }: Device,
    @Param('id', { schema: RoomRef }) id: string,
    @OptionalBody(JoinRoom) body?: { password?: string },
  ): Promise<MyRoom> {
    const roomId = resolveRoomId(id);
    await this.members.join(roomId, { userId, address: ip }, body?.password);
    return this.rooms.getMine(roomId, userId);
  }

  @Post(':id/leave')
  @Resend()
  @ApiOperation({ summary: 'Leave a room' })
  @Answers(204)
  leave(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string): Promise<void> {
    return this.members.leave(resolveRoomId(id), userId);
  }

  @Get(':id/entries')
  @ApiOperation({ summary: 'Read the journal after a seq: what `resume` returns, for REST clients' })
  @Answers(200, Entries)
  async entries(@CurrentUser() { userId }: Identity, @Param('id', { schema: RoomRef }) id: string, @Query({ schema: EntriesQuery }) query: EntriesQuery): Promise<EntriesAnswer> {
    const roomId = resolveRoomId(id);
    await this.memberships.require(roomId, userId, 'room:read');
    return this.resumption.page(roomId, query.after, query.limit);
  }
}
