import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { BareConnections } from '../admission/bare-connections.js';
import { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { ClientAddresses } from '../http/client-address.js';
import type { AllowedOrigins } from '../http/origins.js';
import { metrics } from '../metrics/metrics.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { Lifecycle } from '../shutdown/lifecycle.js';
import { addressOf, type AppSocket } from './app-socket.js';
import { FrameLimit, type LimitedConnection } from './frame-limit.js';

/** After a handshake failed for want of the storage, others are refused for so long without asking it. */
const STORAGE_PAUSE_MS = 1_000;
const DRAINING_RETRY_MS = 1_000;

/** What we use of an engine.io connection, before and after Socket.IO speaks over it. */
export interface HandshakeConnection extends LimitedConnection {
  readonly request: IncomingMessage;
  remoteAddress: string;
}

/**
 * Looks at a handshake before anything else is done for it. What is refused here costs one small HTTP answer, and a stock Socket.IO
 * client tries again by itself, each time later: its delays grow only while no transport opens.
 */
@Injectable()
export class HandshakeGate {
  private readonly origins: AllowedOrigins;
  private readonly servesSockets: boolean;
  /** Connections whose first entrance was paid for by their handshake. */
  private readonly paid = new WeakSet<object>();
  /** What lets a connection say more, once it is a user's. */
  private readonly admissions = new WeakMap<object, () => void>();
  private storageAskedAgainAt = 0;

  constructor(
    config: Config,
    private readonly limits: RateLimits,
    private readonly lifecycle: Lifecycle,
    private readonly bare: BareConnections,
    private readonly addresses: ClientAddresses,
  ) {
    this.origins = config.allowedOrigins;
    this.servesSockets = config.hasRole('realtime');
  }

  /** Why the handshake is refused; null when it may go on. */
  findRefusal(request: IncomingMessage): AppError | null {
    const refusal = this.judge(request);
    if (refusal) metrics.handshakesRefused.inc({ code: refusal.code });
    return refusal;
  }

  /** The connection that came of an accepted handshake. */
  opened(connection: HandshakeConnection): void {
    connection.remoteAddress = this.addresses.of(connection.request);
    this.paid.add(connection);
    const frames = new FrameLimit(connection);
    const { socket } = connection.request;
    this.admissions.set(connection, () => {
      frames.admit();
      this.bare.admitted(socket);
    });
  }

  /** Counts an entrance into the namespace. A connection may repeat it, and then pays again. */
  requireEntrance(socket: AppSocket): void {
    if (!this.paid.delete(socket.conn)) this.limits.requireFrom('anonymous', addressOf(socket));
  }

  /** The connection is a user's: from now on it may say more. */
  admitted(socket: AppSocket): void {
    this.admissions.get(socket.conn)?.();
  }

  /** The storage did not answer a handshake. Whoever comes now would wait in vain, and add to its load. True when nobody knew yet. */
  storageFailed(): boolean {
    const now = performance.now();
    const isNews = now >= this.storageAskedAgainAt;
    this.storageAskedAgainAt = now + STORAGE_PAUSE_MS;
    return isNews;
  }

  private judge(request: IncomingMessage): AppError | null {
    if (!this.servesSockets) return AppError.unavailable('This process does not serve sockets (ROLES)');
    if (this.lifecycle.isDraining) return AppError.unavailable('This process is shutting down', undefined, DRAINING_RETRY_MS);
    if (!this.origins.admit(request)) return new AppError('PERMISSION_DENIED', { detail: 'Pages of this origin may not connect (CORS_ORIGINS)' });
    const storagePauseMs = this.storageAskedAgainAt - performance.now();
    if (storagePauseMs > 0) return AppError.unavailable('The storage is not available at the moment', undefined, Math.ceil(storagePauseMs));
    try {
      this.limits.requireFrom('anonymous', this.addresses.of(request));
    } catch (error) {
      return error as AppError;
    }
    return null;
  }
}
