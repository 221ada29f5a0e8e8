import { once } from 'node:events';
import { type AddressInfo, connect, type NetConnectOpts, createServer, type Server, type Socket } from 'node:net';
import type { Random } from './random.js';

/** What can happen to a connection. Stalled ones go on when the proxy heals; of half-open ones both ends then learn that they are lost. */
const FAULTS = ['stall', 'halfOpen', 'reset', 'close', 'cut'] as const;
export type Fault = (typeof FAULTS)[number];

/** Chunks that wait for their time, in both directions of one connection. */
class Link {
  private isStalled = false;
  private isDead = false;
  private bytesLeft = Number.POSITIVE_INFINITY;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly delayMs: () => number,
    private readonly onPassed: (link: Link, chunk: Buffer) => void,
  ) {
    this.pipe(client, server);
    this.pipe(server, client);
  }

  /** Both directions stop, and nobody is told. */
  stall(): void {
    this.isStalled = true;
    for (const socket of [this.client, this.server]) socket.pause();
  }

  /** As `stall`, for good. */
  halfOpen(): void {
    this.stall();
    this.isDead = true;
  }

  reset(): void {
    for (const socket of [this.client, this.server]) resetSocket(socket);
  }

  close(): void {
    for (const socket of [this.client, this.server]) socket.destroy();
  }

  /** Closes it after so many more bytes, perhaps in the middle of a frame. */
  cut(afterBytes: number): void {
    this.bytesLeft = afterBytes;
  }

  heal(): void {
    this.bytesLeft = Number.POSITIVE_INFINITY;
    if (this.isDead) return this.reset();
    this.isStalled = false;
    for (const socket of [this.client, this.server]) socket.resume();
  }

  private pipe(from: Socket, to: Socket): void {
    // Chunks of one direction keep their order: each waits for the one before it.
    let turn = Promise.resolve();
    const inTurn = (work: () => void): void => {
      // Late is not slow: chunks that come together leave together.
      const dueAt = performance.now() + this.delayMs();
      turn = turn.then(async () => {
        const leftMs = dueAt - performance.now();
        if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
        work();
      });
    };
    from.on('data', (chunk: Buffer) => inTurn(() => this.pass(chunk, from, to)));
    from.on('end', () => inTurn(() => to.end()));
    // A reset is an event like any other here; what matters is that the other side gets it too.
    from.on('error', () => inTurn(() => resetSocket(to)));
    from.on('close', () => inTurn(() => to.destroy()));
  }

  private pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (this.isDead || !to.writable) return;
    this.bytesLeft -= chunk.length;
    if (this.bytesLeft < 0) {
      to.end(chunk.subarray(0, chunk.length + this.bytesLeft));
      return this.close();
    }
    const hasRoom = to.write(chunk);
    if (from === this.server) this.onPassed(this, chunk);
    if (hasRoom) return;
    from.pause();
    to.once('drain', () => {
      if (!this.isStalled) from.resume();
    });
  }
}

/** A Unix socket knows no reset: its other end hears that it is closed. */
function resetSocket(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}

/** A TCP proxy in front of a server, which does to its connections what bad networks do. */
export class FaultyProxy {
  private readonly links = new Set<Link>();
  private isRefusing = false;
  private latencyMs = 0;
  private jitterMs = 0;
  private trap: { readonly said: string; readonly spring: () => void } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: NetConnectOpts,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** In front of a port of this machine, or of any other address. */
  static async start(target: number | NetConnectOpts): Promise<FaultyProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultyProxy(server, typeof target === 'number' ? { port: target, host: '127.0.0.1' } : target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections that are open now, whatever their state. */
  get connections(): number {
    return this.links.size;
  }

  stall(): void {
    for (const link of this.links) link.stall();
  }
  halfOpen(): void {
    for (const link of this.links) link.halfOpen();
  }
  /** The first connection on which the server says this (in one piece, and not compressed) is half open from then on; resolves when it is. */
  halfOpenOnce(said: string): Promise<void> {
    return new Promise((spring) => (this.trap = { said, spring }));
  }
  reset(): void {
    for (const link of this.links) link.reset();
  }
  close(): void {
    for (const link of this.links) link.close();
  }
  cut(afterBytes: number): void {
    for (const link of this.links) link.cut(afterBytes);
  }

  /** Every chunk takes so much longer, and up to `jitterMs` on top. */
  delay(latencyMs: number, jitterMs = 0): void {
    this.latencyMs = latencyMs;
    this.jitterMs = jitterMs;
  }

  /** New connections are reset at once. */
  refuse(): void {
    this.isRefusing = true;
  }

  /** Does something to some of the connections, as `random` decides; returns what. */
  misbehave(random: Random, share: number): Fault {
    const fault = random.pick(FAULTS);
    for (const link of this.links) if (random.next() < share) link[fault](random.below(5_000));
    return fault;
  }

  /** A good network from now on. */
  heal(): void {
    this.isRefusing = false;
    this.delay(0);
    for (const link of this.links) link.heal();
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const link of this.links) link.reset();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.isRefusing) return void client.resetAndDestroy();
    const server = connect({ ...this.target, allowHalfOpen: true });
    for (const socket of [client, server]) socket.setNoDelay(true);
    const link = new Link(client, server, () => this.latencyMs + Math.random() * this.jitterMs, (passing, chunk) => this.watch(passing, chunk));
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
  }

  private watch(link: Link, chunk: Buffer): void {
    if (!this.trap || !chunk.includes(this.trap.said)) return;
    link.halfOpen();
    this.trap.spring();
    this.trap = undefined;
  }
}
