import { Injectable } from '@nestjs/common';
import { Bus } from '../../platform/bus/bus.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { Presence } from '../presence/presence.js';
import { Memberships } from './memberships.js';
import { directKeyOf, RoomsRepository } from './rooms.repository.js';

/** What the other nodes hear when one of the two in a direct room has blocked the other, or has taken that back. */
interface BlockChange {
  readonly roomId: string;
  readonly userIds: readonly [string, string];
  readonly isBlocked: boolean;
}

/** The room of two, and what a block between them does to it: neither can write, and neither sees whether the other is there. */
@Injectable()
export class DirectRooms {
  constructor(
    private readonly rooms: RoomsRepository,
    private readonly memberships: Memberships,
    private readonly presence: Presence,
    private readonly realtime: Realtime,
    private readonly bus: Bus,
  ) {
    bus.subscribe('rights', (message) => this.adopt(JSON.parse(message) as BlockChange));
  }

  /** Null when they have none. */
  find(userId: string, peerId: string): Promise<string | null> {
    return this.rooms.findDirect(directKeyOf(userId, peerId));
  }

  /** Call after a block between the two was committed, or taken back: it holds on all nodes from then on. */
  async applyBlocks(userId: string, peerId: string): Promise<void> {
    const roomId = await this.find(userId, peerId);
    if (roomId === null) return;
    // The other one may have blocked, too.
    const isBlocked = await this.memberships.isBlockedNow(roomId, userId);
    const change: BlockChange = { roomId, userIds: [userId, peerId], isBlocked };
    this.adopt(change);
    if (!this.bus.isLocal) this.bus.publish('rights', JSON.stringify(change));
    for (const [viewer, other] of [[userId, peerId], [peerId, userId]] as const) this.tell(viewer, other, change);
  }

  forgetRights(roomId: string, userIds: readonly string[]): void {
    for (const userId of userIds) this.memberships.forget(roomId, userId);
  }

  private adopt({ roomId, userIds, isBlocked }: BlockChange): void {
    this.forgetRights(roomId, userIds);
    this.presence.setSilent(roomId, isBlocked);
  }

  /** Who was shown as present is gone, and is shown again afterwards. */
  private tell(viewer: string, other: string, { roomId, isBlocked }: BlockChange): void {
    if (!this.presence.isOnline(roomId, other)) return;
    this.realtime.emitToUser(viewer, isBlocked ? SERVER_EVENTS.userLeave : SERVER_EVENTS.userJoin, { roomId, userId: other });
  }
}
