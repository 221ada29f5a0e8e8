/** What the scenarios share: sockets in rooms, a closed loop of sends, a measured window, and the proof that nothing was lost. */

import { SocketClient } from '../lib/wire/socket-client.mjs';
import { inParallel, sleep } from '../lib/measure/stats.mjs';
import { takeCounter, waitUntil } from '../lib/measure/window.mjs';
import { READ_PAUSE_MS, setReadPause } from '../lib/wire/read-pause.mjs';

export { cpuPer, measureWindow, takeCounter, waitUntil } from '../lib/measure/window.mjs';

const CONNECTS_IN_FLIGHT = 64;
const SETTLED_AFTER_MS = 300;
const SETTLE_TIMEOUT_MS = 15_000;
/** After the last expected delivery: time for one too many to show up. */
const SURPLUS_WAIT_MS = 200;
/** Order is checked on one socket in each of this many rooms; on all of them it would cost what it measures. */
const AUDITED_ROOMS = 10;
/** With this much in flight it is throughput that is measured, and the generator may read in batches. */
const BATCHED_READS_FROM_IN_FLIGHT = 100;
const SEQ_KEY = Buffer.from('"seq":');

/** Opens every socket of the world, joins it to its room and waits until the notices of joining have passed. */
export async function openRooms(context) {
  const seats = context.world.rooms.flatMap(({ id, tokens }) => tokens.map((token) => ({ roomId: id, token })));
  context.progress(`opening ${seats.length} sockets in ${context.world.rooms.length} rooms`);
  const clients = await inParallel(seats.length, CONNECTS_IN_FLIGHT, async (i) => {
    const client = await SocketClient.connect(context.port, seats[i].token);
    await client.request('room-join', { roomId: seats[i].roomId });
    return client;
  });
  await settle(clients);
  const rooms = new Map(context.world.rooms.map(({ id }) => [id, { id, clients: [] }]));
  clients.forEach((client, i) => rooms.get(seats[i].roomId).clients.push(client));
  for (const client of clients) client.deliveries = 0;
  return [...rooms.values()];
}

async function settle(clients) {
  const received = () => clients.reduce((sum, client) => sum + client.otherEvents + client.deliveries, 0);
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  for (let before = -1; before !== received() && performance.now() < deadline; ) {
    before = received();
    await sleep(SETTLED_AFTER_MS);
  }
}

export function closeRooms(rooms) {
  for (const { clients } of rooms) for (const client of clients) client.close();
}

/** Keeps `inFlight` unacknowledged events on one socket. All acks of one read are answered by one write. */
class ClosedLoopSender {
  sent = 0;
  #due = 0;
  #turn = 0;
  #isRunning = true;

  constructor(client, templates) {
    this.client = client;
    this.templates = templates;
    client.onAck = () => void this.#due++;
    client.onReadEnd = () => {
      if (this.#due > 0 && this.#isRunning) this.#send(this.#due);
      this.#due = 0;
    };
  }

  start(inFlight) {
    this.#send(inFlight);
  }

  stop() {
    this.#isRunning = false;
  }

  #send(count) {
    const template = this.templates[this.#turn++ % this.templates.length];
    const frames = Buffer.allocUnsafe(count * template.bytes);
    for (let i = 0; i < count; i++) template.writeTo(frames, i * template.bytes, takeCounter());
    this.client.write(frames);
    this.sent += count;
  }
}

/** Sends on every sender at once, as fast as the acks come back. `senders`: `{client, templates}`. */
export class ClosedLoop {
  constructor(senders) {
    this.clients = senders.map(({ client }) => client);
    this.senders = senders.map(({ client, templates }) => new ClosedLoopSender(client, templates));
    this.answeredBefore = this.#answered();
  }

  #answered() {
    return this.clients.reduce((sum, { acks, rejections }) => sum + acks + rejections, 0);
  }

  /** `inFlight` is each sender's. */
  start(inFlight) {
    if (inFlight * this.senders.length >= BATCHED_READS_FROM_IN_FLIGHT) setReadPause(READ_PAUSE_MS);
    for (const sender of this.senders) sender.start(inFlight);
  }

  /** Stops sending and waits for the acks that are still due. Returns how many never came. */
  async stop() {
    for (const sender of this.senders) sender.stop();
    const sent = this.senders.reduce((sum, sender) => sum + sender.sent, 0);
    const unanswered = () => sent - (this.#answered() - this.answeredBefore);
    await waitUntil(() => unanswered() === 0);
    setReadPause(0);
    return unanswered();
  }
}

export const sumOf = (rooms, key) => rooms.reduce((sum, { clients }) => clients.reduce((inner, client) => inner + client[key], sum), 0);

/** From now on some sockets check that seq grows by exactly one. Returns the list that their findings go into. */
export function auditOrder(rooms) {
  const problems = [];
  for (const { id, clients } of rooms.slice(0, AUDITED_ROOMS)) {
    let lastSeq = 0;
    clients.at(-1).inspectDeliveries((bytes, start) => {
      let at = bytes.indexOf(SEQ_KEY, start) + SEQ_KEY.length;
      let seq = 0;
      for (; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) seq = seq * 10 + bytes[at] - 0x30;
      if (lastSeq !== 0 && seq !== lastSeq + 1 && problems.length < 5) problems.push(`order: room ${id}: seq ${seq} after ${lastSeq}`);
      lastSeq = seq;
    });
  }
  return problems;
}

/**
 * Waits until every socket has what was acknowledged in its room, then counts: each member's deliveries must equal the
 * room's acks. Returns the sums and what is wrong, for the row's validity.
 */
export async function verifyDeliveries(rooms) {
  const ackedIn = ({ clients }) => clients.reduce((sum, { acks }) => sum + acks, 0);
  const isComplete = () => rooms.every((room) => room.clients.every(({ deliveries }) => deliveries >= ackedIn(room)));
  await waitUntil(isComplete);
  await sleep(SURPLUS_WAIT_MS);
  const result = { acked: 0, expected: 0, delivered: 0, problems: problemsOf(rooms) };
  for (const room of rooms) {
    const acked = ackedIn(room);
    result.acked += acked;
    result.expected += acked * room.clients.length;
    const wrong = room.clients.filter(({ deliveries }) => deliveries !== acked);
    result.delivered += room.clients.reduce((sum, { deliveries }) => sum + deliveries, 0);
    if (wrong.length > 0 && result.problems.length < 5) {
      result.problems.push(`room ${room.id}: ${acked} acked, but ${wrong.length} of ${room.clients.length} sockets received e.g. ${wrong[0].deliveries}`);
    }
  }
  return result;
}

/** Rejected events and broken sockets, the first few. */
export function problemsOf(rooms) {
  const problems = rooms.flatMap(({ clients }) => clients.map(({ problem }) => problem)).filter((problem) => problem !== null);
  return [...new Set(problems)].slice(0, 3);
}
