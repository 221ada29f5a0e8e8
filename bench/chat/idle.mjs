/** e. Memory of idle, authenticated sockets. */

import { residentBytes } from '../lib/measure/cpu.mjs';
import { residentAfterCollection } from '../lib/measure/memory.mjs';
import { inParallel, sleep } from '../lib/measure/stats.mjs';
import { SocketClient } from '../lib/wire/socket-client.mjs';

const CONNECTS_IN_FLIGHT = 64;
/** Sockets opened and closed before the first reading, so that code and caches are not counted as sockets. */
const WARM_UP_SOCKETS = 500;

export const idle = {
  key: 'e',
  title: 'Memory of idle, authenticated sockets (resident bytes of the server process above those before)',
  servers: ['product', 'yardstick'],
  nodeOptions: ['--inspect=127.0.0.1:0'],
  columns: {
    kilobytesPerSocket: { label: 'KB/socket after a full GC', digits: 1 },
    kilobytesPerSocketAsIs: { label: 'KB/socket as it stands', digits: 1 },
    connectsPerSecond: { label: 'connects/s', digits: 0 },
    connectMicros: { label: 'server CPU µs/connect', digits: 0 },
  },
  cases: ({ isQuick }) => [{ world: {}, params: { sockets: isQuick ? 2000 : 10_000, settleSeconds: isQuick ? 2 : 5 } }],

  async measure(context) {
    const { sockets, settleSeconds } = context.params;
    for (const client of await connectAll(context, WARM_UP_SOCKETS)) client.close();
    await sleep(settleSeconds * 1000);
    const before = await residentAfterCollection(context);
    const [cpuBefore, startedAtMs] = [context.cpu.sample(), performance.now()];
    const clients = await connectAll(context, sockets);
    const connectSeconds = (performance.now() - startedAtMs) / 1000;
    const connectMicros = (context.cpu.sample().serverMicros - cpuBefore.serverMicros) / sockets;
    await sleep(settleSeconds * 1000);
    const asIsBytes = residentBytes(context.serverPid);
    const after = await residentAfterCollection(context);
    const problems = [...new Set(clients.map(({ problem }) => problem).filter(Boolean))].slice(0, 3);
    for (const client of clients) client.close();
    const figures = {
      kilobytesPerSocket: (after - before) / 1024 / sockets,
      kilobytesPerSocketAsIs: (asIsBytes - before) / 1024 / sockets,
      connectsPerSecond: sockets / connectSeconds,
      connectMicros,
    };
    context.progress(`${sockets} sockets: ${figures.kilobytesPerSocket.toFixed(1)} KB each (${figures.kilobytesPerSocketAsIs.toFixed(1)} before a GC)`);
    return [{ case: `${sockets.toLocaleString('en')} sockets`, figures, problems }];
  },
};

function connectAll(context, count) {
  const { tokens } = context.world;
  return inParallel(count, CONNECTS_IN_FLIGHT, (i) => SocketClient.connect(context.port, tokens[i % tokens.length]));
}
