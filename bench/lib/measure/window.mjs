/** Measured windows: what happened in some seconds, and what it cost. */

import { sleep } from './stats.mjs';

const DRAIN_TIMEOUT_MS = 20_000;
const DRAIN_POLL_MS = 50;

/** Unique in this process; see EventTemplate. */
let nextCounter = 0;
export const takeCounter = () => nextCounter++;

/** Gives up silently after a while: the caller counts what is missing. */
export async function waitUntil(isDone) {
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  while (!isDone() && performance.now() < deadline) await sleep(DRAIN_POLL_MS);
}

/** What happened in `seconds`: the differences of `counts()` and of the CPU times, and the seconds it really took. */
export function measureWindow(context, label, seconds, counts) {
  return context.profiled(label, async () => {
    const before = { ...context.cpu.sample(), ...counts(), atMs: performance.now() };
    await sleep(seconds * 1000);
    const after = { ...counts(), atMs: performance.now(), ...context.cpu.sample() };
    const difference = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
    return { ...difference, seconds: difference.atMs / 1000 };
  });
}

/** CPU µs per item of a window, by process. */
export function cpuPer(window, items) {
  return {
    serverMicros: window.serverMicros / items,
    databaseMicros: window.databaseMicros / items,
    totalMicros: (window.serverMicros + window.databaseMicros) / items,
    generatorMicros: window.generatorMicros / items,
  };
}

/**
 * How busy the load generator was, and all that belongs neither to it nor to the server, in % of one core. A generator that takes a
 * whole core has measured itself.
 */
export function shareOfCore(window) {
  const percent = (micros) => micros / window.seconds / 1e4;
  return {
    generatorPercent: percent(window.generatorMicros),
    othersPercent: Math.max(0, percent(window.machineMicros - window.serverMicros - window.databaseMicros - window.generatorMicros)),
  };
}
