import { Injectable } from '@nestjs/common';
import type { Server } from 'socket.io';
import type { ServerEvent } from '../../protocol/events.js';
import { Bus } from '../bus/bus.js';
import { Counts } from '../counts.js';
import { AppError } from '../errors/app-error.js';
import { heapShare, type Store, watchStore } from '../memory/stores.js';
import { type AppSocket, channelOf, roomOf } from './app-socket.js';
import type { EncodedJson } from './encoded-json.js';
import type { AckId } from './event-reader.js';
import { encodeEvent } from './frame.js';
import type { RoomAdapter } from './room-adapter.js';

/** A volatile event on its way to the other nodes. */
interface Relayed {
  room: string;
  name: string;
  body: unknown;
}

type SubscriptionListener = (socket: AppSocket, channelId: string) => void;

/** Channels that the sockets of one user follow together; those of a person are a tenth. */
const MAX_PER_USER = 20_000;
/** Of one socket on one channel: its places in the adapter, in the order of the channel and among those who are here. */
const SUBSCRIPTION_BYTES = 400;

/** What modules need of the sockets of this node: emit, subscribe, find. It knows nothing of messages. */
@Injectable()
export class Realtime implements Store {
  readonly name = 'subscriptions';
  readonly maxBytes = heapShare(1 / 4, 512 * 1024 * 1024);
  private server: Server | undefined;
  private lastChannel = { id: '', room: '' };
  private readonly subscribedListeners: SubscriptionListener[] = [];
  private readonly unsubscribedListeners: SubscriptionListener[] = [];
  private readonly followed = new Counts();

  constructor(private readonly bus: Bus) {
    watchStore(this);
    bus.subscribe('volatile', (message) => {
      const { room, name, body } = JSON.parse(message) as Relayed;
      this.adapter?.emitTo(room, encodeEvent(name, body), true);
    });
  }

  /** Called once, when the gateways have their server. */
  use(server: Server): void {
    this.server = server;
  }

  /** A committed entry to the sockets of this node that have subscribed to its channel. `text` is the entry as JSON, if that is at hand. */
  emitEntry(channelId: string, name: string, entry: object, text?: string): void {
    const room = this.roomOfChannel(channelId);
    if (this.adapter?.rooms.has(room)) this.adapter.emitTo(room, encodeEvent(name, entry, text));
  }

  /** An event that may be dropped, to the channel's sockets on all nodes; on this one without `except`. */
  emitVolatile(channelId: string, event: ServerEvent, body: unknown, except?: AppSocket): void {
    const room = roomOf.channel(channelId);
    // Not by Socket.IO's own volatile flag: it drops the second packet of a tick even on an idle line.
    this.adapter?.emitTo(room, encodeEvent(event.name, body), true, except?.id);
    this.relay({ room, name: event.name, body });
  }

  /** Answers an event of the client's, in order with what else it gets. */
  ack(socket: AppSocket, id: AckId, answer: { data: EncodedJson } | { error: unknown }): void {
    this.adapter?.ack(socket, id, answer);
  }

  /** An event to one socket alone, in order with what else it gets. */
  emitTo(socket: AppSocket, event: ServerEvent, body: EncodedJson): void {
    this.adapter?.send(socket, `2["${event.name}",${body.text}]`);
  }

  /** An event outside any channel, to all sockets of a user on all nodes. */
  emitToUser(userId: string, event: ServerEvent, body: unknown): void {
    const room = roomOf.user(userId);
    this.adapter?.emitTo(room, encodeEvent(event.name, body));
    this.relay({ room, name: event.name, body });
  }

  /** Writes at once what otherwise leaves at the end of the tick: needed before a connection is closed without a last packet. */
  flush(): void {
    this.adapter?.flush();
  }

  /** Subscriptions of all sockets. */
  get entries(): number {
    return this.followed.total;
  }

  get bytes(): number {
    return this.entries * SUBSCRIPTION_BYTES;
  }

  /** @throws AppError QUOTA_EXCEEDED the user's sockets would follow too many channels · UNAVAILABLE all sockets together would */
  requireRoom(socket: AppSocket, channelIds: Iterable<string>): void {
    let added = 0;
    for (const channelId of channelIds) if (!this.isSubscribed(socket, channelId)) added += 1;
    if (this.followed.of(socket.data.identity.userId) + added > MAX_PER_USER) {
      throw new AppError('QUOTA_EXCEEDED', { detail: `Your connections may follow ${MAX_PER_USER} channels together` });
    }
    if (this.bytes + added * SUBSCRIPTION_BYTES > this.maxBytes) throw AppError.unavailable('Too many channels are followed at the moment');
  }

  /** False when there was nothing to do: subscribed already, or disconnected meanwhile (nothing would ever take it out of the room). */
  subscribe(socket: AppSocket, channelId: string): boolean {
    if (!socket.connected || this.isSubscribed(socket, channelId)) return false;
    void socket.join(roomOf.channel(channelId));
    this.followed.add(socket.data.identity.userId);
    for (const listener of this.subscribedListeners) listener(socket, channelId);
    return true;
  }

  isSubscribed(socket: AppSocket, channelId: string): boolean {
    return socket.rooms.has(roomOf.channel(channelId));
  }

  /** False when there was no subscription. */
  unsubscribe(socket: AppSocket, channelId: string): boolean {
    if (!this.isSubscribed(socket, channelId)) return false;
    void socket.leave(roomOf.channel(channelId));
    this.ended(socket, channelId);
    return true;
  }

  onSubscribed(listener: SubscriptionListener): void {
    this.subscribedListeners.push(listener);
  }

  /** Runs for every subscription that ends, also by disconnection. */
  onUnsubscribed(listener: SubscriptionListener): void {
    this.unsubscribedListeners.push(listener);
  }

  /** For the connection's end: every subscription ends with it. */
  endAll(socket: AppSocket): void {
    for (const room of socket.rooms) {
      const channelId = channelOf(room);
      if (channelId) this.ended(socket, channelId);
    }
  }

  /** Every socket of this node. */
  allSockets(): AppSocket[] {
    const sockets = (this.server?.sockets.sockets ?? new Map()) as unknown as Map<string, AppSocket>;
    return [...sockets.values()];
  }

  /** The user's sockets on this node. */
  socketsOfUser(userId: string): AppSocket[] {
    return this.socketsIn(roomOf.user(userId));
  }

  countSocketsOfUser(userId: string): number {
    return this.server?.sockets.adapter.rooms.get(roomOf.user(userId))?.size ?? 0;
  }

  /** Sockets of this node that have subscribed to the channel. */
  countSubscribers(channelId: string): number {
    return this.server?.sockets.adapter.rooms.get(this.roomOfChannel(channelId))?.size ?? 0;
  }

  /** The channel's subscribed sockets on this node. */
  socketsOfChannel(channelId: string): AppSocket[] {
    return this.socketsIn(roomOf.channel(channelId));
  }

  private ended(socket: AppSocket, channelId: string): void {
    this.followed.remove(socket.data.identity.userId);
    for (const listener of this.unsubscribedListeners) listener(socket, channelId);
  }

  /** Many in a row are about one channel, whose room's name is then made, and hashed, once. */
  private roomOfChannel(channelId: string): string {
    if (channelId !== this.lastChannel.id) this.lastChannel = { id: channelId, room: roomOf.channel(channelId) };
    return this.lastChannel.room;
  }

  private socketsIn(room: string): AppSocket[] {
    const namespace = this.server?.sockets;
    const ids = namespace?.adapter.rooms.get(room);
    if (!namespace || !ids) return [];
    return [...ids].flatMap((id) => (namespace.sockets.get(id) as AppSocket | undefined) ?? []);
  }

  private relay(message: Relayed): void {
    if (this.bus.isLocal) return;
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) <= this.bus.maxMessageBytes) this.bus.publish('volatile', text);
  }

  private get adapter(): RoomAdapter | undefined {
    return this.server?.sockets.adapter as RoomAdapter | undefined;
  }
}
