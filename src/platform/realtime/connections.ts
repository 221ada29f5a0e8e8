import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Server } from 'socket.io';
import { type RevocationReason, type SessionStarted } from '../../protocol/connection.js';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { LIMITS } from '../../protocol/limits.js';
import { AppError } from '../errors/app-error.js';
import { logFailure, toAppError, toSocketError } from '../errors/to-app-error.js';
import { userAgentOf } from '../http/user-agent.js';
import { heapShare, type Store, watchStore } from '../memory/stores.js';
import { metrics } from '../metrics/metrics.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { type AppSocket, connectionOf, queuedBytes, roomOf } from './app-socket.js';
import { EventDispatcher } from './event-dispatcher.js';
import { HandshakeGate } from './handshake-gate.js';
import { SocketAuthenticator } from './identity.js';
import { Realtime } from './realtime.js';
import { closeSlow, maxBacklogOf, type RoomAdapter } from './room-adapter.js';
import { concerns, type Revocation, Revocations } from './revocations.js';
import { CONNECT_TIMEOUT_MS } from './socket-server.js';

/** How often all sockets are looked at for expired tokens and backlogs. One timer for all: a timer a socket would cost memory. */
const INSPECT_MS = 1_000;
/** Bytes that may wait for all slow sockets together. */
const MAX_QUEUED_BYTES = heapShare(1 / 8, 256 * 1024 * 1024);
/** A client hears this long before its token expires; of a shorter-lived token, at once. */
const WARN_BEFORE_MS = 60_000;
const TOO_MANY_RETRY_MS = 10_000;
/** How long a refused connection is held open, which must end before Socket.IO closes it for saying nothing. */
const DEFAULT_HOLD_MS = 1_000;
const MAX_HOLD_MS = CONNECT_TIMEOUT_MS / 2;

/** The life of a connection: handshake, `session`, expiry, revocation, end. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  private readonly logger = new Logger(Connections.name);
  private server: Server | undefined;
  private inspection: NodeJS.Timeout | undefined;
  /** What waits for sockets, at the last look. */
  private queued = { entries: 0, bytes: 0 };

  constructor(
    private readonly authenticator: SocketAuthenticator,
    private readonly dispatcher: EventDispatcher,
    private readonly realtime: Realtime,
    private readonly limits: RateLimits,
    private readonly gate: HandshakeGate,
    revocations: Revocations,
  ) {
    revocations.onRevoked((revocation) => this.closeRevoked(revocation));
    watchStore(new SocketQueues(() => this.queued));
  }

  start(server: Server): void {
    this.server = server;
    this.realtime.use(server);
    server.use((socket, next) => {
      this.admit(socket as unknown as AppSocket).then(
        () => next(),
        (error: unknown) => this.refuse(socket as unknown as AppSocket, toAppError(error), next),
      );
    });
    server.on('connection', (socket) => this.welcome(socket as unknown as AppSocket));
    this.inspection = setInterval(() => this.inspect(), INSPECT_MS);
  }

  /** Takes a fresh token for the same user; the connection lives as long as the newest token. */
  async refresh(socket: AppSocket, token: string): Promise<string> {
    const identity = await this.authenticator.authenticate(token);
    if (identity.userId !== socket.data.identity.userId) throw new AppError('PERMISSION_DENIED', { detail: 'The token is of another user' });
    socket.data.identity = identity;
    socket.data.warned = false;
    await this.confirm(socket);
    return new Date(identity.expiresAtMs).toISOString();
  }

  onApplicationShutdown(): void {
    clearInterval(this.inspection);
  }

  private async admit(socket: AppSocket): Promise<void> {
    this.gate.requireEntrance(socket);
    const identity = await this.authenticator.authenticate(tokenOf(socket));
    if (this.limits.areOn && this.realtime.countSocketsOfUser(identity.userId) >= LIMITS.socketsPerUser) {
      throw new AppError('RATE_LIMITED', { detail: `A user may have ${LIMITS.socketsPerUser} connections`, retryAfterMs: TOO_MANY_RETRY_MS });
    }
    socket.data = { identity, userAgent: userAgentOf(socket.handshake.headers), unacked: 0, warned: false };
    this.gate.admitted(socket);
  }

  /**
   * A stock Socket.IO client takes an error of the handshake (CONNECT_ERROR) for final, and a lost connection for a reason to come back.
   * So what lasts is answered with the error, and what passes by closing the connection; but a client that says in its handshake that
   * it reconnects by itself is told the reason in either case.
   */
  private refuse(socket: AppSocket, error: AppError, next: (error: Error) => void): void {
    metrics.handshakesRefused.inc({ code: error.code });
    // One line for all whom one outage refuses.
    const isNews = error.code !== 'UNAVAILABLE' || this.gate.storageFailed();
    if (isNews) logFailure(this.logger, 'handshake failed', error, { connectionId: socket.id });
    const refusal = Object.assign(new Error(error.message), { data: toSocketError(error) });
    if (!mayPass(error) || (socket.handshake.auth as { explainRefusals?: unknown }).explainRefusals === true) return next(refusal);
    // Stock clients come back about a second after any connection that was open, however often: the wait has to be here.
    const close = () => {
      connectionOf(socket).close();
      // Nobody hears of it any more, but Socket.IO forgets the socket.
      next(refusal);
    };
    setTimeout(close, Math.min(error.details.retryAfterMs ?? DEFAULT_HOLD_MS, MAX_HOLD_MS)).unref();
  }

  private welcome(socket: AppSocket): void {
    const { identity } = socket.data;
    (socket.nsp.adapter as unknown as RoomAdapter).adopt(socket);
    this.dispatcher.attach(socket);
    void socket.join(roomOf.user(identity.userId));
    metrics.socketsOpen.inc();
    socket.on('disconnecting', () => this.realtime.endAll(socket));
    socket.on('disconnect', () => metrics.socketsOpen.dec());
    forgetHandshake(socket);
    const session: SessionStarted = {
      connectionId: socket.id,
      userId: identity.userId,
      expiresAt: new Date(identity.expiresAtMs).toISOString(),
      limits: { ...LIMITS },
    };
    socket.emit(SERVER_EVENTS.session.name, session);
    void this.confirm(socket);
  }

  /** A revocation that came between the check of the token and now found no socket to close: so it is asked for once more. */
  private async confirm(socket: AppSocket): Promise<void> {
    try {
      if (!(await this.authenticator.stands(socket.data.identity))) this.close(socket, 'revoked');
    } catch (error) {
      this.logger.warn({ err: error, connectionId: socket.id }, 'could not confirm a session; the client is to come back');
      connectionOf(socket).close();
    }
  }

  private closeRevoked(revocation: Revocation): void {
    for (const socket of this.realtime.socketsOfUser(revocation.userId)) {
      if (concerns(revocation, socket.data.identity)) this.close(socket, revocation.reason);
    }
  }

  /** Unlike a lost connection, this one is not to be re-established by itself. */
  close(socket: AppSocket, reason: RevocationReason): void {
    socket.emit(SERVER_EVENTS.sessionRevoked.name, { reason });
    socket.disconnect(true);
  }

  private inspect(): void {
    const now = Date.now();
    const slow: { socket: AppSocket; bytes: number }[] = [];
    this.queued = { entries: 0, bytes: 0 };
    for (const socket of (this.server?.sockets.sockets.values() ?? []) as Iterable<unknown> as Iterable<AppSocket>) {
      this.checkExpiry(socket, now);
      const bytes = queuedBytes(connectionOf(socket));
      if (bytes === 0) continue;
      this.queued.entries += 1;
      this.queued.bytes += bytes;
      if (bytes > maxBacklogOf(socket)) this.closeSlow(socket, bytes);
      else slow.push({ socket, bytes });
    }
    this.makeRoom(slow);
    metrics.socketQueueBytes.set(this.queued.bytes);
  }

  /** When all together have too much, those go that have most: each has less than it may, and many of them would still be too much. */
  private makeRoom(slow: { socket: AppSocket; bytes: number }[]): void {
    if (this.queued.bytes <= MAX_QUEUED_BYTES) return;
    for (const { socket, bytes } of slow.sort((a, b) => b.bytes - a.bytes)) {
      if (this.queued.bytes <= MAX_QUEUED_BYTES) return;
      this.closeSlow(socket, bytes);
    }
  }

  private closeSlow(socket: AppSocket, bytes: number): void {
    this.logger.warn({ connectionId: socket.id, bytes }, 'closed a socket that does not keep up');
    closeSlow(connectionOf(socket));
    this.queued.entries -= 1;
    this.queued.bytes -= bytes;
  }

  private checkExpiry(socket: AppSocket, now: number): void {
    const inMs = socket.data.identity.expiresAtMs - now;
    if (inMs <= 0) this.close(socket, 'expired');
    else if (inMs <= WARN_BEFORE_MS && !socket.data.warned) {
      socket.data.warned = true;
      socket.emit(SERVER_EVENTS.tokenExpiring.name, { inMs });
    }
  }
}

class SocketQueues implements Store {
  readonly name = 'socket-queues';
  readonly maxBytes = MAX_QUEUED_BYTES;

  constructor(private readonly look: () => { entries: number; bytes: number }) {}

  get entries(): number {
    return this.look().entries;
  }

  get bytes(): number {
    return this.look().bytes;
  }
}

/** The request of the handshake is worth kilobytes, holds a token, and is not needed any more. */
function forgetHandshake(socket: AppSocket): void {
  (socket.conn as unknown as { request: unknown }).request = undefined;
  const { handshake } = socket;
  handshake.auth = {};
  handshake.headers = {};
}

/** From the handshake's `auth.token`, or an Authorization header. Never from the query, which ends up in logs. */
function tokenOf(socket: AppSocket): string {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (typeof token === 'string') return token;
  const [scheme, credentials] = (socket.handshake.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && credentials) return credentials;
  throw new AppError('UNAUTHENTICATED', { detail: 'Send an access token in the handshake: auth: { token }' });
}

/** Whether the same handshake may succeed later, unchanged. */
function mayPass({ code, status }: AppError): boolean {
  return code === 'RATE_LIMITED' || status >= 500;
}
