/** A closed loop of requests, for the scenarios that ask and wait: throughput, percentiles, CPU per request. */

import { Samples } from '../lib/measure/stats.mjs';
import { cpuPer } from './load.mjs';

/**
 * Keeps one request in flight per entry of `askers` for `seconds`. An asker is an async function that throws when the answer
 * is wrong. Returns figures; a wrong answer ends the loop and is thrown.
 */
export async function measureRequests(context, label, askers, { seconds, warmUpSeconds }) {
  await loop(askers, warmUpSeconds, new Samples());
  return context.profiled(label, async () => {
    const samples = new Samples();
    const before = context.cpu.sample();
    const startedAtMs = performance.now();
    await loop(askers, seconds, samples);
    const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
    const after = context.cpu.sample();
    const window = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
    const [p50Ms, p99Ms] = samples.percentiles(50, 99);
    return { perSecond: samples.count / elapsedSeconds, p50Ms, p99Ms, ...cpuPer(window, samples.count) };
  });
}

async function loop(askers, seconds, samples) {
  const deadline = performance.now() + seconds * 1000;
  const run = async (ask) => {
    for (let startedAtMs = performance.now(); startedAtMs < deadline; ) {
      await ask();
      const now = performance.now();
      samples.add(now - startedAtMs);
      startedAtMs = now;
    }
  };
  await Promise.all(askers.map(run));
}

/** The columns of every request scenario. */
export const requestColumns = (noun) => ({
  perSecond: { label: `${noun}s/s`, digits: 0 },
  p50Ms: { label: 'p50 ms', digits: 2 },
  p99Ms: { label: 'p99 ms', digits: 2 },
  serverMicros: { label: `server CPU µs/${noun}`, digits: 0 },
  databaseMicros: { label: `PostgreSQL CPU µs/${noun}`, digits: 0 },
});
