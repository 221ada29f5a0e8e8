import { once } from 'node:events';
import type { Socket as TcpSocket } from 'node:net';
import { setImmediate as tick } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { metrics } from '../../src/platform/metrics/metrics.js';
import { type AppSocket, connectionOf, queuedBytes } from '../../src/platform/realtime/app-socket.js';
import { encodeEvent, makeFrame } from '../../src/platform/realtime/frame.js';
import { MAX_BACKLOG_BYTES } from '../../src/platform/realtime/room-adapter.js';
import { type Connection, type SocketIoServer, startSocketIo, type Transport } from '../support/socket-io.js';

const TRANSPORTS: Transport[] = ['websocket', 'polling'];
const KB = 1024;
const MB = 1024 * KB;
/** The bound of `room-adapter.ts` for packets that may be dropped. */
const VOLATILE_BACKLOG_BYTES = 64 * KB;

/** What the types of ws leave out. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

let server: SocketIoServer;

beforeEach(async () => {
  server = await startSocketIo('ours');
});

afterEach(() => server.close());

const join = (socket: AppSocket, ...rooms: string[]) => void socket.join(rooms);
/** Everyone in the room, the way modules do it. */
const emitTo = (room: string, body: unknown, volatile = false) => server.adapter.emitTo(room, encodeEvent('e', body), volatile);
const bodies = (connection: Connection) => connection.received.map(([, body]) => body);
const range = (length: number) => Array.from({ length }, (_, i) => i);
const rawSocketOf = (socket: AppSocket) => connectionOf(socket).transport.socket!._socket!;
const disconnected = (socket: AppSocket) => new Promise<string>((resolve) => socket.once('disconnect', resolve as never));

async function counter(metric: { get(): Promise<{ values: { value: number }[] }> }): Promise<number> {
  return (await metric.get()).values[0]?.value ?? 0;
}

describe.each(TRANSPORTS)('the order of emission, over %s', (transport) => {
  it('holds across rooms, except-lists, everyone, single sockets, binary and volatile packets of one tick', async () => {
    const connection = await server.connect(transport);
    const { socket } = connection;
    join(socket, 'a', 'b');
    const { io } = server;
    emitTo('a', 0);
    io.to('a').emit('e', 1);
    socket.emit('e', 2);
    io.to('b').emit('e', 3);
    emitTo('b', 4);
    io.to(['a', 'b']).emit('e', 5);
    emitTo('a', 6);
    io.to('a').except('elsewhere').emit('e', 7);
    emitTo('b', 8);
    io.to('a').emit('e', 9, Buffer.from([9]));
    emitTo('a', 10);
    io.emit('e', 11);
    server.adapter.send(socket, encodeEvent('e', 12));
    emitTo('b', 13, true);
    socket.emit('e', 14, Buffer.from([14]), Buffer.from([15]));
    emitTo('a', 15);
    io.of('/').to('a').compress(true).emit('e', 16);
    await connection.settled();
    expect(bodies(connection)).toEqual(range(17));
    expect(Buffer.from(connection.received[9]![2] as Uint8Array)).toEqual(Buffer.from([9]));
    expect(connection.received[14]!.slice(2).map((part) => Buffer.from(part as Uint8Array)[0])).toEqual([14, 15]);
  });

  it('holds between acks and what is emitted around them', async () => {
    const connection = await server.connect(transport);
    const { client, socket, received } = connection;
    join(socket, 'a');
    socket.on('ask', ((i: number, ack: (answer: unknown) => void) => {
      emitTo('a', `before ${i}`);
      ack({ data: i });
      socket.emit('e', `single ${i}`);
      emitTo('a', `after ${i}`);
    }) as never);
    const asked = range(20).map((i) => new Promise<void>((resolve) => client.emit('ask', i, (answer: { data: number }) => (received.push(['ack', `ack ${answer.data}`]), resolve()))));
    await Promise.all(asked);
    await connection.settled();
    expect(bodies(connection)).toEqual(range(20).flatMap((i) => [`before ${i}`, `ack ${i}`, `single ${i}`, `after ${i}`]));
  });

  it('holds over many ticks', async () => {
    const connection = await server.connect(transport);
    join(connection.socket, 'a', 'b');
    for (const i of range(300)) {
      if (i % 7 === 0) connection.socket.emit('e', i);
      else if (i % 11 === 0) server.io.to(['a', 'b']).emit('e', i);
      else emitTo(i % 2 ? 'a' : 'b', i);
      if (i % 5 === 0) await tick();
    }
    await connection.settled();
    expect(bodies(connection)).toEqual(range(300));
  });

  it('gives who joins what is emitted from then on, and who leaves what was emitted until then', async () => {
    const [stays, joins, leaves, leavesAll] = [await server.connect(transport), await server.connect(transport), await server.connect(transport), await server.connect(transport)];
    for (const { socket } of [stays, leaves, leavesAll]) join(socket, 'a');
    emitTo('a', 'first');
    join(joins.socket, 'a');
    emitTo('a', 'second');
    void leaves.socket.leave('a');
    (leavesAll.socket as unknown as { leaveAll(): void }).leaveAll();
    emitTo('a', 'third');
    await Promise.all([stays, joins, leaves, leavesAll].map((connection) => connection.settled()));
    expect(bodies(stays)).toEqual(['first', 'second', 'third']);
    expect(bodies(joins)).toEqual(['second', 'third']);
    expect(bodies(leaves)).toEqual(['first', 'second']);
    expect(bodies(leavesAll)).toEqual(['first', 'second']);
  });

  it('honours exceptions, and sends a packet once to a socket in several rooms', async () => {
    const [sender, other] = [await server.connect(transport), await server.connect(transport)];
    for (const { socket } of [sender, other]) join(socket, 'a', 'b');
    emitTo('a', 0);
    sender.socket.to('a').emit('e', 1);
    sender.socket.to('a').volatile.emit('e', 2);
    server.io.to(['a', 'b']).emit('e', 3);
    server.io.to('a').except(other.socket.id).emit('e', 4);
    emitTo('a', 5);
    await Promise.all([sender.settled(), other.settled()]);
    expect(bodies(sender)).toEqual([0, 3, 4, 5]);
    // On this path a volatile packet is dropped while the transport is busy with the one before.
    expect(bodies(other).filter((body) => body !== 2)).toEqual([0, 1, 3, 5]);
  });

  it('leaves out one socket of a room, and drops nothing of a tick for the others', async () => {
    const [one, other] = [await server.connect(transport), await server.connect(transport)];
    for (const { socket } of [one, other]) join(socket, 'a', 'b');
    for (const room of ['a', 'b']) {
      server.adapter.emitTo(room, encodeEvent('e', `${room}1`), true, one.socket.id);
      emitTo(room, `${room}2`);
      server.adapter.emitTo(room, encodeEvent('e', `${room}3`), true, one.socket.id);
    }
    emitTo('a', 'last');
    await Promise.all([one.settled(), other.settled()]);
    expect(bodies(one)).toEqual(['a2', 'b2', 'last']);
    expect(bodies(other)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'last']);
  });

  it('closes with everything sent that was emitted before', async () => {
    const connection = await server.connect(transport);
    join(connection.socket, 'a');
    const gone = once(connection.client as never, 'disconnect');
    emitTo('a', 'last entry');
    server.adapter.send(connection.socket, encodeEvent('e', 'last answer'));
    connection.socket.disconnect(true);
    await gone;
    expect(bodies(connection)).toEqual(['last entry', 'last answer']);
  });
});

it('keeps the order and loses nothing while a client moves from long-polling to WebSocket', async () => {
  const seen = new Set<string>();
  let sent = 0;
  let emitting = true;
  const emitNext = (connection: ReturnType<typeof connectionOf>) => {
    seen.add(connection.upgrading ? 'upgrading' : connection.transport.name);
    emitTo('a', sent++);
  };
  server.io.on('connection', (socket) => {
    void socket.join('a');
    const connection = connectionOf(socket);
    const conn = socket.conn as unknown as { on(event: string, listener: () => void): void };
    for (const event of ['upgrading', 'upgrade', 'flush', 'drain']) conn.on(event, () => void (emitting && emitNext(connection)));
    emitNext(connection);
  });
  const connection = await server.connect('upgrade');
  const engine = connectionOf(connection.socket);
  while (engine.transport.name !== 'websocket' || sent < 500) {
    emitNext(engine);
    await tick();
  }
  emitting = false;
  await connection.settled();
  expect([...seen].sort()).toEqual(['polling', 'upgrading', 'websocket']);
  expect(bodies(connection)).toEqual(range(sent));
});

describe('the frames', () => {
  const LENGTHS = [1, 2, 114, 115, 116, 117, 125, 126, 127, 65_524, 65_525, 65_526, 65_535, 65_536, MB];
  const ALPHABETS = { ascii: 'a', accented: 'é', chinese: '漢', emoji: '😀', 'lone surrogate': '\ud800' };

  it.each(Object.entries(ALPHABETS))('are those of the ws library, whatever their length (%s)', (_name, letter) => {
    for (const length of LENGTHS) {
      const packet = encodeEvent('e', letter.repeat(Math.ceil(length / Buffer.byteLength(letter))));
      const expected = Sender.frame(Buffer.from(`4${packet}`), {
        fin: true,
        opcode: 1,
        mask: false,
        rsv1: false,
        readOnly: true,
      });
      expect(makeFrame(packet, false).bytes.equals(Buffer.concat(expected)), `${length} bytes`).toBe(true);
    }
  });

  it.each(TRANSPORTS)('are read by a stock client over %s: every size, alone and joined, emitted and acknowledged', async (transport) => {
    const connection = await server.connect(transport);
    const { client, socket } = connection;
    join(socket, 'a');
    const texts = LENGTHS.flatMap((length) => ['a'.repeat(length), '漢😀é'.repeat(Math.ceil(length / 9))]);
    for (const text of texts) {
      emitTo('a', text);
      await tick();
    }
    for (const text of texts.filter(({ length }) => length < 100_000)) emitTo('a', text);
    await connection.settled();
    expect(bodies(connection)).toEqual([...texts, ...texts.filter(({ length }) => length < 100_000)]);
    socket.on('echo', ((text: string, ack: (answer: unknown) => void) => ack(text)) as never);
    for (const text of texts) expect(await client.emitWithAck('echo', text)).toBe(text);
  });

  it('are one write for all packets of a tick', async () => {
    const connection = await server.connect('websocket');
    join(connection.socket, 'a', 'b');
    await connection.settled();
    const raw = rawSocketOf(connection.socket);
    let writes = 0;
    const write = raw.write.bind(raw);
    raw.write = ((...args: Parameters<typeof write>) => (writes++, write(...args))) as typeof write;
    for (const i of range(10)) emitTo(i % 2 ? 'a' : 'b', i);
    server.adapter.ack(connection.socket, 7, {});
    await tick();
    expect(writes).toBe(1);
    await connection.settled();
    expect(bodies(connection)).toEqual(range(10));
  });

  it('are not copied for each socket that gets something of its own after them, but leave in one write with it', async () => {
    const connections = [await server.connect('websocket'), await server.connect('websocket')];
    const written = connections.map(({ socket }) => {
      join(socket, 'a');
      const raw = rawSocketOf(socket);
      const calls: Buffer[][] = [];
      const writev = raw._writev!.bind(raw);
      raw._writev = (chunks: { chunk: Buffer; encoding: BufferEncoding }[], done) => {
        calls.push(chunks.map(({ chunk }) => chunk));
        writev(chunks, done);
      };
      return calls;
    });
    await Promise.all(connections.map((connection) => connection.settled()));
    for (const calls of written) calls.length = 0;
    for (const i of range(3)) emitTo('a', `${i}`.repeat(2 * KB));
    for (const { socket } of connections) server.adapter.send(socket, encodeEvent('e', 3));
    await tick();
    expect(written.map((calls) => calls.map((chunks) => chunks.length))).toEqual([[2], [2]]);
    expect(written[0]![0]![0]).toBe(written[1]![0]![0]);
    // What was emitted after it must not come before it: that is one copy for each.
    server.adapter.send(connections[0]!.socket, encodeEvent('e', 4));
    emitTo('a', '5'.repeat(5 * KB));
    server.adapter.send(connections[0]!.socket, encodeEvent('e', 6));
    for (const connection of connections) await connection.settled();
    const received = connections.map((connection) => bodies(connection).map((body) => Number(String(body)[0])));
    expect(received).toEqual([[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 5]]);
  });

  it('take any number of packets in one tick', async () => {
    const connection = await server.connect('websocket');
    join(connection.socket, 'a', 'b');
    for (const i of range(150_000)) emitTo('a', i);
    emitTo('b', 150_000);
    await connection.settled();
    expect(connection.received).toHaveLength(150_001);
    expect(bodies(connection).at(-1)).toBe(150_000);
  });
});

describe('acks', () => {
  it('carry binary as binary', async () => {
    const { client, socket } = await server.connect('websocket');
    join(socket, 'a');
    socket.on('ask', ((ack: (answer: unknown) => void) => ack({ data: { state: Buffer.from([1, 2, 3]), text: 'x' } })) as never);
    const { data } = (await client.emitWithAck('ask')) as { data: { state: Uint8Array; text: string } };
    expect([...data.state]).toEqual([1, 2, 3]);
    expect(data.text).toBe('x');
  });

  it('can still be given when an answer could not be encoded', async () => {
    const { client, socket } = await server.connect('websocket');
    socket.on('ask', ((ack: (answer: unknown) => void) => {
      expect(() => ack({ data: 1n })).toThrow(/BigInt/);
      ack({ error: 'INTERNAL_ERROR' });
    }) as never);
    expect(await client.emitWithAck('ask')).toEqual({ error: 'INTERNAL_ERROR' });
  });

  it('are not sent after the end of the connection', async () => {
    const { client, socket } = await server.connect('websocket');
    const asked = new Promise<(answer: unknown) => void>((resolve) => void socket.on('ask', resolve as never));
    client.emit('ask', () => undefined);
    const late = await asked;
    const end = disconnected(socket);
    client.disconnect();
    await end;
    expect(() => late(3)).not.toThrow();
    await tick();
  });
});

describe('a client that does not keep up', () => {
  it('is not sent what may be dropped, and is sent everything else in order', async () => {
    const { webSocket, socket } = await server.connectPaused();
    const healthy = await server.connect('websocket');
    for (const each of [socket, healthy.socket]) join(each, 'a');
    const dropped = await counter(metrics.volatileDropped);
    const text = 'x'.repeat(16 * KB);
    let sent = 0;
    // Until the kernel's buffers are full, nothing queues up in the process.
    while (queuedBytes(connectionOf(socket)) <= VOLATILE_BACKLOG_BYTES) {
      emitTo('a', [sent++, text]);
      await healthy.settled();
    }
    const durable = sent;
    for (const i of range(20)) {
      emitTo('a', [`volatile ${i}`, text], true);
      emitTo('a', [sent++, text]);
      await healthy.settled();
    }
    expect(queuedBytes(connectionOf(socket))).toBeLessThan(MAX_BACKLOG_BYTES);
    expect((await counter(metrics.volatileDropped)) - dropped).toBe(20);

    // The healthy one has got everything, the slow one all but the volatile.
    const expected = range(durable).map((i) => i as number | string).concat(range(20).flatMap((i) => [`volatile ${i}`, durable + i]));
    expect(bodies(healthy).map((body) => (body as unknown[])[0])).toEqual(expected);
    const got: unknown[] = [];
    await new Promise<void>((resolve) => {
      webSocket.on('message', (message: Buffer) => {
        const [, body] = JSON.parse(message.toString().slice(2)) as [string, [unknown]];
        got.push(body[0]);
        if (got.length === sent) resolve();
      });
      webSocket.resume();
    });
    expect(got).toEqual(range(sent));
  });

  it('is closed with its reason beyond the bound, having cost no more than that; others feel nothing', async () => {
    const { webSocket, socket } = await server.connectPaused();
    const [healthy, polling] = [await server.connect('websocket'), await server.connect('polling')];
    for (const each of [socket, healthy.socket, polling.socket]) join(each, 'a');
    const slowDisconnects = await counter(metrics.slowDisconnects);
    const text = 'x'.repeat(64 * KB);
    const closed = once(webSocket, 'close');
    let end: string | undefined;
    void disconnected(socket).then((reason) => (end = reason));
    let sent = 0;
    let peak = 0;
    while (end === undefined) {
      emitTo('a', [sent++, text]);
      await Promise.all([healthy.settled(), polling.settled()]);
      if (end === undefined) peak = Math.max(peak, queuedBytes(connectionOf(socket)));
    }
    expect(peak).toBeGreaterThan(MAX_BACKLOG_BYTES / 2);
    expect(peak).toBeLessThanOrEqual(MAX_BACKLOG_BYTES + 2 * text.length);
    expect((await counter(metrics.slowDisconnects)) - slowDisconnects).toBe(1);
    for (const each of [healthy, polling]) expect(bodies(each).map((body) => (body as unknown[])[0])).toEqual(range(sent));
    webSocket.resume();
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([1013, 'too slow: reconnect and resume']);
  });

  it('loses its connection for good when it never reads again', async () => {
    const { socket } = await server.connectPaused();
    join(socket, 'a');
    const raw = rawSocketOf(socket);
    const gone = once(raw, 'close');
    while (socket.connected) {
      emitTo('a', 'x'.repeat(256 * KB));
      await tick();
    }
    await gone;
    expect(raw.destroyed).toBe(true);
  });

  it('has the same bounds when it polls no more', async () => {
    const connection = await server.connect('polling');
    const { socket } = connection;
    join(socket, 'a');
    // Takes the place of the stock client's polling: it stops asking.
    (connection.client.io.engine as unknown as { transport: { doPoll(): void } }).transport.doPoll = () => undefined;
    let peak = 0;
    let volatile = 0;
    const text = 'x'.repeat(32 * KB);
    const dropped = await counter(metrics.volatileDropped);
    while (socket.connected) {
      emitTo('a', text);
      if (queuedBytes(connectionOf(socket)) > VOLATILE_BACKLOG_BYTES + 2 * text.length) volatile++;
      emitTo('a', 'volatile', true);
      await tick();
      peak = Math.max(peak, queuedBytes(connectionOf(socket)));
    }
    expect(peak).toBeGreaterThan(MAX_BACKLOG_BYTES / 2);
    expect(peak).toBeLessThanOrEqual(MAX_BACKLOG_BYTES + 2 * text.length);
    expect((await counter(metrics.volatileDropped)) - dropped).toBeGreaterThanOrEqual(volatile - 1);
  });

  it('is closed without disturbing the order of what the others get', async () => {
    // In front of the room, so that it is closed before the others are written to.
    const { socket } = await server.connectPaused();
    const others = [await server.connect('websocket'), await server.connect('polling')];
    for (const each of [socket, ...others.map((other) => other.socket)]) join(each, 'a');
    socket.on('disconnecting', () => server.io.to('a').except('nobody').emit('e', 'gone'));
    let sent = 0;
    const text = 'x'.repeat(128 * KB);
    while (socket.connected) {
      emitTo('a', [sent++, text]);
      await tick();
    }
    await Promise.all(others.map((other) => other.settled()));
    for (const other of others) expect(bodies(other).map((body) => (body === 'gone' ? body : (body as unknown[])[0]))).toEqual([...range(sent), 'gone']);
  });
});

describe('connections that end', () => {
  it('are passed over, however they end, and the others get everything', async () => {
    const [left, reset, stays] = [await server.connect('websocket'), await server.connect('websocket'), await server.connect('websocket')];
    for (const { socket } of [left, reset, stays]) join(socket, 'a');
    const ends = Promise.all([disconnected(left.socket), disconnected(reset.socket)]);
    emitTo('a', 0);
    left.client.disconnect();
    (reset.client.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } }).transport.ws._socket.resetAndDestroy();
    let sent = 1;
    let ended = false;
    void ends.then(() => (ended = true));
    while (!ended) {
      emitTo('a', sent++);
      await tick();
    }
    rawSocketOf(stays.socket).emit('drain'); // A stray event must not matter.
    emitTo('a', sent++);
    await stays.settled();
    expect(bodies(stays)).toEqual(range(sent));
    expect(server.io.sockets.adapter.rooms.get('a')?.size).toBe(1);
  });

  it('survive a write to a destroyed TCP socket', async () => {
    const [broken, stays] = [await server.connect('websocket'), await server.connect('websocket')];
    for (const { socket } of [broken, stays]) join(socket, 'a');
    const end = disconnected(broken.socket);
    rawSocketOf(broken.socket).destroy(new Error('broken by the test'));
    emitTo('a', 'still here');
    await stays.settled();
    expect(bodies(stays)).toEqual(['still here']);
    expect(await end).toMatch(/transport (error|close)/);
  });

  it('leave nothing behind when a client comes and goes on one connection', async () => {
    const { webSocket, socket } = await server.connectPaused();
    const engine = socket.conn as unknown as { listenerCount(event: string): number };
    webSocket.resume();
    let current = socket;
    for (let times = 0; times < 20; times++) {
      const left = disconnected(current);
      webSocket.send('41');
      await left;
      const connected = new Promise<AppSocket>((resolve) => void server.io.once('connection', (next) => resolve(next as unknown as AppSocket)));
      webSocket.send('40');
      current = await connected;
    }
    expect(engine.listenerCount('packetCreate')).toBe(1);
  });
});

describe('against the stock adapter', () => {
  const ROOMS = ['a', 'b', 'c'];
  const KINDS: Transport[] = ['websocket', 'polling', 'websocket'];
  const room = fc.constantFrom(...ROOMS);
  const rooms = fc.uniqueArray(room, { minLength: 1 });
  const client = fc.nat({ max: KINDS.length - 1 });
  const size = fc.constantFrom(1, 100, 130, 70_000);
  const step = fc.oneof(
    fc.record({ do: fc.constant('emitTo' as const), room, size }),
    fc.record({ do: fc.constant('emit' as const), rooms, size, binary: fc.boolean() }),
    fc.record({ do: fc.constant('except' as const), rooms, other: room, size }),
    fc.record({ do: fc.constant('others' as const), client, room, size }),
    fc.record({ do: fc.constant('all' as const), size }),
    fc.record({ do: fc.constant('single' as const), client, size, binary: fc.boolean() }),
    fc.record({ do: fc.constant('send' as const), client, size }),
    fc.record({ do: fc.constant('ack' as const), client, size, binary: fc.boolean() }),
    fc.record({ do: fc.constant('join' as const), client, rooms }),
    fc.record({ do: fc.constant('leave' as const), client, room }),
    fc.record({ do: fc.constant('leaveAll' as const), client }),
    fc.record({ do: fc.constant('move' as const), room, other: room }),
    fc.record({ do: fc.constant('tick' as const) }),
  );
  type Step = (typeof step extends fc.Arbitrary<infer S> ? S : never) | { do: 'tick' };

  interface Peer extends Connection {
    /** Acks that the client waits for. */
    pending: ((answer: unknown) => void)[];
    /** Called for each. */
    onAsked: () => void;
  }

  async function connectPeer(to: SocketIoServer, transport: Transport): Promise<Peer> {
    const connection = await to.connect(transport);
    const peer: Peer = { ...connection, pending: [], onAsked: () => undefined };
    connection.socket.on('ask', ((ack: (answer: unknown) => void) => {
      peer.pending.push(ack);
      peer.onAsked();
    }) as never);
    return peer;
  }

  /** The client asks for as many answers as the steps will give, before the first step. */
  async function prepare(peers: Peer[], steps: readonly Step[]): Promise<void> {
    for (const [i, peer] of peers.entries()) {
      for (const each of ROOMS) void peer.socket.leave(each);
      await peer.settled();
      peer.received.length = 0;
      peer.pending.length = 0;
      const wanted = steps.filter((each) => each.do === 'ack' && each.client === i).length;
      if (wanted === 0) continue;
      const asked = new Promise<void>((resolve) => {
        peer.onAsked = () => void (peer.pending.length === wanted && resolve());
      });
      for (let asks = 0; asks < wanted; asks++) peer.client.emit('ask', (answer: unknown) => peer.received.push(['ack', answer]));
      await asked;
    }
  }

  async function run(to: SocketIoServer, ours: boolean, peers: Peer[], steps: readonly Step[]): Promise<unknown[][][]> {
    await prepare(peers, steps);
    const { io } = to;
    for (const [i, each] of steps.entries()) {
      const body = 'size' in each ? `${i}:${'漢'.repeat(each.size / 3)}` : i;
      const extra = 'binary' in each && each.binary ? [Buffer.from(`binary ${i}`)] : [];
      const peer = 'client' in each ? peers[each.client]! : peers[0]!;
      if (each.do === 'emitTo') {
        if (ours) to.adapter.emitTo(each.room, encodeEvent('e', body));
        else io.to(each.room).emit('e', body);
      } else if (each.do === 'emit') io.to(each.rooms).emit('e', body, ...extra);
      else if (each.do === 'except') io.to(each.rooms).except(each.other).emit('e', body);
      else if (each.do === 'others') peer.socket.to(each.room).emit('e', body);
      else if (each.do === 'all') io.emit('e', body);
      else if (each.do === 'single') peer.socket.emit('e', body, ...extra);
      else if (each.do === 'send') {
        if (ours) to.adapter.send(peer.socket, encodeEvent('e', body));
        else peer.socket.emit('e', body);
      } else if (each.do === 'ack') peer.pending.shift()!(each.binary ? { body, extra } : { body });
      else if (each.do === 'join') void peer.socket.join(each.rooms);
      else if (each.do === 'leave') void peer.socket.leave(each.room);
      else if (each.do === 'leaveAll') (peer.socket as unknown as { leaveAll(): void }).leaveAll();
      else if (each.do === 'move') io.in(each.room).socketsJoin(each.other);
      else await tick();
    }
    await Promise.all(peers.map((peer) => peer.settled()));
    return peers.map((peer) => structuredClone(peer.received));
  }

  it('every client gets the same packets in the same order, whatever happens in whatever order', async () => {
    const stock = await startSocketIo('stock');
    try {
      const [ourPeers, stockPeers]: Peer[][] = [[], []];
      for (const transport of KINDS) {
        ourPeers!.push(await connectPeer(server, transport));
        stockPeers!.push(await connectPeer(stock, transport));
      }
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
          const begin: Step[] = KINDS.map((_, i) => ({ do: 'join', client: i, rooms: ROOMS.slice(0, i + 1) }));
          const [actual, expected] = await Promise.all([run(server, true, ourPeers!, [...begin, ...steps]), run(stock, false, stockPeers!, [...begin, ...steps])]);
          expect(actual).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    } finally {
      await stock.close();
    }
  });
});
