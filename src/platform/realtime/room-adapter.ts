import type { Socket as TcpSocket } from 'node:net';
import type { Namespace } from 'socket.io';
import { Adapter, type BroadcastOptions, type Room, type SocketId } from 'socket.io-adapter';
import { metrics } from '../metrics/metrics.js';
import { type AppSocket, connectionOf, type EngineConnection, queuedBytes } from './app-socket.js';
import { EncodedJson } from './encoded-json.js';
import type { AckId } from './event-reader.js';
import { type Frame, makeFrame } from './frame.js';

/** Beyond this backlog a client gets no volatile packets. */
const MAX_VOLATILE_BACKLOG_BYTES = 64 * 1024;
/** Beyond this one it does not keep up: it is closed, and resumes when it can. */
export const MAX_BACKLOG_BYTES = 2 * 1024 * 1024;
/** A packet that is larger may wait in the backlog on top of what else may: a whole page is no slowness of who gets it. */
const EXCUSED_FROM_BYTES = 256 * 1024;
/** RFC 6455 registry: try again later. */
const CLOSE_TRY_AGAIN_LATER = 1013;
const CLOSE_GRACE_MS = 5_000;
/** A batch of this size is not copied to be joined with another one. */
const MIN_SHARED_BYTES = 4 * 1024;
const WEBSOCKET_OPEN = 1;
const EVENT_PACKET = 2;
const ACK_PACKET = 3;

/** Socket.IO's encoder. More than one part means that the packet carries binary. */
interface Encoder {
  encode(packet: unknown): string[];
}

/** The frames of one room in one flush, joined once for all its sockets. */
class Batch {
  private joined: Buffer | undefined;
  private joinedDurable: Buffer | undefined;

  /** Sockets that do not get every frame: usually nobody. */
  private excepted: Set<SocketId> | undefined;

  /** Bytes of its largest frame, and of all. */
  largest = 0;
  size = 0;
  readonly frames: Frame[] = [];

  constructor(frames: readonly Frame[] = []) {
    for (const frame of frames) this.push(frame);
  }

  push(frame: Frame): void {
    this.frames.push(frame);
    if (frame.bytes.length > this.largest) this.largest = frame.bytes.length;
    this.size += frame.bytes.length;
    if (frame.except !== undefined) (this.excepted ??= new Set()).add(frame.except);
  }

  get firstOrder(): number {
    return this.frames[0]!.order;
  }

  get lastOrder(): number {
    return this.frames[this.frames.length - 1]!.order;
  }

  /** What this socket gets of it. */
  for(id: SocketId): Batch {
    return this.excepted?.has(id) ? new Batch(this.frames.filter(({ except }) => except !== id)) : this;
  }

  buffers(withVolatile: boolean): readonly Buffer[] {
    if (withVolatile) return [(this.joined ??= join(this.frames))];
    return [(this.joinedDurable ??= join(this.frames.filter((frame) => !frame.volatile)))];
  }
}

/** Batches that follow one another: written as the very buffers that other sockets get, too. */
class Sequence extends Batch {
  constructor(private readonly batches: readonly Batch[]) {
    super(batches.flatMap(({ frames }) => frames));
  }

  override for(id: SocketId): Batch {
    const batches = this.batches.map((batch) => batch.for(id));
    return batches.every((batch, i) => batch === this.batches[i]) ? this : new Sequence(batches);
  }

  override buffers(withVolatile: boolean): readonly Buffer[] {
    return this.batches.flatMap((batch) => batch.buffers(withVolatile));
  }
}

function join(frames: readonly Frame[]): Buffer {
  return frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map((frame) => frame.bytes));
}

type Target = AppSocket & { pendingBatches?: Batch | Batch[] | undefined };

/** What may wait for the socket before it counts as too slow. */
export function maxBacklogOf({ data }: AppSocket): number {
  return MAX_BACKLOG_BYTES + (data.excusedBytes ?? 0);
}

/**
 * Socket.IO's in-memory adapter, with another way to the wire: a packet is encoded once per room, the frames of a tick (of a commit) are
 * joined once, and every socket gets them in one write. The wire stays plain Socket.IO: same frames, fewer writes.
 *
 * What is not the simple case (exceptions, several rooms, binary, other namespaces' flags) takes the ordinary path, after a flush, so
 * that the order of emission is the order of arrival. So do sockets on HTTP long-polling, and those with packets queued in engine.io.
 */
export class RoomAdapter extends Adapter {
  private roomBatches = new Map<Room, Batch>();
  private socketBatches = new Map<Target, Batch>();
  private scheduled = false;
  /** When the oldest frame that waits for a room was emitted, which for entries is when they were committed. */
  private waitingSince = 0;
  private tooSlow: EngineConnection[] = [];
  private readonly packetEncoder: Encoder;
  private readonly flushNow = () => this.flush();

  constructor(private readonly namespace: Namespace) {
    super(namespace);
    this.packetEncoder = (namespace.server as unknown as { encoder: Encoder }).encoder;
  }

  /** Emits an event to everyone in the room, or to everyone but one socket. */
  emitTo(room: Room, packet: string, volatile = false, except?: SocketId): void {
    if (!this.rooms.has(room)) return;
    let batch = this.roomBatches.get(room);
    if (!batch) {
      if (this.roomBatches.size === 0) this.waitingSince = performance.now();
      this.roomBatches.set(room, (batch = new Batch()));
    }
    batch.push(makeFrame(packet, volatile, except));
    this.schedule();
  }

  /** Answers an event; the ack leaves in the same write as the frames of this tick, unless it carries binary. */
  ack(socket: AppSocket, id: AckId, answer: unknown): void {
    if (!socket.connected) return;
    if (isEncoded(answer)) return this.send(socket, `${ACK_PACKET}${id}[{"data":${answer.data.text}}]`);
    const packet = { type: ACK_PACKET, nsp: '/', id, data: [answer] };
    const encoded = this.packetEncoder.encode(packet);
    if (encoded.length === 1) this.send(socket, encoded[0]!);
    else (socket as unknown as { packet(packet: unknown): void }).packet(packet);
  }

  /** Emits to one socket, in the same write as the frames of this tick. */
  send(socket: AppSocket, packet: string): void {
    let batch = this.socketBatches.get(socket);
    if (!batch) this.socketBatches.set(socket, (batch = new Batch()));
    batch.push(makeFrame(packet, false));
    this.schedule();
  }

  override broadcast(packet: { type: number; data: unknown[]; nsp?: string }, opts: BroadcastOptions): void {
    const [room] = opts.rooms;
    const simple = opts.rooms.size === 1 && (opts.except === undefined || opts.except.size === 0) && packet.type === EVENT_PACKET;
    if (simple && room !== undefined && this.namespace.name === '/') {
      packet.nsp = '/';
      const encoded = this.packetEncoder.encode(packet);
      if (encoded.length === 1) return this.emitTo(room, encoded[0]!, opts.flags?.volatile === true);
    }
    this.flush();
    super.broadcast(packet, opts);
  }

  override broadcastWithAck(...args: Parameters<Adapter['broadcastWithAck']>): void {
    this.flush();
    super.broadcastWithAck(...args);
  }

  /** Who joins gets what is emitted from now on, not what waits for the flush; who leaves still gets what waits. */
  override addAll(id: SocketId, rooms: Set<Room>): void {
    for (const room of rooms) if (this.roomBatches.has(room)) this.flush();
    void super.addAll(id, rooms);
  }

  override del(id: SocketId, room: Room): void {
    if (this.roomBatches.has(room)) this.flush();
    void super.del(id, room);
  }

  /** Also the end of a connection, which needs no flush: nothing can be written to it any more. */
  override delAll(id: SocketId): void {
    const socket = this.namespace.sockets.get(id);
    if (socket && connectionOf(socket).readyState === 'open' && this.hasWaiting(id)) this.flush();
    super.delAll(id);
  }

  /** Hooks a socket in: its ordinary packets wait for our frames before them. */
  adopt(socket: AppSocket): void {
    // A client can leave the namespace and enter it again on the same connection.
    const connection = connectionOf(socket);
    if (!connection.listeners('packetCreate').includes(this.flushNow)) connection.on('packetCreate', this.flushNow);
  }

  /** Writes everything that waits. Runs at the end of the tick, or earlier when something must not overtake it. */
  flush(): void {
    if (this.roomBatches.size === 0 && this.socketBatches.size === 0) return;
    const rooms = this.roomBatches;
    const sockets = this.socketBatches;
    this.roomBatches = new Map();
    this.socketBatches = new Map();
    if (rooms.size === 1 && sockets.size === 0) {
      for (const [room, batch] of rooms) this.forEachSocket(room, (socket) => this.write(socket, batch));
    } else this.writeMerged(rooms, sockets);
    if (rooms.size > 0) metrics.deliverySeconds.observe((performance.now() - this.waitingSince) / 1000);
    this.closeTooSlow();
  }

  /** Only after everyone has been written to: listeners of a disconnection may emit, and that must not overtake. */
  private closeTooSlow(): void {
    if (this.tooSlow.length === 0) return;
    const connections = this.tooSlow;
    this.tooSlow = [];
    for (const connection of connections) closeSlow(connection);
  }

  private hasWaiting(id: SocketId): boolean {
    for (const room of this.sids.get(id) ?? []) if (this.roomBatches.has(room)) return true;
    return false;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private forEachSocket(room: Room, visit: (socket: Target) => void): void {
    for (const id of this.rooms.get(room) ?? []) {
      const socket = this.namespace.sockets.get(id) as Target | undefined;
      if (socket) visit(socket);
    }
  }

  /** Sockets may be in several of the rooms, or have packets of their own: each gets all its frames in order of emission, in one write. */
  private writeMerged(rooms: Map<Room, Batch>, sockets: Map<Target, Batch>): void {
    const touched: Target[] = [];
    const add = (socket: Target, batch: Batch) => {
      const pending = socket.pendingBatches;
      if (pending === undefined) {
        touched.push(socket);
        socket.pendingBatches = batch;
      } else if (Array.isArray(pending)) pending.push(batch);
      else socket.pendingBatches = [pending, batch];
    };
    // Acks follow the entries that they are about, so that in this order hardly anything has to be sorted.
    for (const [room, batch] of rooms) this.forEachSocket(room, (socket) => add(socket, batch));
    for (const [socket, batch] of sockets) add(socket, batch);
    for (const socket of touched) {
      const pending = socket.pendingBatches!;
      socket.pendingBatches = undefined;
      this.write(socket, Array.isArray(pending) ? merge(pending) : pending);
    }
  }

  private write(socket: AppSocket, whole: Batch): void {
    const connection = connectionOf(socket);
    if (connection.readyState !== 'open') return;
    const batch = whole.for(socket.id);
    if (batch.frames.length === 0) return;
    const raw = directSocket(connection);
    const backlog = raw ? raw.writableLength : queuedBytes(connection);
    if (socket.data.excusedBytes !== undefined && backlog <= MAX_VOLATILE_BACKLOG_BYTES) delete socket.data.excusedBytes;
    if (backlog > maxBacklogOf(socket)) return void this.tooSlow.push(connection);
    if (batch.largest > EXCUSED_FROM_BYTES) socket.data.excusedBytes = Math.max(socket.data.excusedBytes ?? 0, batch.largest);
    if (!raw) this.writeThroughEngine(connection, batch, backlog);
    else {
      const isIdle = backlog <= MAX_VOLATILE_BACKLOG_BYTES;
      if (!isIdle) countDropped(batch);
      writeAll(raw, batch.buffers(isIdle));
    }
  }

  /** Engine.io's own queue: keeps the order behind packets that wait there, and serves long-polling. */
  private writeThroughEngine(connection: EngineConnection, batch: Batch, backlog: number): void {
    for (const frame of batch.frames) {
      if (frame.volatile && backlog > MAX_VOLATILE_BACKLOG_BYTES) metrics.volatileDropped.inc();
      else connection.write(frame.packet, { wsPreEncodedFrame: [frame.bytes], compress: false });
    }
  }
}

function isEncoded(answer: unknown): answer is { data: EncodedJson } {
  return typeof answer === 'object' && answer !== null && (answer as { data?: unknown }).data instanceof EncodedJson;
}

/** One write, whatever is in it. */
function writeAll(raw: TcpSocket, buffers: readonly Buffer[]): void {
  if (buffers.length > 1) raw.cork();
  for (const buffer of buffers) if (buffer.length > 0) raw.write(buffer);
  if (buffers.length > 1) raw.uncork();
}

function merge(batches: readonly Batch[]): Batch {
  const isInOrder = batches.every((batch, i) => i === 0 || batches[i - 1]!.lastOrder < batch.firstOrder);
  if (isInOrder && batches.some(({ size }) => size >= MIN_SHARED_BYTES)) return new Sequence(batches);
  const frames: Frame[] = [];
  let isSorted = true;
  for (const batch of batches) {
    for (const frame of batch.frames) {
      if (isSorted && frames.length > 0 && frames[frames.length - 1]!.order > frame.order) isSorted = false;
      frames.push(frame);
    }
  }
  return new Batch(isSorted ? frames : frames.sort((a, b) => a.order - b.order));
}

/**
 * The TCP socket, when writing to it directly keeps the order: WebSocket, open, not being upgraded, and nothing queued in engine.io.
 * (`ws` hands over synchronously as long as perMessageDeflate is off, so what engine.io has sent is in the TCP socket already.)
 */
function directSocket(connection: EngineConnection): TcpSocket | undefined {
  const { transport } = connection;
  if (transport.name !== 'websocket' || connection.upgrading || connection.writeBuffer.length > 0) return undefined;
  const webSocket = transport.socket!;
  return webSocket.readyState === WEBSOCKET_OPEN ? (webSocket._socket ?? undefined) : undefined;
}

function countDropped(batch: Batch): void {
  for (const frame of batch.frames) if (frame.volatile) metrics.volatileDropped.inc();
}

/** Says why, frees the connection's state now, and its memory at the latest after the grace. */
export function closeSlow(connection: EngineConnection): void {
  metrics.slowDisconnects.inc();
  const webSocket = connection.transport.socket;
  webSocket?.close(CLOSE_TRY_AGAIN_LATER, 'too slow: reconnect and resume');
  connection.close(true);
  if (webSocket) setTimeout(() => webSocket.terminate(), CLOSE_GRACE_MS).unref();
}
