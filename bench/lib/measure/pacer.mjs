/**
 * Wakes the caller at planned times, more exactly than a timer (1 ms) and without burning a core.
 *
 * A worker sleeps on a futex until the next time is due and posts how many are due by then. The plan never waits for the
 * server (open loop), and latency is counted from the planned time: a server that stalls cannot hide it (coordinated omission).
 */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Planned times are multiples of this: it bounds how often the generator wakes. */
const GRID_MS = 0.25;

/** Monotonic and common to all threads, unlike `performance.now()`. */
const hrtimeMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Times in ms from 0 of a Poisson process: users do not arrive evenly, and bursts are part of what a p99 is about. */
export function poissonTimes(perSecond, seconds, random) {
  const times = [];
  for (let at = 0; at < seconds * 1000; ) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    times.push(Math.ceil(at / GRID_MS) * GRID_MS);
  }
  return Float64Array.from(times);
}

/** Calls `onDue(first, end)` for the planned times [first, end) as they come; resolves after the last. `onStart` gets time 0 as `performance.now()`. */
export async function pace(times, { startAfterMs = 100, onStart, onDue }) {
  const startsAtHrtimeMs = hrtimeMs() + startAfterMs;
  onStart(performance.now() + startAfterMs);
  const worker = new Worker(new URL(import.meta.url), { workerData: { times, startsAtHrtimeMs } });
  const { promise, resolve, reject } = Promise.withResolvers();
  let next = 0;
  worker.on('error', reject);
  worker.on('message', (due) => {
    onDue(next, due);
    next = due;
    if (due === times.length) resolve();
  });
  await promise;
  await worker.terminate();
}

function runWorker({ times, startsAtHrtimeMs }) {
  const never = new Int32Array(new SharedArrayBuffer(4));
  let due = 0;
  while (due < times.length) {
    const waitMs = startsAtHrtimeMs + times[due] - hrtimeMs();
    if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
    const elapsedMs = hrtimeMs() - startsAtHrtimeMs;
    const before = due;
    while (due < times.length && times[due] <= elapsedMs) due++;
    if (due > before) parentPort.postMessage(due);
  }
}

if (!isMainThread && workerData?.times) runWorker(workerData);
