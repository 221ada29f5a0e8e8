import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { LIMITS } from '../../protocol/limits.js';
import type { Config } from '../config/config.js';
import { RoomAdapter } from './room-adapter.js';

const PING_INTERVAL_MS = 25_000;
const PING_TIMEOUT_MS = 20_000;
/** A handshake that sends no token in this time is dropped. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Nest's Socket.IO server with our options. Events and connections are bound by `Connections`, not through RxJS per socket and handler. */
export class SocketServer extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
    /** False while draining: upgrades and handshakes are refused. */
    private readonly isOpen: () => boolean,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const origins = this.config.allowedOrigins;
    return super.createIOServer(port, {
      ...options,
      path: '/socket.io',
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: LIMITS.frameBytes,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      adapter: RoomAdapter,
      cors: { origin: origins.includes('*') ? true : origins, credentials: false },
      // `cors` only hides the answer from a hostile page; this refuses the connection, WebSocket and polling alike.
      allowRequest: (request, answer) => {
        const refusal = this.isOpen() ? (isAllowedOrigin(request, origins) ? null : 'origin not allowed') : 'draining';
        answer(refusal, refusal === null);
      },
    } as ServerOptions);
  }

  override bindClientConnect(): void {}
  override bindClientDisconnect(): void {}
  override bindMessageHandlers(): void {}
}

/** Programs send no Origin and are welcome; a browser's must be our own or a configured one. */
export function isAllowedOrigin(request: Pick<IncomingMessage, 'headers'>, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
