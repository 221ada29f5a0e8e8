import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { addressKeys, proxyReader } from '../http/client-address.js';
import { beforeScrape, metrics } from '../metrics/metrics.js';

/** Connections of one client, and of all, by which nobody has proved who they are yet. An office behind one address opens the app at once. */
const MAX_PER_CLIENT = 1_024;
const MAX_IN_ALL = 10_000;

/** Bounds connections that cost a descriptor and some kilobytes before anybody is known. Those of users are bounded by their accounts. */
@Injectable()
export class BareConnections {
  private readonly isProxy: (address: string) => boolean;
  private readonly clients = new Map<string, number>();
  private readonly bare = new Map<Socket, string>();

  constructor(config: Config) {
    this.isProxy = proxyReader(config.get('TRUST_PROXY'));
    beforeScrape(() => metrics.bareConnections.set(this.bare.size));
  }

  watch(server: Server): void {
    server.prependListener('connection', (socket: Socket) => this.accept(socket));
  }

  /** Somebody who may be here speaks on it. */
  admitted(socket: Socket): void {
    const client = this.bare.get(socket);
    if (client === undefined) return;
    this.bare.delete(socket);
    const left = this.clients.get(client)! - 1;
    if (left > 0) this.clients.set(client, left);
    else this.clients.delete(client);
  }

  /** Counted in the very turn in which it is accepted: however many come at once, none slips through. */
  private accept(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const { client } = addressKeys(address);
    const count = this.clients.get(client) ?? 0;
    // A proxy has the connections of all its clients.
    if (this.bare.size >= MAX_IN_ALL || (count >= MAX_PER_CLIENT && !this.isProxy(address))) {
      metrics.connectionsRefused.inc();
      socket.destroy();
      return;
    }
    this.clients.set(client, count + 1);
    this.bare.set(socket, client);
    socket.once('close', () => this.admitted(socket));
  }
}
