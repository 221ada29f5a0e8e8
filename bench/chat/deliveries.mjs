/** b. Durable deliveries at saturation: every message stored, acknowledged and delivered to all sockets of its room. */

import { CONTENT_BYTES, SOCKETS } from '../lib/load-shape.mjs';
import { sendMessageTemplate, uniquePrefix } from '../lib/wire/frames.mjs';
import { auditOrder, closeRooms, ClosedLoop, cpuPer, measureWindow, openRooms, sumOf, verifyDeliveries } from './load.mjs';
import { sleep } from '../lib/measure/stats.mjs';

/** Senders a room and events in flight each: enough that a further one adds latency only. */
export const SATURATION = {
  10: { sendersPerRoom: 2, inFlight: 10 },
  100: { sendersPerRoom: 10, inFlight: 10 },
  1000: { sendersPerRoom: 50, inFlight: 4 },
};

export const roomsOf = (members) => `rooms of ${members.toLocaleString('en')}`;

export const deliveries = {
  key: 'b',
  title: `Durable deliveries at saturation (${SOCKETS.toLocaleString('en')} sockets, ${CONTENT_BYTES}-byte messages)`,
  servers: ['product', 'yardstick'],
  columns: {
    deliveriesPerSecond: { label: 'deliveries/s', digits: 0 },
    sendsPerSecond: { label: 'sends/s', digits: 0 },
    serverMicros: { label: 'server CPU µs/delivery', digits: 2 },
    databaseMicros: { label: 'PostgreSQL CPU µs/delivery', digits: 2 },
    totalMicros: { label: 'CPU µs/delivery, both', digits: 2 },
    generatorMicros: { label: 'generator CPU µs/delivery', digits: 2 },
  },
  cases: ({ isQuick }) =>
    [10, 100, 1000].map((members) => ({
      world: { rooms: SOCKETS / members, members },
      params: { ...SATURATION[members], warmUpSeconds: isQuick ? 1 : 2, seconds: isQuick ? 2 : 5 },
    })),

  async measure(context) {
    const rooms = await openRooms(context);
    const orderProblems = auditOrder(rooms);
    const row = await saturate(context, rooms);
    row.problems.push(...orderProblems);
    closeRooms(rooms);
    return [row];
  },
};

/** Drives the rooms as fast as the acks come back and measures a window of it. */
export async function saturate(context, rooms) {
  const { sendersPerRoom, inFlight, warmUpSeconds, seconds } = context.params;
  const prefix = uniquePrefix();
  const senders = rooms.flatMap(({ id, clients }) => {
    const templates = [sendMessageTemplate(id, prefix, CONTENT_BYTES)];
    return clients.slice(0, sendersPerRoom).map((client) => ({ client, templates }));
  });
  const loop = new ClosedLoop(senders);
  const name = roomsOf(rooms[0].clients.length);
  loop.start(inFlight);
  await sleep(warmUpSeconds * 1000);
  const window = await measureWindow(context, name, seconds, () => ({ acks: sumOf(rooms, 'acks'), deliveries: sumOf(rooms, 'deliveries') }));
  const unanswered = await loop.stop();
  const { problems } = await verifyDeliveries(rooms);
  if (unanswered > 0) problems.push(`${unanswered} sends were never answered`);
  const figures = {
    deliveriesPerSecond: window.deliveries / window.seconds,
    sendsPerSecond: window.acks / window.seconds,
    ...cpuPer(window, window.deliveries),
  };
  context.progress(`${name}: ${Math.round(figures.deliveriesPerSecond)} deliveries/s, ${figures.totalMicros.toFixed(2)} µs each`);
  return { case: name, figures, problems };
}
