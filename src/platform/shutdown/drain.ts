import { Injectable, Logger } from '@nestjs/common';
import { SERVER_EVENTS } from '../../protocol/events.js';
import { type AppSocket, connectionOf } from '../realtime/app-socket.js';
import { Realtime } from '../realtime/realtime.js';
import { Lifecycle } from './lifecycle.js';

/** Clients come back spread over this time, to other nodes or to the next process. */
const RECONNECT_SPREAD_MS = 3_000;
const SLICE_SOCKETS = 500;
const SLICE_MS = 50;
/** How long a socket may take to get the acks of what it has sent. */
const ACK_GRACE_MS = 3_000;

/**
 * Empties this process: not ready any more, no new sockets, everyone told when to come back, and each connection closed in its slice
 * when its acks are out. Nothing acknowledged is at stake (it is on disk); this is about not making clients wait or stampede.
 */
@Injectable()
export class Drain {
  private readonly logger = new Logger(Drain.name);

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly realtime: Realtime,
  ) {}

  async run(): Promise<void> {
    this.lifecycle.beginDrain();
    const sockets = this.realtime.allSockets();
    this.logger.log(`draining ${sockets.length} connections`);
    for (const socket of sockets) {
      socket.emit(SERVER_EVENTS.serverDraining.name, { reconnectAfterMs: Math.round(Math.random() * RECONNECT_SPREAD_MS) });
    }
    const deadline = Date.now() + ACK_GRACE_MS;
    for (let i = 0; i < sockets.length; i += SLICE_SOCKETS) {
      if (i > 0) await pause(SLICE_MS);
      await Promise.all(sockets.slice(i, i + SLICE_SOCKETS).map((socket) => this.closeWhenAnswered(socket, deadline)));
    }
  }

  private async closeWhenAnswered(socket: AppSocket, deadline: number): Promise<void> {
    while (socket.connected && socket.data.unacked > 0 && Date.now() < deadline) await pause(10);
    // The acks of this tick are still in the adapter's buffers. Not `disconnect()`, after which clients stay away.
    this.realtime.flush();
    connectionOf(socket).close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
