import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from '../bus/bus.js';
import { Connections } from './connections.js';
import { SocketAuthenticator } from './identity.js';
import { Realtime } from './realtime.js';

const SWEEP_MS = 1_000;

/**
 * In a cluster, a revocation reaches the sockets of other nodes over the bus, which may lose it. So the sessions behind our sockets are
 * also compared with the database: a right that has ended is gone within about a second, whatever the bus does.
 */
@Injectable()
export class SessionSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SessionSweep.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping = false;

  constructor(
    private readonly bus: Bus,
    private readonly realtime: Realtime,
    private readonly authenticator: SocketAuthenticator,
    private readonly connections: Connections,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.bus.isLocal) this.timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    const sockets = this.realtime.allSockets();
    if (this.sweeping || sockets.length === 0) return;
    this.sweeping = true;
    try {
      const ended = await this.authenticator.findEnded([...new Set(sockets.map((socket) => socket.data.identity.sessionId))]);
      for (const socket of sockets) if (ended.has(socket.data.identity.sessionId)) this.connections.close(socket, 'revoked');
    } catch (error) {
      this.logger.warn({ err: error }, 'could not compare the sessions with the database; will try again');
    } finally {
      this.sweeping = false;
    }
  }
}
