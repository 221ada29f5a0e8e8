import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { EntryView, ResumedChannel } from '../../src/protocol/entries.js';
import type { MessageAck } from '../../src/protocol/messages.js';
import type { Ack } from './client.js';
import type { Delivery, Send, Stream } from './ledger.js';
import type { Random } from './random.js';

const ACK_TIMEOUT_MS = 5_000;
/** Between two sends of one client: members must not fall further behind than a resume goes back. */
const MAX_PAUSE_MS = 15;
/** Sends of one client under way at the same time. */
const IN_FLIGHT = 4;

/** A member who sends, receives, reconnects, resumes, sends again what was not answered, and notes everything. */
export class LoadClient {
  readonly sends: Send[] = [];
  readonly streams = new Map<string, Stream>();
  /** Channels that could not be resumed completely; in these runs all can. */
  readonly resets: string[] = [];
  /** How often the server announced its end. */
  drains = 0;
  disconnects = 0;
  private readonly socket: Socket;
  private sending: Promise<void[]> | undefined;
  private isSending = false;

  constructor(
    private readonly name: string,
    url: string,
    token: string,
    private readonly channelIds: readonly string[],
    private readonly random: Random,
    /** Where a newcomer begins; what was before is too much for one resume. */
    from: ReadonlyMap<string, number> = new Map(),
  ) {
    for (const channelId of channelIds) this.streams.set(channelId, { reader: name, channelId, from: from.get(channelId) ?? 0, deliveries: [] });
    this.socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 250, timeout: 2_000 });
    this.socket.on('connect', () => void this.resume());
    this.socket.on('disconnect', () => (this.disconnects += 1));
    this.socket.on('server-draining', () => (this.drains += 1));
    this.socket.onAny((_name: string, body: EntryView) => this.note(body));
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  get acked(): number {
    return this.sends.filter((send) => send.outcome === 'ok').length;
  }

  lastSeq(channelId: string): number {
    const { deliveries, from } = this.streams.get(channelId)!;
    return deliveries.at(-1)?.seq ?? from;
  }

  startSending(): void {
    this.isSending = true;
    this.sending = Promise.all(Array.from({ length: IN_FLIGHT }, () => this.keepSending()));
  }

  /** Resolves when everything that was begun has an outcome. */
  async stopSending(): Promise<void> {
    this.isSending = false;
    await this.sending;
  }

  /** One attempt. */
  async attempt(send: Send): Promise<Ack<MessageAck> | undefined> {
    const { opId: clientMsgId, channelId: roomId, content } = send;
    const ack = await this.ask<MessageAck>('send-message', { roomId, clientMsgId, content });
    if (ack?.data) {
      send.outcome = 'ok';
      send.seq = ack.data.seq;
    } else if (ack?.error && ack.error.code !== 'UNAVAILABLE') send.outcome = 'fail';
    return ack;
  }

  /** A message to be sent, entered in the ledger. */
  compose(): Send {
    const opId = `${this.name}-${this.sends.length}`;
    const send: Send = { opId, channelId: this.random.pick(this.channelIds), content: `text of ${opId}`, outcome: 'unknown' };
    this.sends.push(send);
    return send;
  }

  /** Sends until there is an outcome. */
  async settle(send: Send): Promise<void> {
    while (send.outcome === 'unknown') {
      await this.attempt(send);
      await pause(this.random.below(MAX_PAUSE_MS));
    }
  }

  close(): void {
    this.socket.disconnect();
  }

  private async keepSending(): Promise<void> {
    while (this.isSending) await this.settle(this.compose());
  }

  private async resume(): Promise<void> {
    const connection = this.socket.id;
    const positions = this.channelIds.map((channelId) => ({ channelId, seq: this.lastSeq(channelId) }));
    const ack = await this.ask<ResumedChannel[]>('resume', { positions }, (answer) => {
      if (this.socket.id === connection) this.noteMissed(answer);
    });
    if (ack?.data || this.socket.id !== connection) return;
    await pause(this.random.below(100));
    // Without any answer it is not known whether we follow the channels: only a new connection is a new beginning.
    if (!ack) this.socket.io.engine?.close();
    else if (this.socket.id === connection) await this.resume();
  }

  private noteMissed(channels: ResumedChannel[]): void {
    for (const channel of channels) {
      if ('entries' in channel) channel.entries.forEach((entry) => this.note(entry));
      else this.resets.push(`${this.name}: ${JSON.stringify(channel)}`);
    }
  }

  private note(body: EntryView): void {
    const stream = this.streams.get(body.channelId);
    if (stream && typeof body.seq === 'number') stream.deliveries.push(toDelivery(body));
  }

  /**
   * Undefined when the connection was lost, or nobody answered in time. What must happen before the next event, which may have come in
   * the same packet, belongs into `hear`: whoever awaits the answer is only called after it.
   */
  private ask<T>(name: string, body: unknown, hear: (data: T) => void = () => undefined): Promise<Ack<T> | undefined> {
    return new Promise((resolve) => {
      this.socket.timeout(ACK_TIMEOUT_MS).emit(name, body, (error: Error | null, ack: Ack<T>) => {
        if (!error && ack.data) hear(ack.data);
        resolve(error ? undefined : ack);
      });
    });
  }
}

export function toDelivery(entry: EntryView): Delivery {
  if (entry.type !== 'new-message') return { seq: entry.seq };
  return { seq: entry.seq, opId: entry.clientMsgId as string, content: entry.content as string };
}
