import type { IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { LIMITS } from '../../protocol/limits.js';
import type { Config } from '../config/config.js';
import type { AppError } from '../errors/app-error.js';
import { retryAfterSeconds, toProblem } from '../errors/problem.filter.js';
import { answerRaw } from '../http/raw-answer.js';
import { requestIdOf } from '../logging/logger.js';
import type { HandshakeConnection, HandshakeGate } from './handshake-gate.js';
import { RoomAdapter } from './room-adapter.js';

const PING_INTERVAL_MS = 25_000;
const PING_TIMEOUT_MS = 20_000;
/** A handshake that sends no token in this time is dropped. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Nest's Socket.IO server with our options. Events and connections are bound by `Connections`, not through RxJS per socket and handler. */
export class SocketServer extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
    private readonly gate: HandshakeGate,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const origins = this.config.allowedOrigins;
    const server = super.createIOServer(port, {
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
      cors: { origin: (origin, answer) => answer(null, origins.includes(origin)), exposedHeaders: ['retry-after'], credentials: false },
      // `cors` only hides the answer from a hostile page; this refuses the connection, WebSocket and polling alike.
      allowRequest: (request, answer) => {
        const refusal = this.gate.findRefusal(request);
        if (refusal === null) answer(null, true);
        else refuse(request, refusal);
      },
    } as ServerOptions);
    server.engine.on('connection', (connection: HandshakeConnection) => this.gate.opened(connection));
    return server;
  }

  override bindClientConnect(): void {}
  override bindClientDisconnect(): void {}
  override bindMessageHandlers(): void {}
}

/** Answers a handshake, or a request to upgrade to WebSocket, with a problem document. Engine.IO itself knows 403 and 400 alone. */
function refuse(request: IncomingMessage & { res?: ServerResponse }, error: AppError): void {
  const body = JSON.stringify(toProblem(error, requestIdOf(request)));
  const retryAfter = retryAfterSeconds(error);
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  if (request.res) return void request.res.writeHead(error.status, headers).end(body);
  answerRaw(request.socket, error.status, headers, body);
}
