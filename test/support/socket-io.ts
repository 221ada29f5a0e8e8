import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { Adapter } from 'socket.io-adapter';
import { io as connect, type Socket as ClientSocket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { type AppSocket } from '../../src/platform/realtime/app-socket.js';
import { type AckId, readEvents } from '../../src/platform/realtime/event-reader.js';
import { RoomAdapter } from '../../src/platform/realtime/room-adapter.js';

export type Transport = 'websocket' | 'polling' | 'upgrade';
const TRANSPORTS: Record<Transport, string[]> = { websocket: ['websocket'], polling: ['polling'], upgrade: ['polling', 'websocket'] };

/** A stock client, the server's end of it, and everything the client has received, in order of arrival. */
export interface Connection {
  client: ClientSocket;
  socket: AppSocket;
  received: unknown[][];
  /** Resolves when the client has received everything that was emitted to it before this call. */
  settled(): Promise<void>;
}

/** A Socket.IO server on the loopback, with our adapter or the stock one. */
export interface SocketIoServer {
  io: Server;
  /** Only with our adapter. */
  adapter: RoomAdapter;
  port: number;
  connect(transport: Transport): Promise<Connection>;
  /** A client that speaks just enough of the protocol to be connected, and reads only when it is told to. */
  connectPaused(): Promise<{ webSocket: WebSocket; socket: AppSocket }>;
  close(): Promise<void>;
}

export async function startSocketIo(kind: 'ours' | 'stock'): Promise<SocketIoServer> {
  const http = createServer();
  const io = new Server(http, {
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 4_000_000,
    adapter: (kind === 'ours' ? RoomAdapter : Adapter) as never,
  });
  // As `Connections` does it. The client only hears that it is connected after this, so its first packet finds the socket adopted.
  if (kind === 'ours') {
    io.on('connection', (socket: AppSocket) => {
      adapterOf(io).adopt(socket);
      readEvents(socket, (asked, payload, ackId) => callListeners(adapterOf(io), asked, payload, ackId), () => () => undefined);
    });
  }
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const clients: ClientSocket[] = [];
  const webSockets: WebSocket[] = [];
  let fences = 0;

  return {
    io,
    get adapter() {
      return adapterOf(io);
    },
    port,
    async connect(transport) {
      const client = connect(`http://127.0.0.1:${port}`, { transports: TRANSPORTS[transport], forceNew: true, reconnection: false });
      clients.push(client);
      const received: unknown[][] = [];
      const fenced = new Map<number, () => void>();
      client.onAny((name: string, ...args: unknown[]) => {
        if (name === 'fence') fenced.get(args[0] as number)?.();
        else received.push([name, ...args]);
      });
      const [socket] = await Promise.all([nextSocket(io), once(client as never, 'connect')]);
      return {
        client,
        socket,
        received,
        settled: () => {
          const fence = ++fences;
          return new Promise((resolve) => {
            fenced.set(fence, resolve);
            socket.emit('fence', fence);
          });
        },
      };
    },
    async connectPaused() {
      const webSocket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
      webSockets.push(webSocket);
      webSocket.on('error', () => undefined);
      await once(webSocket, 'message');
      const connected = nextSocket(io);
      webSocket.send('40');
      await once(webSocket, 'message');
      webSocket.pause();
      return { webSocket, socket: await connected };
    },
    async close() {
      for (const client of clients) client.disconnect();
      for (const webSocket of webSockets) webSocket.terminate();
      await io.close();
    },
  };
}

/** Our way from an event to its ack, for listeners as a stock server has them. */
function callListeners(adapter: RoomAdapter, socket: AppSocket, [name, ...args]: readonly unknown[], ackId: AckId | undefined): void {
  const ack = ackId === undefined ? [] : [(answer: unknown) => adapter.ack(socket, ackId, answer)];
  for (const listener of socket.listeners(name as string)) listener(...args, ...ack);
}

function adapterOf(io: Server): RoomAdapter {
  return io.sockets.adapter as unknown as RoomAdapter;
}

function nextSocket(io: Server): Promise<AppSocket> {
  return new Promise((resolve) => void io.once('connection', (socket) => resolve(socket as unknown as AppSocket)));
}
