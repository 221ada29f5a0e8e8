import { Injectable } from '@nestjs/common';
import { FanOut } from '../../journal/fan-out.js';
import { type CaughtUp, Resumption } from '../../journal/resumption.js';
import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import type { EntryView, Position } from '../../protocol/entries.js';
import { ENTRY } from '../../protocol/events.js';
import { ChannelAccess } from './channel-access.js';

/** Where a reader begins who wants no history: at the end, wherever that is. */
export const AT_THE_END = -1;

/** Entries that may say that the whole channel is gone. */
const CHANNEL_UPDATES = new Set<string>([ENTRY.roomUpdated, ENTRY.pageUpdated]);

/** A subscription in the making. */
interface Opening {
  readonly userId: string;
  /** Channels that the user lost the right to while the journal was read. */
  readonly lost: Set<string>;
}

/**
 * Sockets that follow channels. Every way in (first join, reconnect, another node, after a restart) is the same:
 *
 * 1. hold the channels, so that whatever is committed from now on passes here;
 * 2. ask the database for the rights: a right that ends later ends with an entry that passes here;
 * 3. read what is missing, and subscribe in the one tick in which the answers are complete.
 */
@Injectable()
export class Subscriptions {
  private readonly openings = new Set<Opening>();

  constructor(
    private readonly fanOut: FanOut,
    private readonly resumption: Resumption,
    private readonly realtime: Realtime,
    private readonly access: ChannelAccess,
  ) {
    fanOut.addConsumer((entry, _recent, text) => {
      realtime.emitEntry(entry.channelId, entry.type, entry, text);
      // After it has gone out, so that whoever is removed hears of it.
      this.closeFor(entry);
    });
    realtime.onUnsubscribed((_socket, channelId) => fanOut.release(channelId));
  }

  /**
   * Subscribes to those of the channels that the user may read; the others are missing from the answer. The caller must answer the
   * client without waiting for anything else, because live entries follow.
   */
  async open(socket: AppSocket, positions: readonly Position[]): Promise<Map<string, CaughtUp>> {
    const opening: Opening = { userId: socket.data.identity.userId, lost: new Set() };
    const wanted = earliest(positions);
    const unused = new Set<string>();
    this.realtime.requireRoom(socket, wanted.keys());
    this.openings.add(opening);
    try {
      const held = await this.fanOut.hold([...wanted.keys()]);
      for (const channelId of held.keys()) unused.add(channelId);
      const readable = await this.access.readable(opening.userId, [...held.keys()]);
      const begin = [...readable].map((channelId) => ({ channelId, seq: this.beginning(channelId, wanted.get(channelId)!) }));
      const answers = await this.resumption.catchUp(begin, (channelId) => {
        if (!opening.lost.has(channelId) && this.realtime.subscribe(socket, channelId)) unused.delete(channelId);
      });
      for (const channelId of opening.lost) answers.delete(channelId);
      return answers;
    } finally {
      this.openings.delete(opening);
      for (const channelId of unused) this.fanOut.release(channelId);
    }
  }

  private closeFor(entry: EntryView): void {
    if (entry.type === ENTRY.memberLeft) this.revoke(entry.channelId, entry.userId as string);
    if (entry.deleted === true && CHANNEL_UPDATES.has(entry.type)) this.revoke(entry.channelId);
  }

  /** The user, or without `userId` everyone, may not follow the channel any more: sockets of this node lose it at once. */
  private revoke(channelId: string, userId?: string): void {
    for (const opening of this.openings) if (userId === undefined || opening.userId === userId) opening.lost.add(channelId);
    for (const socket of this.realtime.socketsOfChannel(channelId)) {
      if (userId === undefined || socket.data.identity.userId === userId) this.realtime.unsubscribe(socket, channelId);
    }
  }

  private beginning(channelId: string, seq: number): number {
    return seq === AT_THE_END ? (this.fanOut.cursor(channelId) ?? 0) : seq;
  }
}

/** One position a channel: of several, the answer to the earliest has no hole for any. */
function earliest(positions: readonly Position[]): Map<string, number> {
  const seqs = new Map<string, number>();
  for (const { channelId, seq } of positions) seqs.set(channelId, Math.min(seq, seqs.get(channelId) ?? seq));
  return seqs;
}
