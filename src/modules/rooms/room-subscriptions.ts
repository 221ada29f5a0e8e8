import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error.js';
import { addressOf, type AppSocket } from '../../platform/realtime/app-socket.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import type { EntryView } from '../../protocol/entries.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import type { Room, RoomJoin, RoomRole } from '../../protocol/rooms.js';
import { ChannelAccess } from '../channels/channel-access.js';
import { AT_THE_END, Subscriptions } from '../channels/subscriptions.js';
import { Presence } from '../presence/presence.js';
import { MembersService } from './members.service.js';
import { Memberships, type RoomPermit } from './memberships.js';
import { RoomsService } from './rooms.service.js';
import { resolveRoomId } from './world.js';

interface Joined {
  room: Room;
  role: RoomRole;
  lastSeq: number;
  entries?: EntryView[];
  reset?: true;
  online: string[];
}

/** Sockets that follow rooms. */
@Injectable()
export class RoomSubscriptions {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly realtime: Realtime,
    private readonly presence: Presence,
    private readonly members: MembersService,
    private readonly memberships: Memberships,
    private readonly rooms: RoomsService,
    access: ChannelAccess,
  ) {
    access.register({ readable: (userId, channelIds) => memberships.readableNow(userId, channelIds) });
  }

  async join(socket: AppSocket, body: RoomJoin): Promise<Joined> {
    const roomId = resolveRoomId(body.roomId);
    const { userId } = socket.data.identity;
    await this.members.join(roomId, { userId, address: addressOf(socket) }, body.password);
    const { room, role, blockedBy } = await this.describe(roomId, userId);
    // The last thing that waits: live entries follow the answer.
    const answers = await this.subscriptions.open(socket, [{ channelId: roomId, seq: body.after ?? AT_THE_END }]);
    const caughtUp = answers.get(roomId);
    if (!caughtUp) throw new AppError('ROOM_NOT_FOUND');
    const missed = body.after === undefined ? {} : 'reset' in caughtUp ? { reset: true as const } : { entries: caughtUp.entries };
    return { room: { ...room, lastSeq: caughtUp.lastSeq }, role, lastSeq: caughtUp.lastSeq, ...missed, online: blockedBy ? [userId] : this.presence.online(roomId) };
  }

  leave(socket: AppSocket, roomRef: string): void {
    this.realtime.unsubscribe(socket, resolveRoomId(roomRef));
  }

  async typing(socket: AppSocket, roomId: string, on: boolean): Promise<void> {
    const { userId } = socket.data.identity;
    await this.memberships.require(roomId, userId, 'message:send');
    this.realtime.emitVolatile(roomId, SERVER_EVENTS.typing, { roomId, userId, on }, socket);
  }

  private async describe(roomId: string, userId: string): Promise<{ room: Room } & Pick<RoomPermit, 'role' | 'blockedBy'>> {
    const [room, { role, blockedBy }] = await Promise.all([this.rooms.getRoom(roomId), this.memberships.require(roomId, userId, 'room:read')]);
    return { room, role, blockedBy };
  }
}
