import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Counts } from '../counts.js';
import { addressKeys, ClientAddresses } from '../http/client-address.js';
import { beforeScrape, metrics } from '../metrics/metrics.js';
import { RateLimits } from '../rate-limit/rate-limits.js';

/** Of the descriptors that the process may have; the others are for users, the database and files. */
const BARE_SHARE = 0.5;
const MAX_IN_ALL = Math.min(10_000, BARE_SHARE * descriptorLimit());
/** An office behind one address opens the app at once. */
const MAX_PER_CLIENT = Math.min(1_024, MAX_IN_ALL / 2);
/** Connections of one user that are kept open for the next request; each one beyond ends after its answer. */
const MAX_KEPT_PER_USER = 64;

/** Bounds, unless rate limits are off, connections that cost a descriptor and some kilobytes: those of strangers by address and in all, those of users by account. */
@Injectable()
export class BareConnections {
  protected readonly maxInAll: number = MAX_IN_ALL;
  protected readonly maxPerClient: number = MAX_PER_CLIENT;
  /** The bare ones, in the order in which they came, each with its client. */
  private readonly bare = new Map<Socket, string>();
  private readonly ofClients = new Counts();
  /** Those on which a user has spoken. */
  private readonly ofUsers = new Counts();
  private readonly users = new WeakMap<Socket, string>();

  constructor(
    private readonly addresses: ClientAddresses,
    private readonly limits: RateLimits,
  ) {
    beforeScrape(() => metrics.bareConnections.set(this.bare.size));
  }

  watch(server: Server): void {
    server.prependListener('connection', (socket: Socket) => this.accept(socket));
  }

  /** Somebody who may be here speaks on it: it does not count as bare any more. */
  admitted(socket: Socket): void {
    const client = this.bare.get(socket);
    if (client === undefined) return;
    this.bare.delete(socket);
    this.ofClients.remove(client);
  }

  /** A user speaks on it, by HTTP. False when the user has enough connections, and this one should end with the answer. */
  belongsTo(socket: Socket, userId: string): boolean {
    this.admitted(socket);
    // A proxy sends requests of many users over one connection: it counts for the first of them.
    const owner = this.users.get(socket);
    if (owner !== undefined || socket.destroyed) return owner !== userId || this.ofUsers.of(userId) <= MAX_KEPT_PER_USER;
    this.users.set(socket, userId);
    socket.once('close', () => this.ofUsers.remove(userId));
    return this.ofUsers.add(userId) <= MAX_KEPT_PER_USER;
  }

  /** Counted in the very turn in which it is accepted: however many come at once, none slips through. */
  private accept(socket: Socket): void {
    const { address, isProxy } = this.addresses.peerOf(socket);
    const { client } = addressKeys(address);
    // A proxy has the connections of all its clients.
    const isBounded = this.limits.areOn;
    if (isBounded && this.ofClients.of(client) >= this.maxPerClient && !isProxy) return this.refuse(socket);
    if (isBounded && this.bare.size >= this.maxInAll) this.refuseOldest();
    this.ofClients.add(client);
    this.bare.set(socket, client);
    socket.once('close', () => this.admitted(socket));
  }

  /** Closes the bare connection that is open longest: strangers who hold connections keep nobody else out. */
  private refuseOldest(): void {
    const [oldest] = this.bare.keys();
    this.admitted(oldest!);
    this.refuse(oldest!);
  }

  private refuse(socket: Socket): void {
    metrics.connectionsRefused.inc();
    socket.destroy();
  }
}

/** Open files that the system allows the process; a usual number where it does not say. */
function descriptorLimit(): number {
  // Without names of hosts, which would be looked up.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as unknown as { userLimits?: { open_files?: { soft: number | string } } };
  const limit = Number(userLimits?.open_files?.soft);
  return limit > 0 ? limit : 1_024;
}
