import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { Problem, SocketError } from '../../src/protocol/errors.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { Crowd, type Person } from '../support/client.js';
import { createDatabase, serverAddress, type TestDatabase, throughPort } from '../support/database.js';
import { eventually, within } from '../support/eventually.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { holdChannel } from '../support/hold-channel.js';
import { whileFrozen } from '../support/processes.js';
import { endPrograms, JWT_SECRET, runProgram } from '../support/program.js';
import { Server } from '../support/server.js';
import { pollingHandshake, Wire } from '../support/wire.js';

/** As an application would have them, nothing set: whatever comes back does so by itself. */
const TRANSPORTS = [['websocket'], ['websocket'], ['polling'], ['polling'], ['polling', 'websocket'], ['polling', 'websocket']];
/** More than the burst of handshakes from one address. */
const STORM = 590;
const PATIENCE_MS = 60_000;

let database: TestDatabase;
const clients: Socket[] = [];

beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await endPrograms();
});
afterAll(() => database.drop());

const environment = (more: Record<string, string> = {}) => ({ NODE_ENV: 'test', DATABASE_URL: database.url, JWT_SECRET, RATE_LIMITS: 'off', ...more });

/** A stock client. */
function connect(person: Person, transports: string[], auth: object = {}): Socket {
  const client = io(person.origin, { auth: { token: person.token, ...auth }, transports, forceNew: true });
  clients.push(client);
  return client;
}

const isIn = (client: Socket) => (client.connected ? Promise.resolve() : once(client as never, 'connect'));
/** Whether it was refused at the first request or after it was open, it now waits for its next attempt. */
const triesAgain = (client: Socket) => new Promise((resolve) => client.io.once('reconnect_attempt', resolve));
const refusal = (client: Socket) => new Promise<SocketError>((resolve) => client.once('connect_error', (error) => resolve((error as Error & { data: SocketError }).data)));
/** Sessions that stand are remembered for a moment, and let clients in without PostgreSQL. */
const isAway = (person: Person) => eventually('the API answers 503', async () => (await person.call('GET', '/auth/me')).status === 503, PATIENCE_MS);

async function allComeBack(refused: Socket[]): Promise<void> {
  expect(refused.filter((client) => client.active)).toHaveLength(refused.length);
  await within('all are in', Promise.all(refused.map(isIn)), PATIENCE_MS);
}

describe('a stock client whose handshake is refused for a passing reason comes back by itself', () => {
  it('when PostgreSQL stood still', async () => {
    const server = await Server.start();
    try {
      const person = await new Crowd(server.url).person('frozen');
      const refused = await whileFrozen(server.postmasterPid, async () => {
        await isAway(person);
        const early = TRANSPORTS.map((transports) => connect(person, transports));
        await within('each tries again', Promise.all(early.map(triesAgain)), PATIENCE_MS);
        // Some of these are refused at their first request, since the server knows by now.
        const late = TRANSPORTS.map((transports) => connect(person, transports));
        await within('each of these too', Promise.all(late.map(triesAgain)), PATIENCE_MS);
        return [...early, ...late];
      });
      await allComeBack(refused);
    } finally {
      await server.remove();
    }
  });

  it('when PostgreSQL was away', async () => {
    const proxy = await FaultyProxy.start(serverAddress(database.url));
    const program = runProgram(environment({ DATABASE_URL: throughPort(database.url, proxy.port) }));
    const person = await new Crowd(await program.ready).person('away');
    proxy.refuse();
    proxy.reset();
    await isAway(person);
    const refused = TRANSPORTS.map((transports) => connect(person, transports));
    await within('each tries again', Promise.all(refused.map(triesAgain)), PATIENCE_MS);
    // They go on trying, so the server knows, for a second each time.
    await eventually('a first request is refused', async () => (await fetch(`${person.origin}/socket.io/?EIO=4&transport=polling`)).status === 503, PATIENCE_MS);
    proxy.heal();
    await allComeBack(refused);
    // Many refusals, one outage: the log is not filled by whoever tries.
    expect(program.log().filter(({ msg }) => msg === 'handshake failed').length).toBeLessThan(refused.length);
    await proxy.stop();
  });

  it(`when ${STORM} come at once, more than may`, async () => {
    const crowd = new Crowd(await runProgram(environment({ RATE_LIMITS: 'on' })).ready);
    const people = await crowd.group(...Array.from({ length: Math.ceil(STORM / LIMITS.socketsPerUser) }, () => 'storm'));
    const storm = Array.from({ length: STORM }, (_, i) => connect(people[i % people.length]!, TRANSPORTS[i % TRANSPORTS.length]!));
    await within('all are in', Promise.all(storm.map(isIn)), PATIENCE_MS);
    const metrics = await (await fetch(`${people[0]!.origin}/metrics`)).text();
    expect(metrics).toMatch(/^handshakes_refused_total\{code="RATE_LIMITED"\} [1-9]/m);
  });

  it('when its user has too many connections, and one of them ends', async () => {
    const person = await new Crowd(await runProgram(environment({ RATE_LIMITS: 'on' })).ready).person('many');
    const all = Array.from({ length: LIMITS.socketsPerUser }, () => connect(person, ['websocket']));
    await Promise.all(all.map(isIn));
    const surplus = [connect(person, ['websocket']), connect(person, ['polling'])];
    await within('they try again', Promise.all(surplus.map(triesAgain)), PATIENCE_MS);
    for (const client of all.slice(0, surplus.length)) client.disconnect();
    await allComeBack(surplus);
  });

  it('when the process drains, with 503 and a time to wait', async () => {
    const program = runProgram(environment());
    const person = await new Crowd(await program.ready).person('drained');
    const { id: roomId } = await person.post<{ id: string }>('/rooms', { name: 'Busy' });
    const socket = await person.connect();
    const holder = await holdChannel(database.url, roomId);
    const unanswered = socket.emit('send-message', { roomId, clientMsgId: 'held', content: 'held' });
    await holder.isWaitedFor();
    program.kill('SIGTERM');
    await socket.event('server-draining');
    const refused = [connect(person, ['websocket']), connect(person, ['polling'])];
    // All at once: the drain ends soon.
    const [answer, upgrade] = await Promise.all([fetch(`${person.origin}/socket.io/?EIO=4&transport=polling`), Wire.open(person.origin).catch((error: Error) => error.message), ...refused.map(refusal)]);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([503, 'application/problem+json', '1']);
    expect((await answer.json()) as Problem).toMatchObject({ code: 'UNAVAILABLE', status: 503 });
    expect(upgrade).toBe('refused: 503');
    expect(refused.map((client) => client.active)).toEqual([true, true]);
    await holder.release();
    await unanswered;
    expect(await program.ended).toBe(0);
    // The next process at this address lets them in.
    const next = runProgram(environment({ PORT: new URL(person.origin).port }));
    await next.ready;
    await allComeBack(refused);
  });
});

it('handshakes are counted by the address of the client, behind a trusted proxy as well', async () => {
  const origin = await runProgram(environment({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' })).ready;
  const handshake = (client: string) => pollingHandshake(origin, { 'x-forwarded-for': client });
  const statuses: number[] = [];
  while (!statuses.includes(429) && statuses.length < 5_000) statuses.push(...(await Promise.all(Array.from({ length: 50 }, () => handshake('203.0.113.7')))));
  expect(statuses).toContain(429);
  expect(await handshake('203.0.113.8')).toBe(200);
});

describe('a refusal that lasts', () => {
  it('is told once, with its code', async () => {
    const person = await new Crowd(await runProgram(environment()).ready).person('stranger');
    await person.call('POST', '/auth/logout-all');
    for (const transports of TRANSPORTS) {
      const client = connect(person, transports);
      expect(await within('the refusal', refusal(client))).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(client.active).toBe(false);
    }
  });
});

it('a client that reconnects by itself is told a passing reason, and how long to wait', async () => {
  const person = await new Crowd(await runProgram(environment({ RATE_LIMITS: 'on' })).ready).person('asks');
  const all = Array.from({ length: LIMITS.socketsPerUser }, () => connect(person, ['websocket']));
  await Promise.all(all.map(isIn));
  const surplus = connect(person, ['websocket'], { explainRefusals: true });
  expect(await within('the refusal', refusal(surplus))).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) as number });
});
