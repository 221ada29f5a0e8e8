/** d. Acknowledged, validated events that store nothing: what the way in costs. */

import { EventTemplate } from '../lib/wire/frames.mjs';
import { sleep } from '../lib/measure/stats.mjs';
import { closeRooms, ClosedLoop, cpuPer, measureWindow, openRooms, problemsOf, sumOf } from './load.mjs';

const SOCKETS = 100;
const IN_FLIGHT = 10;

export const ingest = {
  key: 'd',
  title: `Acknowledged ingest: \`typing\` on ${SOCKETS} sockets, ${IN_FLIGHT} in flight each, each alone in its room`,
  servers: ['product', 'yardstick'],
  columns: {
    eventsPerSecond: { label: 'acked events/s', digits: 0 },
    serverMicros: { label: 'server CPU µs/event', digits: 1 },
    databaseMicros: { label: 'PostgreSQL CPU µs/event', digits: 1 },
    generatorMicros: { label: 'generator CPU µs/event', digits: 1 },
  },
  cases: ({ isQuick }) => [{ world: { rooms: SOCKETS, members: 1 }, params: { warmUpSeconds: isQuick ? 1 : 2, seconds: isQuick ? 2 : 5 } }],

  async measure(context) {
    const { warmUpSeconds, seconds } = context.params;
    const rooms = await openRooms(context);
    const senders = rooms.map(({ id, clients }) => ({
      client: clients[0],
      templates: [new EventTemplate('typing', { roomId: id, on: true }), new EventTemplate('typing', { roomId: id, on: false })],
    }));
    const loop = new ClosedLoop(senders);
    loop.start(IN_FLIGHT);
    await sleep(warmUpSeconds * 1000);
    const window = await measureWindow(context, 'typing', seconds, () => ({ acks: sumOf(rooms, 'acks') }));
    const unanswered = await loop.stop();
    const problems = problemsOf(rooms);
    if (unanswered > 0) problems.push(`${unanswered} events were never answered`);
    closeRooms(rooms);
    const figures = { eventsPerSecond: window.acks / window.seconds, ...cpuPer(window, window.acks) };
    context.progress(`${Math.round(figures.eventsPerSecond)} acked events/s`);
    return [{ case: 'typing', figures, problems }];
  },
};
