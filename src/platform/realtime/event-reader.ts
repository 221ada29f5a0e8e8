import type { EventEmitter } from 'node:events';
import type { AppSocket } from './app-socket.js';

/** What the client has called its ack; it gets the same back. */
export type AckId = string | number;

/**
 * @param payload the event's name, then what was sent with it; unchecked, and perhaps empty
 * @param release of a packet that is not small: to be called when its event is answered
 */
export type EventListener = (socket: AppSocket, payload: readonly unknown[], ackId: AckId | undefined, release?: () => void) => void;

/** Counts a packet that is not small before it is parsed: returns what takes it off again, or undefined when it is not to be parsed. */
export type LargePacketGuard = (socket: AppSocket, ackId: AckId | undefined, packet: string | Buffer) => (() => void) | undefined;

/** Smaller packets are bounded by their number alone. */
const SMALL_CHARS = 4_096;

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: readonly unknown[];
}

/** What socket.io's types hide of a connection. Guarded by test/medium/event-reader.spec.ts against every version. */
interface Client {
  readonly conn: EventEmitter;
  /** Its `reconstructor` is there while a packet still waits for its binary parts. */
  readonly decoder: Pick<EventEmitter, 'on' | 'off'> & { readonly reconstructor?: unknown };
  /** By namespace. */
  readonly nsps: ReadonlyMap<string, AppSocket>;
  readonly ondata: (data: unknown) => void;
  readonly ondecoded: (packet: Packet) => void;
}

const EVENT_PACKET = 2;
const EVENT_DIGIT = 0x32; // '2'
const ZERO = 0x30;
const NINE = 0x39;
const BRACKET = 0x5b; // '['

/**
 * Hands the events of the main namespace to `listener`, in order and in the very read that brought them. Socket.IO's own way to its
 * listeners costs 2.5 KB of garbage and two turns of the tick queue an event; it still serves all that is no event, decodes events with
 * binary, and judges what is malformed.
 */
export function readEvents(socket: AppSocket, listener: EventListener, admitLarge: LargePacketGuard): void {
  const client = socket.client as unknown as Client;
  // A client can leave the namespace and enter it again on the same connection.
  if (!client.conn.listeners('data').includes(client.ondata)) return;
  client.conn.off('data', client.ondata);
  client.conn.on('data', (data: unknown) => {
    const entered = client.nsps.get('/');
    const start = entered && typeof data === 'string' && !client.decoder.reconstructor ? findPayload(data) : -1;
    // An empty packet has no data at all.
    const chars = (data as string | Buffer | undefined)?.length ?? 0;
    const ackId = start > 1 ? (data as string).slice(1, start) : undefined;
    const isLarge = chars > SMALL_CHARS && entered !== undefined;
    const release = isLarge ? admitLarge(entered, ackId, data as string | Buffer) : undefined;
    if (isLarge && !release) return;
    const payload = start === -1 ? undefined : parsePayload((data as string).slice(start));
    if (payload) return listener(entered!, payload, ackId, release);
    release?.();
    client.ondata(data);
  });
  client.decoder.off('decoded', client.ondecoded);
  client.decoder.on('decoded', (packet: Packet) => {
    const entered = packet.type === EVENT_PACKET && packet.nsp === '/' ? client.nsps.get('/') : undefined;
    if (entered) listener(entered, packet.data ?? [], packet.id);
    else client.ondecoded(packet);
  });
}

/** Where the JSON begins in `2[…` or `212[…`, an event without or with an ack's id; -1 when it is something else. */
function findPayload(packet: string): number {
  if (packet.charCodeAt(0) !== EVENT_DIGIT) return -1;
  for (let i = 1; i < packet.length; i++) {
    const char = packet.charCodeAt(i);
    if (char === BRACKET) return i;
    if (char < ZERO || char > NINE) return -1;
  }
  return -1;
}

function parsePayload(text: string): readonly unknown[] | undefined {
  try {
    const payload = JSON.parse(text) as unknown[];
    return typeof payload[0] === 'string' ? payload : undefined;
  } catch {
    return undefined; // Socket.IO says what follows from that.
  }
}
