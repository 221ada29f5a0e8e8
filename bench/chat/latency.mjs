/** c. Send → ack and send → deliver at a planned rate (open loop), counted from the planned time of each send. */

import { ACK_COUNTERS, CONTENT_MARK, COUNTER_DIGITS, sendMessageTemplate, uniquePrefix } from '../lib/wire/frames.mjs';
import { pace, poissonTimes } from '../lib/measure/pacer.mjs';
import { READ_PAUSE_MS, setReadPause } from '../lib/wire/read-pause.mjs';
import { Samples, seededRandom } from '../lib/measure/stats.mjs';
import { closeRooms, openRooms, takeCounter, verifyDeliveries, waitUntil } from './load.mjs';
import { CONTENT_BYTES, SOCKETS } from '../lib/load-shape.mjs';
import { roomsOf, SATURATION, saturate } from './deliveries.mjs';

const MEMBERS = 100;
/** Deliveries timed at most: above it only a share of the sockets is looked at, so that looking stays cheap. */
const TIMED_DELIVERIES_PER_SECOND = 20_000;
/** From this rate on the generator reads in batches, or it would be the bottleneck; latencies then include up to READ_PAUSE_MS. */
const BATCHED_READS_FROM_DELIVERIES_PER_SECOND = 100_000;

export const latency = {
  key: 'c',
  title: `Latency in rooms of ${MEMBERS} (${SOCKETS.toLocaleString('en')} sockets; Poisson arrivals, open loop, from the planned time)`,
  servers: ['product', 'yardstick'],
  columns: {
    ackP50Ms: { label: 'ack p50 ms', digits: 2 },
    ackP99Ms: { label: 'ack p99 ms', digits: 2 },
    deliverP50Ms: { label: 'deliver p50 ms', digits: 2 },
    deliverP99Ms: { label: 'deliver p99 ms', digits: 2 },
    sendsPerSecond: { label: 'sends/s', digits: 0 },
    generatorLateP99Ms: { label: 'generator late p99 ms', digits: 2 },
  },
  cases: ({ isQuick, measured }) => [
    {
      world: { rooms: SOCKETS / MEMBERS, members: MEMBERS },
      params: {
        ...SATURATION[MEMBERS],
        warmUpSeconds: 1,
        seconds: isQuick ? 2 : 3,
        lowRates: [
          { name: '2,000 deliveries/s', sendsPerSecond: 2000 / MEMBERS, seconds: isQuick ? 4 : 15 },
          { name: '200 sends/s', sendsPerSecond: 200, seconds: isQuick ? 4 : 10 },
        ],
        halfName: 'half of saturation',
        halfSeconds: isQuick ? 3 : 8,
        /** Of scenario b in the same run, when it ran. */
        saturatedSendsPerSecond: measured?.b?.[roomsOf(MEMBERS)]?.sendsPerSecond ?? null,
      },
    },
  ],

  async measure(context) {
    const { lowRates, halfName, halfSeconds } = context.params;
    const rooms = await openRooms(context);
    // Code that has not run yet is slow: a short burst first, as any server that is up has had.
    const warmUp = await saturate(context, rooms);
    const saturated = context.params.saturatedSendsPerSecond ?? warmUp.figures.sendsPerSecond;
    const rates = [...lowRates, { name: halfName, sendsPerSecond: saturated / 2, seconds: halfSeconds }];
    const rows = [];
    for (const rate of rates) rows.push(await measureRate(context, rooms, rate));
    closeRooms(rooms);
    return rows;
  },
};

async function measureRate(context, rooms, rate) {
  const random = seededRandom(7);
  const times = poissonTimes(rate.sendsPerSecond, rate.seconds, random);
  const timing = new Timing(times);
  timing.watch(rooms, rate.sendsPerSecond * MEMBERS);
  const prefix = uniquePrefix();
  const templates = rooms.map(({ id }) => sendMessageTemplate(id, prefix, CONTENT_BYTES));
  const send = (planned) => {
    const room = planned % rooms.length;
    const sender = rooms[room].clients[Math.floor(random() * rooms[room].clients.length)];
    const frame = Buffer.allocUnsafe(templates[room].bytes);
    templates[room].writeTo(frame, 0, timing.counterFor(planned));
    sender.write(frame);
  };
  if (rate.sendsPerSecond * MEMBERS >= BATCHED_READS_FROM_DELIVERIES_PER_SECOND) setReadPause(READ_PAUSE_MS);
  await context.profiled(rate.name, () =>
    pace(times, {
      onStart: (atMs) => timing.start(atMs),
      onDue: (first, end) => {
        timing.late(first);
        for (let planned = first; planned < end; planned++) send(planned);
      },
    }),
  );
  // Behind schedule an ack may take longer than the whole measurement; only one that never comes is a fault.
  await waitUntil(() => timing.acks.count >= times.length);
  setReadPause(0);
  const { problems } = await verifyDeliveries(rooms);
  if (timing.acks.count !== times.length) problems.push(`${times.length - timing.acks.count} of ${times.length} sends were never acknowledged`);
  timing.unwatch(rooms);
  const figures = { ...timing.figures(), sendsPerSecond: times.length / rate.seconds };
  context.progress(`${rate.name}: ack p50 ${figures.ackP50Ms.toFixed(2)}, p99 ${figures.ackP99Ms.toFixed(2)} ms; deliver p99 ${figures.deliverP99Ms.toFixed(2)} ms`);
  return { case: rate.name, figures, problems };
}

/** Maps a message's counter back to its planned time, and collects what acks and deliveries took. */
class Timing {
  acks = new Samples();
  #deliveries = new Samples();
  #lateness = new Samples();
  #firstCounter = -1;
  #startedAtMs = 0;
  /** Where the mark was in the last delivery: nearly always where it is in the next. */
  #markOffset = 0;

  constructor(times) {
    this.times = times;
  }

  start(atMs) {
    this.#startedAtMs = atMs;
  }

  counterFor(planned) {
    const counter = takeCounter();
    if (planned === 0) this.#firstCounter = counter;
    return counter;
  }

  #elapsedSince(planned) {
    return performance.now() - this.#startedAtMs - this.times[planned];
  }

  late(planned) {
    this.#lateness.add(this.#elapsedSince(planned));
  }

  /** Times every ack, and the deliveries of as many sockets of each room as the rate allows. */
  watch(rooms, deliveriesPerSecond) {
    const share = Math.min(1, TIMED_DELIVERIES_PER_SECOND / deliveriesPerSecond);
    const timedPerRoom = Math.max(1, Math.round(MEMBERS * share));
    for (const { clients } of rooms) {
      for (const client of clients) client.onAck = (counter) => this.acks.add(this.#elapsedSince((counter - (this.#firstCounter % ACK_COUNTERS) + ACK_COUNTERS) % ACK_COUNTERS));
      for (const client of clients.slice(-timedPerRoom)) client.inspectDeliveries((bytes, start) => this.#delivered(bytes, start));
    }
  }

  unwatch(rooms) {
    for (const { clients } of rooms) for (const client of clients) client.stopInspecting();
  }

  #delivered(bytes, start) {
    let at = start + this.#markOffset;
    if (bytes[at] !== CONTENT_MARK[0] || bytes[at + 1] !== CONTENT_MARK[1]) at = bytes.indexOf(CONTENT_MARK, start);
    this.#markOffset = at - start;
    let counter = 0;
    for (let i = 0; i < COUNTER_DIGITS; i++) counter = counter * 10 + bytes[at + CONTENT_MARK.length + i] - 0x30;
    const planned = counter - this.#firstCounter;
    if (planned >= 0 && planned < this.times.length) this.#deliveries.add(this.#elapsedSince(planned));
  }

  figures() {
    const [ackP50Ms, ackP99Ms] = this.acks.percentiles(50, 99);
    const [deliverP50Ms, deliverP99Ms] = this.#deliveries.percentiles(50, 99);
    const [generatorLateP99Ms] = this.#lateness.percentiles(99);
    return { ackP50Ms, ackP99Ms, deliverP50Ms, deliverP99Ms, generatorLateP99Ms };
  }
}
