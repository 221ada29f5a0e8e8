import { Injectable, Logger } from '@nestjs/common';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { AppError } from '../errors/app-error.js';
import { toSocketError } from '../errors/to-app-error.js';
import { metrics } from '../metrics/metrics.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { type AppSocket, connectionOf } from './app-socket.js';

const MAX_PAUSE_MS = 1_000;

/**
 * What is done about sockets that go on sending what is refused. A socket that is too fast is not read for a while, so that its own
 * network holds it back; one whose user has too much refused, for whatever reason, is closed: to come back
 * at once does not help.
 */
@Injectable()
export class FloodGuard {
  private readonly logger = new Logger(FloodGuard.name);

  constructor(private readonly limits: RateLimits) {}

  /** An event was not even handed to its handler. */
  refused(socket: AppSocket, error: AppError): void {
    if (!this.limits.areOn) return;
    try {
      this.limits.require('refusedEvents', socket.data.identity.userId);
    } catch {
      return this.close(socket);
    }
    if (error.code === 'RATE_LIMITED') this.pause(socket, error.details.retryAfterMs ?? MAX_PAUSE_MS);
  }

  private pause(socket: AppSocket, ms: number): void {
    const webSocket = connectionOf(socket).transport.socket;
    // Requests of long-polling come one at a time, and wait for their answers by themselves.
    if (!webSocket || webSocket.isPaused) return;
    webSocket.pause();
    setTimeout(() => webSocket.resume(), Math.min(ms, MAX_PAUSE_MS)).unref();
  }

  private close(socket: AppSocket): void {
    metrics.floodDisconnects.inc();
    this.logger.warn({ connectionId: socket.id, userId: socket.data.identity.userId }, 'closed a socket that floods');
    socket.emit(SERVER_EVENTS.error.name, toSocketError(new AppError('RATE_LIMITED', { detail: 'Too many of your events were refused' })));
    socket.disconnect(true);
  }
}
