import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntriesAnswer } from '../../src/protocol/entries.js';
import type { History } from '../../src/protocol/messages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { Crowd, type Person } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { audit, type Channel, type Delivery } from '../support/ledger.js';
import { LoadClient, toDelivery } from '../support/load-client.js';
import { whileFrozen } from '../support/processes.js';
import { Random } from '../support/random.js';
import { Server } from '../support/server.js';

const KILLS = Number(process.env['FAULT_ROUNDS'] ?? 10);
const FREEZE_MS = 5_000;
const MEMBERS = 6;
const ROOMS = 3;
const PAGE = 200;

const random = new Random();
let server: Server;
let people: Person[];
let rooms: string[];
let clients: LoadClient[];

beforeAll(async () => {
  process.stdout.write(`faults: TEST_SEED=${random.seed}\n`);
  server = await Server.start();
  const crowd = new Crowd(server.url);
  people = [];
  for (let i = 0; i < MEMBERS; i++) people.push(await crowd.person('load'));
  rooms = [];
  for (let i = 0; i < ROOMS; i++) rooms.push(await roomOf(people));
  clients = people.map((person, i) => new LoadClient(`member-${i}`, server.url, person.token, rooms, random));
});

afterAll(async () => {
  for (const client of clients ?? []) client.close();
  await server?.remove();
});

async function roomOf([owner, ...members]: Person[]): Promise<string> {
  const { id } = await owner!.post<MyRoom>('/rooms', { name: 'Load', isPrivate: true });
  for (const member of members) await owner!.put(`/rooms/${id}/members/${member.id}`, { role: 'member' });
  return id;
}

const acked = () => clients.reduce((sum, client) => sum + client.acked, 0);

/** Waits until some more sends have been acknowledged: the load is on, or on again. */
async function untilAckedMore(count: number): Promise<void> {
  const before = acked();
  await eventually(`${count} more acks`, () => acked() >= before + count, 30_000);
}

/** Runs the fault while everyone sends; then everyone comes to rest, and the books are compared. */
async function underLoad(fault: () => Promise<void>): Promise<void> {
  for (const client of clients) client.startSending();
  await untilAckedMore(20);
  await fault();
  await untilAckedMore(20);
  await Promise.all(clients.map((client) => client.stopSending()));
  await expectIntact();
}

async function expectIntact(): Promise<void> {
  const channels = await Promise.all(rooms.map(readChannel));
  for (const { channelId, entries } of channels) {
    const last = entries.length === 0 ? 0 : entries.at(-1)!.seq;
    await eventually(`everyone has entry ${last} of ${channelId}`, () => clients.every((client) => client.lastSeq(channelId) >= last));
  }
  const sends = clients.flatMap((client) => client.sends);
  const findings = audit({ sends, streams: clients.flatMap((client) => [...client.streams.values()]) }, channels);
  const found = Object.fromEntries(Object.entries(findings).filter(([, list]) => list.length > 0));
  expect(found, `TEST_SEED=${random.seed}`).toEqual({});
  expect(clients.flatMap((client) => client.resets)).toEqual([]);
  expect(sends.map((send) => send.outcome).filter((outcome) => outcome !== 'ok')).toEqual([]);
  expect(channels.flatMap(({ history }) => history)).toHaveLength(sends.length);
}

/** Everything of a room, as REST tells it to a member. */
async function readChannel(channelId: string): Promise<Channel> {
  const reader = people[0]!;
  const entries: Delivery[] = [];
  for (let complete = false; !complete; ) {
    const answer: EntriesAnswer = await reader.get<EntriesAnswer>(`/rooms/${channelId}/entries?after=${entries.at(-1)?.seq ?? 0}&limit=${PAGE}`);
    if ('reset' in answer) throw new Error('the journal has no beginning');
    entries.push(...answer.entries.map(toDelivery));
    complete = answer.complete;
  }
  const history: Delivery[] = [];
  for (let hasAfter = true; hasAfter; ) {
    const page: History = await reader.get<History>(`/rooms/${channelId}/messages?after=${history.at(-1)?.seq ?? 0}&limit=${PAGE}`);
    history.push(...page.items.map(({ seq, clientMsgId, content }) => ({ seq, opId: clientMsgId!, content: content! })));
    hasAfter = page.hasAfter;
  }
  return { channelId, entries, history };
}

const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status;
const isReady = () => eventually('the server is ready', async () => (await statusOf('/readyz')) === 200);

describe('nothing acknowledged is lost, nothing is stored or delivered twice or out of order', () => {
  it(`P1–P4: when the server is killed ${KILLS} times in the middle of sends`, async () => {
    await underLoad(async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        await eventually('everyone is connected', () => clients.every((client) => client.connected));
        await untilAckedMore(20 + random.below(200));
        await server.end('SIGKILL');
        await server.launch();
      }
    });
    for (const client of clients) expect(client.disconnects).toBeGreaterThanOrEqual(KILLS);
  });

  it('P1–P4, P9: when PostgreSQL is killed', async () => {
    const disconnects = clients.map((client) => client.disconnects);
    await underLoad(async () => {
      for (let kill = 0; kill < 2; kill++) {
        const killed = server.postmasterPid;
        process.kill(killed, 'SIGKILL');
        await eventually('PostgreSQL is started again', () => server.postmasterPid !== killed);
        await untilAckedMore(20);
      }
    });
    expect(clients.map((client) => client.disconnects)).toEqual(disconnects);
    await isReady();
  });

  it(`P9: when PostgreSQL stands still for ${FREEZE_MS / 1000} s`, async () => {
    const disconnects = clients.map((client) => client.disconnects);
    const ends = (await Promise.all(rooms.map(readChannel))).map(({ channelId, entries }) => [channelId, entries.at(-1)?.seq ?? 0] as const);
    const probe = new LoadClient('probe', server.url, people[0]!.token, rooms, random, new Map(ends));
    clients.push(probe);
    await eventually('the probe is connected', () => probe.connected);
    // Both are in the ledger, so that the audit finds them, and finds them once.
    const [sent, posted] = [probe.compose(), probe.compose()];
    const post = { clientMsgId: posted.opId, content: posted.content };
    await underLoad(() =>
      whileFrozen(server.postmasterPid, async () => {
        const thaw = pause(FREEZE_MS);
        // All of this happens while nothing answers.
        const answer = await probe.attempt(sent);
        expect(answer?.error?.code).toBe('UNAVAILABLE');
        expect((await probe.attempt(sent))?.error?.code).toBe('UNAVAILABLE');
        expect((await people[0]!.call('POST', `/rooms/${posted.channelId}/messages`, { body: post })).status).toBe(503);
        expect(await statusOf('/readyz')).toBe(503);
        expect(await statusOf('/livez')).toBe(200);
        await thaw;
        expect(clients.every((client) => client.connected)).toBe(true);
      }).then(async () => {
        await probe.settle(sent);
        await probe.settle(posted);
      }),
    );
    expect(clients.slice(0, MEMBERS).map((client) => client.disconnects)).toEqual(disconnects);
    await isReady();
  });

  it('P10: when the server is asked to stop', async () => {
    await underLoad(async () => {
      expect(await server.end('SIGTERM')).toBe(0);
      await server.launch();
    });
    for (const client of clients) expect(client.drains).toBe(1);
  });
});
