import { once } from 'node:events';
import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type AppSocket, connectionOf } from '../../src/platform/realtime/app-socket.js';
import { type AckId, readEvents } from '../../src/platform/realtime/event-reader.js';
import { type SocketIoServer, startSocketIo, type Transport } from '../support/socket-io.js';

const TRANSPORTS: Transport[] = ['websocket', 'polling'];

let server: SocketIoServer;
/** What the reader was handed, in order. */
let events: { payload: readonly unknown[]; ackId: AckId | undefined }[];
/** What reached the socket's own listeners. */
let stock: unknown[][];

beforeEach(async () => {
  events = [];
  stock = [];
  server = await startSocketIo('stock');
  server.io.on('connection', (socket: AppSocket) => {
    socket.onAny((...args: unknown[]) => void stock.push(args));
    readEvents(socket, (_socket, payload, ackId) => void events.push({ payload, ackId }), () => () => undefined);
  });
});

afterEach(() => server.close());

/** Resolves when the server has read all that the client has sent. */
async function read(count: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (events.length < count && performance.now() < deadline) await tick();
  // One too many would come now.
  for (let i = 0; i < 3; i++) await tick();
}

/** A connection on which the test writes Socket.IO’s packets itself. */
async function connectRaw(): Promise<{ webSocket: WebSocket; socket: AppSocket; send: (...packets: string[]) => void; ended: Promise<unknown> }> {
  const { webSocket, socket } = await server.connectPaused();
  webSocket.resume();
  return { webSocket, socket, send: (...packets) => packets.forEach((packet) => webSocket.send(`4${packet}`)), ended: once(webSocket, 'close') };
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('every event is handed over as it was sent, and to nobody else', async () => {
    const { client } = await server.connect(transport);
    const bodies = [undefined, null, 0, 'text', '["', '💬 你好 \u2028', { deep: [{ a: 1 }] }, [], 'x'.repeat(100_000)];
    for (const body of bodies) client.emit('event', ...(body === undefined ? [] : [body]));
    client.emit('several', 1, 2, 3);
    await read(bodies.length + 1);
    expect(events.map(({ payload }) => payload)).toEqual([...bodies.map((body) => (body === undefined ? ['event'] : ['event', body])), ['several', 1, 2, 3]]);
    expect(events.every(({ ackId }) => ackId === undefined)).toBe(true);
    expect(stock).toEqual([]);
  });

  it('what is answered under the ack’s id reaches who asked', async () => {
    const { client, socket } = await server.connect(transport);
    const answers = Array.from({ length: 12 }, (_, i) => client.emitWithAck('ask', i));
    client.emit('ask', Buffer.from([1]), () => undefined);
    await read(13);
    for (const { ackId, payload } of events) (socket as unknown as { packet(packet: object): void }).packet({ type: 3, nsp: '/', id: ackId, data: [payload[1]] });
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('events with binary keep their place among the others', async () => {
    const { client } = await server.connect(transport);
    for (let i = 0; i < 10; i++) {
      client.emit('event', i);
      client.emit('event', { i, bytes: Buffer.from([i]) });
    }
    await read(20);
    expect(events.map(({ payload }) => (typeof payload[1] === 'number' ? payload[1] : [...(payload[1] as { bytes: Buffer }).bytes]))).toEqual(
      Array.from({ length: 10 }, (_, i) => [i, [i]]).flat(),
    );
  });
});

describe('a connection', () => {
  it('is still told of by its first packet, and read after it has left and come again', async () => {
    const { send, socket } = await connectRaw();
    send('2["a"]', '1');
    await once(socket as never, 'disconnect');
    const again = once(server.io, 'connection');
    send('0');
    await again;
    send('27["b",{"x":1}]');
    await read(2);
    expect(events).toEqual([
      { payload: ['a'], ackId: undefined },
      { payload: ['b', { x: 1 }], ackId: '7' },
    ]);
    expect(connectionOf(socket).listeners('data' as never)).toHaveLength(1);
  });

  it('answers the pings of the server, and takes acks of what the server has asked', async () => {
    const { client, socket } = await server.connect('websocket');
    client.on('question', (answer: (text: string) => void) => answer('yes'));
    expect(await (socket as unknown as { emitWithAck(name: string): Promise<string> }).emitWithAck('question')).toBe('yes');
    expect(events).toEqual([]);
  });

  it.each(['2x', '2{}', '2[', '2["a"', '2[]', '2[null]', '2[{"a":1}]', '2-1["a"]', '2[1,2]x', '9["a"]', 'a'])('is ended by Socket.IO for %j, which is no event', async (packet) => {
    const { send, ended } = await connectRaw();
    send(packet, '2["never"]');
    await ended;
    expect(events).toEqual([]);
  });

  it('may send an event without a name, which its listener can judge', async () => {
    const { send } = await connectRaw();
    send('2', '21');
    await read(2);
    expect(events).toEqual([
      { payload: [], ackId: undefined },
      { payload: [], ackId: 1 },
    ]);
  });

  it('is ended when a text comes where binary is owed', async () => {
    const { send, ended } = await connectRaw();
    send('51-["bytes",{"_placeholder":true,"num":0}]', '2["never"]');
    await ended;
    expect(events).toEqual([]);
  });

  it('that enters another namespace is not taken for this one', async () => {
    server.io.of('/other');
    const { send, webSocket } = await connectRaw();
    send('0/other,');
    await once(webSocket, 'message');
    send('2/other,["elsewhere"]', '2["here"]');
    await read(1);
    expect(events).toEqual([{ payload: ['here'], ackId: undefined }]);
  });

  it('that has not entered yet is refused by Socket.IO', async () => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`);
    await once(webSocket, 'message');
    webSocket.send('42["too soon"]');
    await once(webSocket, 'close');
    expect(events).toEqual([]);
  });
});
