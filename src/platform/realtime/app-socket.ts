import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { Gates } from './gates.js';
import type { Identity } from './identity.js';

/** What we know of a connection. It lives in `socket.data`. */
export interface ConnectionState {
  identity: Identity;
  readonly userAgent: string | null;
  /** Events that wait for their ack. */
  unacked: number;
  /** While some are closed: events that later ones about the same channel wait for. */
  gates?: Gates | undefined;
  /** The client has been told that its token will expire. */
  warned: boolean;
  /** The size of the largest packet that may still be on its way. */
  excusedBytes?: number;
}

type Events = Record<string, (...args: unknown[]) => void>;

export type AppSocket = Socket<Events, Events, Events, ConnectionState>;

/** Socket.IO rooms, by what they are for. */
export const roomOf = {
  channel: (channelId: string) => `c:${channelId}`,
  user: (userId: string) => `u:${userId}`,
};

/** The channel behind a Socket.IO room; undefined for rooms of another kind. */
export function channelOf(room: string): string | undefined {
  return room.startsWith('c:') ? room.slice(2) : undefined;
}

/** The address of the client, as the handshake was seen to come from (`HandshakeGate.opened`). */
export function addressOf(socket: AppSocket): string {
  return socket.handshake.address;
}

/** What engine.io's types hide, and the fast path needs. Guarded by the tests of the room adapter against every version. */
export interface EngineConnection {
  readyState: string;
  upgrading: boolean;
  writeBuffer: { data?: string | Buffer }[];
  transport: { name: string; socket?: WebSocketInternals };
  on(event: 'packetCreate', listener: () => void): void;
  listeners(event: 'packetCreate'): unknown[];
  write(data: string, options: Record<string, unknown>): void;
  close(discard?: boolean): void;
}

interface WebSocketInternals {
  readyState: number;
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
  _socket: TcpSocket | null;
  close(code: number, reason: string): void;
  terminate(): void;
}

export function connectionOf(socket: { conn: unknown }): EngineConnection {
  return socket.conn as EngineConnection;
}

/** Bytes that the client has not taken yet: engine.io's own queue, and the raw socket's. */
export function queuedBytes(connection: EngineConnection): number {
  let bytes = connection.transport.socket?._socket?.writableLength ?? 0;
  for (const packet of connection.writeBuffer) bytes += packet.data?.length ?? 0;
  return bytes;
}
