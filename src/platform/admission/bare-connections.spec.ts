import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/config.js';
import { ClientAddresses } from '../http/client-address.js';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import { BareConnections } from './bare-connections.js';

class FewConnections extends BareConnections {
  protected override readonly maxInAll = 6;
  protected override readonly maxPerClient = 4;
}

let server: Server;
let connections: BareConnections;
/** The server's ends, in the order in which they came. */
let accepted: Socket[];
let clients: Socket[];

async function listen(trustProxy: boolean, areOn = true): Promise<void> {
  accepted = [];
  clients = [];
  server = createServer((socket) => void accepted.push(socket.on('error', () => undefined)));
  connections = new FewConnections(new ClientAddresses({ get: () => trustProxy } as unknown as Config), { areOn } as RateLimits);
  connections.watch(server as never);
  server.listen(0);
  await once(server, 'listening');
}

/** Connects from one of the machine's own addresses; resolves when the server has looked at it. */
async function open(from: string): Promise<Socket> {
  const looked = once(server, 'connection');
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress: from });
  clients.push(client.on('error', () => undefined));
  await looked;
  return client;
}
const openCount = () => accepted.filter(({ destroyed }) => !destroyed).length;

beforeEach(() => listen(false));
afterEach(() => {
  for (const socket of [...clients, ...accepted]) socket.destroy();
  server.close();
});

describe('connections of strangers', () => {
  it('are refused when one client has enough, and others are not', async () => {
    for (let i = 0; i < 5; i++) await open('127.0.0.1');
    expect(openCount()).toBe(4);
    await open('127.0.0.2');
    expect(openCount()).toBe(5);
    expect(accepted.map(({ destroyed }) => destroyed)).toEqual([false, false, false, false, true, false]);
  });

  it('give way, the oldest first, when there are enough in all', async () => {
    for (let i = 0; i < 4; i++) await open('127.0.0.1');
    for (let i = 0; i < 3; i++) await open('127.0.0.2');
    expect(accepted.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false, false, false, false]);
  });

  it('are free again for the client whose connection has ended', async () => {
    for (let i = 0; i < 4; i++) await open('127.0.0.1');
    const ended = once(accepted[0]!, 'close');
    clients[0]!.destroy();
    await ended;
    await open('127.0.0.1');
    expect(openCount()).toBe(4);
  });

  it('do not count any more when a user speaks on them', async () => {
    for (let i = 0; i < 4; i++) await open('127.0.0.1');
    connections.admitted(accepted[0]!);
    connections.admitted(accepted[0]!);
    await open('127.0.0.1');
    await open('127.0.0.1');
    expect(accepted.map(({ destroyed }) => destroyed)).toEqual([false, false, false, false, false, true]);
  });

  it('are not refused where rate limits are off', async () => {
    server.close();
    await listen(false, false);
    for (let i = 0; i < 8; i++) await open('127.0.0.1');
    expect(openCount()).toBe(8);
  });

  it('are not counted by client when a proxy has them', async () => {
    server.close();
    await listen(true);
    for (let i = 0; i < 6; i++) await open('127.0.0.1');
    expect(openCount()).toBe(6);
  });
});

describe('connections of a user', () => {
  it('are kept open up to a number, and count until they end', () => {
    const sockets = Array.from({ length: 65 }, () => ({ destroyed: false, once: (_event: string, end: () => void) => ends.push(end) }) as unknown as Socket);
    const ends: (() => void)[] = [];
    expect(sockets.map((socket) => connections.belongsTo(socket, 'ada'))).toEqual([...Array.from({ length: 64 }, () => true), false]);
    expect(connections.belongsTo(sockets[0]!, 'ben')).toBe(true);
    ends[3]!();
    expect(connections.belongsTo(sockets[64]!, 'ada')).toBe(true);
  });
});
