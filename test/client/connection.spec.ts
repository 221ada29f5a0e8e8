import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Auth } from '../../client/src/auth/auth.js';
import { Connection, type Status } from '../../client/src/connection/connection.js';
import { AtriumError } from '../../client/src/errors.js';
import { Value, when } from '../../client/src/store.js';
import type { User } from '../../src/protocol/users.js';
import { eventually, within } from '../support/eventually.js';

/** Timers may fire this much before their time. */
const EARLY_MS = 5;

let http: HttpServer;
let io: Server;
/** Connections in the order in which they came, and the tokens that they brought. */
let sockets: Socket[];
let tokens: unknown[];
/** What the handshake is answered with; undefined: nothing, ever. */
let admit: () => true | undefined | { code: string; retryAfterMs?: number };
/** What an event is answered with; undefined: nothing, ever. */
let answer: (name: string, body: unknown) => unknown;
let auth: { user: Value<User | null>; accessToken: ReturnType<typeof vi.fn>; refresh: ReturnType<typeof vi.fn>; renew: ReturnType<typeof vi.fn> };
let heard: string[];
let onConnected: (signal: AbortSignal) => Promise<void>;
let connection: Connection;

beforeEach(async () => {
  sockets = [];
  tokens = [];
  heard = [];
  admit = () => true;
  answer = () => ({ data: {} });
  http = createServer();
  io = new Server(http);
  io.use((socket, next) => {
    tokens.push(socket.handshake.auth['token']);
    const answered = admit();
    if (answered === true) next();
    else if (answered) next(Object.assign(new Error('refused'), { data: { message: 'refused', ...answered } }));
  });
  io.on('connection', (socket) => {
    sockets.push(socket);
    socket.onAny((name: string, body: unknown, ack: (answered: unknown) => void) => {
      heard.push(name);
      const answered = answer(name, body);
      if (answered !== undefined) ack(answered);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  auth = {
    user: new Value<User | null>({ id: 'ada' } as User),
    accessToken: vi.fn(() => Promise.resolve('token-1')),
    refresh: vi.fn(() => Promise.resolve('token-2')),
    renew: vi.fn(() => Promise.resolve('token-2')),
  };
  onConnected = () => Promise.resolve();
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  connection = new Connection(url, auth as unknown as Auth, {
    onEvent: (name) => heard.push(`event ${name}`),
    onConnected: (signal) => onConnected(signal),
  });
});
afterEach(async () => {
  await within('the connection stops', connection.stop());
  await io.close();
});

const reaches = (wanted: Status): Promise<Status> => within(`the status is ${wanted}`, when(connection.status, (status) => status === wanted));
const comes = (count: number): Promise<boolean> => eventually(`${count} connections have come`, () => tokens.length >= count);
const typing = { roomId: 'room', on: true };

describe('a request', () => {
  it('is answered, and its answer taken before what the server sends next', async () => {
    answer = (name) => {
      setImmediate(() => sockets[0]!.emit('after'));
      return { data: { answerTo: name } };
    };
    await connection.start();
    const answered = await connection.request('typing', typing, () => heard.push('answer'));
    await eventually('the event is here', () => heard.includes('event after'));
    expect(answered).toEqual({ answerTo: 'typing' });
    expect(heard).toEqual(['typing', 'answer', 'event after']);
  });

  it('that is refused throws what the server says', async () => {
    answer = () => ({ error: { code: 'RATE_LIMITED', message: 'slower', retryAfterMs: 70 } });
    await connection.start();
    await expect(connection.request('typing', typing)).rejects.toMatchObject({ name: 'AtriumError', code: 'RATE_LIMITED', retryAfterMs: 70 });
  });

  it('ends at once with its connection', async () => {
    answer = () => undefined;
    await connection.start();
    const asked = expect(connection.request('typing', typing)).rejects.toMatchObject({ code: 'NETWORK' });
    await eventually('it has arrived', () => heard.length > 0);
    sockets[0]!.conn.close();
    await within('it ends', asked);
    await expect(connection.request('typing', typing)).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('whose answer cannot be taken fails', async () => {
    await connection.start();
    const taken = connection.request('typing', typing, () => {
      throw new Error('a mistake');
    });
    await expect(taken).rejects.toMatchObject({ cause: new Error('a mistake') });
  });
});

describe('a device that loses its network', () => {
  it('says so at once, with a connection that looks open, and goes on trying', async () => {
    await connection.start();
    connection.networkLost();
    expect(connection.status.get()).toBe('offline');
    connection.retryNow();
    await comes(2);
    await reaches('live');
  });

  it('does not speak of attempts that it makes without a network', async () => {
    const statuses: Status[] = [];
    const { port } = http.address() as AddressInfo;
    const withoutNetwork = new Connection(`http://127.0.0.1:${port}`, auth as unknown as Auth, { onEvent: () => undefined, onConnected: () => Promise.resolve() }, () => false);
    withoutNetwork.status.subscribe(() => statuses.push(withoutNetwork.status.get()));
    await within('it is connected all the same', withoutNetwork.start());
    expect(statuses).toEqual(['live']);
    await withoutNetwork.stop();
  });
});

describe('connecting', () => {
  it('is over when it is caught up', async () => {
    let caughtUp: () => void = () => undefined;
    onConnected = () => new Promise((resolve) => (caughtUp = resolve));
    const started = connection.start();
    await eventually('it is connected', () => sockets.length > 0);
    expect(connection.status.get()).toBe('connecting');
    caughtUp();
    await started;
    expect(connection.status.get()).toBe('live');
  });

  it('begins again when catching up fails, or the connection breaks under it', async () => {
    const signals: AbortSignal[] = [];
    onConnected = (signal) => {
      signals.push(signal);
      if (signals.length === 1) return Promise.reject(new AtriumError('UNAVAILABLE', 'later'));
      if (signals.length > 2) return Promise.resolve();
      sockets.at(-1)!.conn.close();
      return new Promise(() => undefined);
    };
    await within('it is live', connection.start());
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  });

  it('is nothing for who is not signed in', async () => {
    auth.accessToken.mockResolvedValue(null);
    auth.user.set(null);
    await connection.start();
    expect([connection.status.get(), tokens]).toEqual(['offline', []]);
  });

  it('with a token that is refused brings a fresh one the next time', async () => {
    admit = () => (tokens.length > 1 ? true : { code: 'UNAUTHENTICATED' });
    auth.accessToken.mockResolvedValueOnce('token-1').mockResolvedValue('token-2');
    await within('it is live', connection.start());
    expect(auth.refresh.mock.calls).toEqual([['token-1']]);
    expect(tokens).toEqual(['token-1', 'token-2']);
  });

  it('waits as long as the server asks that refuses it', async () => {
    const times: number[] = [];
    admit = () => (times.push(performance.now()) > 1 ? true : { code: 'RATE_LIMITED', retryAfterMs: 700 });
    await within('it is live', connection.start());
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(700 - EARLY_MS);
  });

  it('waits as long as the server asks that refuses the first request, which is answered by HTTP', async () => {
    const times: number[] = [];
    const problem = JSON.stringify({ code: 'UNAVAILABLE', detail: 'shutting down', status: 503 });
    io.engine.opts.allowRequest = (request: IncomingMessage & { res?: ServerResponse }, answer: (reason: string | null, isAllowed: boolean) => void) => {
      if (!request.res) return answer(times.length > 1 ? null : 'no WebSocket', times.length > 1);
      times.push(performance.now());
      if (times.length > 1) return answer(null, true);
      request.res.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end(problem);
    };
    await within('it is live', connection.start());
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_000 - EARLY_MS);
  });

  it('does not wait when somebody looks', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
    admit = () => (tokens.length > 4 ? true : { code: 'UNAVAILABLE' });
    const started = connection.start();
    // Without that, the pauses would be 0.5, 1, 2 and 4 s.
    for (let count = 1; count <= 4; count++) {
      await comes(count);
      await reaches('offline');
      connection.retryNow();
    }
    await within('it is live', started, 2_000);
    vi.restoreAllMocks();
  });
});

describe('stopping', () => {
  it('ends a live connection, and it can start again', async () => {
    await connection.start();
    const stopped = connection.stop();
    expect(connection.status.get()).toBe('offline');
    await stopped;
    await eventually('the server knows', () => sockets[0]!.disconnected);
    await within('it is live again', connection.start());
    expect(tokens).toHaveLength(2);
  });

  it('does not wait for a token, and makes no connection when it comes', async () => {
    let bring: (token: string) => void = () => undefined;
    auth.accessToken.mockReturnValueOnce(new Promise((resolve) => (bring = resolve)));
    const started = connection.start();
    await within('it is stopped', connection.stop());
    await started;
    bring('late');
    await within('it is live', connection.start());
    expect(tokens).toEqual(['token-1']);
  });

  it('does not wait for a server that says nothing', async () => {
    admit = () => undefined;
    const started = connection.start();
    await comes(1);
    await within('it is stopped', connection.stop());
    await started;
    admit = () => true;
    await within('it is live', connection.start());
  });

  it('does not wait for the next attempt, nor for catching up', async () => {
    onConnected = () => new Promise(() => undefined);
    void connection.start();
    await eventually('it is connected', () => sockets.length > 0);
    await within('it is stopped', connection.stop());
    admit = () => ({ code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    void connection.start();
    await comes(2);
    await reaches('offline');
    await within('it is stopped', connection.stop());
  });

  it('and starting in one turn ends what was, and waits for what is wanted', async () => {
    await connection.start();
    void connection.stop();
    await within('it is live again', connection.start());
    expect(tokens).toHaveLength(2);
    await eventually('the first one has ended', () => sockets[0]!.disconnected);
  });
});

describe('what the server says of the connection', () => {
  it('that it shuts down: the client comes back when it was told to', async () => {
    await connection.start();
    sockets[0]!.emit('server-draining', { reconnectAfterMs: 800 });
    const closedAt = performance.now();
    sockets[0]!.conn.close();
    await reaches('offline');
    await comes(2);
    expect(performance.now() - closedAt).toBeGreaterThanOrEqual(800 - EARLY_MS);
    await reaches('live');
  });

  it('that the token ends: a fresh one goes over the same connection', async () => {
    await connection.start();
    sockets[0]!.emit('token-expiring', { inMs: 60_000 });
    await eventually('the token is there', () => heard.includes('auth-refresh'));
    expect(auth.renew).toHaveBeenCalledTimes(1);
    expect([tokens.length, connection.status.get()]).toEqual([1, 'live']);
  });

  it('that the session ended: the sign-in is looked into', async () => {
    await connection.start();
    sockets[0]!.emit('session-revoked', { reason: 'revoked' });
    await eventually('it is looked into', () => auth.renew.mock.calls.length > 0);
    auth.user.set(null);
    sockets[0]!.disconnect(true);
    await reaches('offline');
    connection.retryNow();
    await new Promise(setImmediate);
    expect(auth.accessToken, 'no other attempt').toHaveBeenCalledTimes(1);
  });
});
