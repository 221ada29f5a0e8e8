/** a. Durable sends in rooms of two: what one process stores and acknowledges. */

import { sendMessageTemplate, uniquePrefix } from '../lib/wire/frames.mjs';
import { auditOrder, closeRooms, ClosedLoop, cpuPer, measureWindow, openRooms, sumOf, verifyDeliveries } from './load.mjs';
import { CONTENT_BYTES } from '../lib/load-shape.mjs';
import { sleep } from '../lib/measure/stats.mjs';

export const sends = {
  key: 'a',
  title: 'Durable sends in direct rooms (a sender and a receiver; an ack is a commit)',
  servers: ['product', 'yardstick'],
  columns: {
    sendsPerSecond: { label: 'sends/s', digits: 0 },
    serverMicros: { label: 'server CPU µs/send', digits: 1 },
    databaseMicros: { label: 'PostgreSQL CPU µs/send', digits: 1 },
    generatorMicros: { label: 'generator CPU µs/send', digits: 1 },
  },
  cases: ({ isQuick }) =>
    [1, 100, 1000].map((rooms) => ({
      world: { rooms, members: 2, direct: true },
      params: { inFlight: [1, 10, 100], warmUpSeconds: isQuick ? 0.5 : 1, seconds: isQuick ? 1.5 : 3 },
    })),

  async measure(context) {
    const rooms = await openRooms(context);
    const orderProblems = auditOrder(rooms);
    const rows = [];
    for (const inFlight of context.params.inFlight) rows.push(await measureInFlight(context, rooms, inFlight));
    rows[0].problems.push(...orderProblems);
    closeRooms(rooms);
    return rows;
  },
};

async function measureInFlight(context, rooms, inFlight) {
  const { warmUpSeconds, seconds } = context.params;
  const prefix = uniquePrefix();
  const name = `${inFlight} in flight a sender, ${rooms.length} room${rooms.length === 1 ? '' : 's'}`;
  const loop = new ClosedLoop(rooms.map(({ id, clients }) => ({ client: clients[0], templates: [sendMessageTemplate(id, prefix, CONTENT_BYTES)] })));
  loop.start(inFlight);
  await sleep(warmUpSeconds * 1000);
  const window = await measureWindow(context, name, seconds, () => ({ acks: sumOf(rooms, 'acks') }));
  const unanswered = await loop.stop();
  const { problems } = await verifyDeliveries(rooms);
  if (unanswered > 0) problems.push(`${unanswered} sends were never answered`);
  const figures = { sendsPerSecond: window.acks / window.seconds, ...cpuPer(window, window.acks) };
  context.progress(`${name}: ${Math.round(figures.sendsPerSecond)} sends/s`);
  return { case: name, figures, problems };
}
