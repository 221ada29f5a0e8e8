/** Measures the load generator: CPU µs per received frame, and that it counts every frame, against a server that only writes. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CONTENT_BYTES } from './load-shape.mjs';
import { inParallel, sleep } from './measure/stats.mjs';
import { freePort } from './servers/process.mjs';
import { READ_PAUSE_MS, setReadPause } from './wire/read-pause.mjs';
import { SocketClient } from './wire/socket-client.mjs';

const BLASTER_SCRIPT = fileURLToPath(new URL('./blaster.mjs', import.meta.url));
const SOCKETS = 100;
/** A server that writes each delivery by itself, and ones that write many at once. */
const FRAMES_PER_WRITE = [1, 10, 100];
const WARM_UP_SECONDS = 0.5;
const SECONDS = 1.5;
const DRAIN_TIMEOUT_MS = 10_000;

/** One row per size of write: `{framesPerWrite, framesPerSecond, microsPerFrame, userMicrosPerFrame, isExact}`. */
export async function runSelfTest(log) {
  const rows = [];
  for (const framesPerWrite of FRAMES_PER_WRITE) {
    const row = await measureReading(framesPerWrite);
    rows.push(row);
    const exactness = row.isExact ? 'every frame counted' : 'FRAMES MISCOUNTED';
    log(`generator: ${row.microsPerFrame.toFixed(3)} µs a frame (${row.userMicrosPerFrame.toFixed(3)} outside the kernel) at ${framesPerWrite} frames a write (${Math.round(row.framesPerSecond)}/s, ${exactness})`);
  }
  return rows;
}

async function measureReading(framesPerWrite) {
  const port = await freePort();
  const blaster = fork(BLASTER_SCRIPT, [String(port), String(framesPerWrite), String(CONTENT_BYTES)], { execArgv: [] });
  await once(blaster, 'message');
  setReadPause(READ_PAUSE_MS);
  const clients = await inParallel(SOCKETS, 16, () => SocketClient.connect(port, 'none'));
  const received = () => clients.reduce((sum, { deliveries }) => sum + deliveries, 0);
  blaster.send('start');
  await sleep(WARM_UP_SECONDS * 1000);
  const [framesBefore, cpuBefore, startedAtMs] = [received(), process.cpuUsage(), performance.now()];
  await sleep(SECONDS * 1000);
  const [frames, cpu, seconds] = [received() - framesBefore, process.cpuUsage(cpuBefore), (performance.now() - startedAtMs) / 1000];
  blaster.send('stop');
  const [{ written }] = await once(blaster, 'message');
  for (const deadline = performance.now() + DRAIN_TIMEOUT_MS; received() < written && performance.now() < deadline; ) await sleep(20);
  setReadPause(0);
  const isExact = received() === written;
  for (const client of clients) client.close();
  blaster.disconnect();
  await once(blaster, 'exit');
  return { framesPerWrite, framesPerSecond: frames / seconds, microsPerFrame: (cpu.user + cpu.system) / frames, userMicrosPerFrame: cpu.user / frames, isExact };
}
