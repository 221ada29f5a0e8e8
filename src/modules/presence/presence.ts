import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from '../../platform/bus/bus.js';
import { BoundedCache } from '../../platform/memory/bounded-cache.js';
import type { AppSocket } from '../../platform/realtime/app-socket.js';
import { Realtime } from '../../platform/realtime/realtime.js';
import { SERVER_EVENTS } from '../../protocol/events.js';

/** Users named in one answer. */
const MAX_LISTED = 1_000;
/** In fuller channels nobody reads who comes and goes: presence degrades first. */
const ANNOUNCE_UP_TO = 200;
/** Channels of which it is remembered that nobody is told who comes and goes. */
const MAX_SILENT_BYTES = 16 * 1024 * 1024;
/** Of a UUID. */
const ID_BYTES = 40;
const HEARTBEAT_MS = 5_000;
/** A node that was not heard for this long is gone, and everybody on it. */
const NODE_TTL_MS = 15_000;
/** (channel, user) pairs of one message of the bus. */
const PAIRS_A_MESSAGE = 50;

type Pair = [channelId: string, userId: string];

/** How clients call a channel, when not by its id as a room. */
type Namer = (channelId: string) => { pageId: string } | undefined;

/** `join` and `leave` are changes; `state` repeats what is, for nodes that came later or missed something. */
interface Gossip {
  node: string;
  kind: 'join' | 'leave' | 'state' | 'hello' | 'bye';
  pairs: Pair[];
}

/** Counts the sockets of each user in each channel. */
class Roster {
  private readonly channels = new Map<string, Map<string, number>>();

  /** True for the user's first one. */
  add(channelId: string, userId: string): boolean {
    let users = this.channels.get(channelId);
    if (!users) this.channels.set(channelId, (users = new Map<string, number>()));
    const count = users.get(userId) ?? 0;
    users.set(userId, count + 1);
    return count === 0;
  }

  /** True for the user's last one. */
  remove(channelId: string, userId: string): boolean {
    const users = this.channels.get(channelId);
    const count = users?.get(userId) ?? 0;
    if (!users || count === 0) return false;
    if (count > 1) users.set(userId, count - 1);
    else users.delete(userId);
    if (users.size === 0) this.channels.delete(channelId);
    return count === 1;
  }

  usersIn(channelId: string): Iterable<string> {
    return this.channels.get(channelId)?.keys() ?? [];
  }

  has(channelId: string, userId: string): boolean {
    return this.channels.get(channelId)?.has(userId) ?? false;
  }

  *pairs(): Generator<Pair> {
    for (const [channelId, users] of this.channels) for (const userId of users.keys()) yield [channelId, userId];
  }
}

/**
 * Who is where, right now: users with a socket that follows the channel. Nothing is stored; nodes tell each other over the bus, repeat
 * themselves, and are forgotten when they fall silent. Volatile by promise: it may lag or be dropped, entries never.
 */
@Injectable()
export class Presence implements OnApplicationShutdown {
  private readonly node = randomUUID();
  private readonly here = new Roster();
  private readonly elsewhere = new Map<string, { roster: Roster; heardAt: number }>();
  private readonly heartbeat: NodeJS.Timeout | undefined;
  private readonly namers: Namer[] = [];
  private readonly silent = new BoundedCache<true>({ name: 'silent-channels', maxBytes: MAX_SILENT_BYTES, entryBytes: ID_BYTES });

  constructor(
    private readonly realtime: Realtime,
    private readonly bus: Bus,
  ) {
    realtime.onSubscribed((socket, channelId) => this.join(socket, channelId));
    realtime.onUnsubscribed((socket, channelId) => this.leave(socket, channelId));
    if (bus.isLocal) return;
    bus.subscribe('presence', (message) => this.hear(JSON.parse(message) as Gossip));
    this.tell('hello', []);
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
  }

  /** Modules whose channels have other names for clients say which. */
  nameBy(namer: Namer): void {
    this.namers.push(namer);
  }

  /** In a silent channel nobody is told who comes and goes. Whoever answers questions about it must know by itself that it is one. */
  setSilent(channelId: string, isSilent: boolean): void {
    if (isSilent) this.silent.set(channelId, true);
    else this.silent.delete(channelId);
  }

  /** Users online in the channel, on any node; at most 1,000. */
  online(channelId: string): string[] {
    const users = new Set<string>();
    for (const roster of this.rosters()) {
      for (const userId of roster.usersIn(channelId)) {
        if (users.size >= MAX_LISTED) return [...users];
        users.add(userId);
      }
    }
    return [...users];
  }

  isOnline(channelId: string, userId: string): boolean {
    for (const roster of this.rosters()) if (roster.has(channelId, userId)) return true;
    return false;
  }

  onApplicationShutdown(): void {
    clearInterval(this.heartbeat);
    this.tell('bye', []);
  }

  private *rosters(): Generator<Roster> {
    yield this.here;
    for (const { roster } of this.elsewhere.values()) yield roster;
  }

  private join(socket: AppSocket, channelId: string): void {
    const { userId } = socket.data.identity;
    const isNew = !this.isOnline(channelId, userId);
    if (!this.here.add(channelId, userId)) return;
    this.tell('join', [[channelId, userId]]);
    if (isNew && this.isTold(channelId)) this.realtime.emitVolatile(channelId, SERVER_EVENTS.userJoin, { ...this.nameOf(channelId), userId }, socket);
  }

  private leave(socket: AppSocket, channelId: string): void {
    const { userId } = socket.data.identity;
    if (!this.here.remove(channelId, userId)) return;
    this.tell('leave', [[channelId, userId]]);
    if (!this.isOnline(channelId, userId) && this.isTold(channelId)) {
      this.realtime.emitVolatile(channelId, SERVER_EVENTS.userLeave, { ...this.nameOf(channelId), userId });
    }
  }

  private nameOf(channelId: string): { pageId: string } | { roomId: string } {
    for (const namer of this.namers) {
      const name = namer(channelId);
      if (name) return name;
    }
    return { roomId: channelId };
  }

  private isTold(channelId: string): boolean {
    if (this.silent.has(channelId)) return false;
    let count = 0;
    for (const _user of this.here.usersIn(channelId)) if (++count > ANNOUNCE_UP_TO) return false;
    return true;
  }

  private beat(): void {
    this.repeat();
    const oldest = Date.now() - NODE_TTL_MS;
    for (const [node, { heardAt }] of this.elsewhere) if (heardAt < oldest) this.elsewhere.delete(node);
  }

  private repeat(): void {
    let pairs: Pair[] = [];
    for (const pair of this.here.pairs()) {
      if (pairs.push(pair) < PAIRS_A_MESSAGE) continue;
      this.tell('state', pairs);
      pairs = [];
    }
    this.tell('state', pairs);
  }

  private tell(kind: Gossip['kind'], pairs: Pair[]): void {
    if (!this.bus.isLocal) this.bus.publish('presence', JSON.stringify({ node: this.node, kind, pairs } satisfies Gossip));
  }

  private hear({ node, kind, pairs }: Gossip): void {
    if (kind === 'bye') return void this.elsewhere.delete(node);
    if (kind === 'hello') this.repeat();
    let known = this.elsewhere.get(node);
    if (!known) this.elsewhere.set(node, (known = { roster: new Roster(), heardAt: 0 }));
    known.heardAt = Date.now();
    for (const [channelId, userId] of pairs) {
      if (kind === 'leave') known.roster.remove(channelId, userId);
      else if (!known.roster.has(channelId, userId)) known.roster.add(channelId, userId);
    }
  }
}
