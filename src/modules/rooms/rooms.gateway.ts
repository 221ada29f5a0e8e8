import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { Gateway, Handles } from '../../platform/realtime/gateway.decorator.js';
import { CLIENT_EVENTS, type Nothing } from '../../protocol/events.js';
import type { ReadState, RoomJoin } from '../../protocol/rooms.js';
import { ReadingService } from './reading.service.js';
import { RoomSubscriptions } from './room-subscriptions.js';
import { resolveRoomId } from './world.js';

@Gateway()
export class RoomsGateway {
  constructor(
    private readonly subscriptions: RoomSubscriptions,
    private readonly reading: ReadingService,
  ) {}

  @Handles(CLIENT_EVENTS.roomJoin)
  join(socket: AppSocket, body: RoomJoin): ReturnType<RoomSubscriptions['join']> {
    return this.subscriptions.join(socket, body);
  }

  @Handles(CLIENT_EVENTS.roomLeave)
  leave(socket: AppSocket, body: { roomId: string }): Nothing {
    this.subscriptions.leave(socket, body.roomId);
    return {};
  }

  @Handles(CLIENT_EVENTS.markRead)
  markRead(socket: AppSocket, body: { roomId: string; seq: number }): Promise<ReadState> {
    return this.reading.markRead(resolveRoomId(body.roomId), socket.data.identity.userId, body.seq);
  }

  @Handles(CLIENT_EVENTS.typing)
  async typing(socket: AppSocket, body: { roomId: string; on: boolean }): Promise<Nothing> {
    await this.subscriptions.typing(socket, resolveRoomId(body.roomId), body.on);
    return {};
  }
}
