/**
 * Interrupt moderation for the load generator: after a round of reads it sleeps a moment before it polls again.
 *
 * Without it the kernel wakes the generator for nearly every frame, inside the server's own `write`: on two cores that
 * doubles the generator's cost per frame and takes a third of the server's throughput. For saturation only: it adds its
 * length to every latency.
 */

/** What throughput measurements use. */
export const READ_PAUSE_MS = 0.25;

const neverSignalled = new Int32Array(new SharedArrayBuffer(4));
let pauseMs = 0;
let isScheduled = false;

/** 0 switches it off. Holds for all sockets of the process. */
export function setReadPause(ms) {
  pauseMs = ms;
}

/** Called on every read; sleeps once, after the reads of this turn of the event loop. */
export function afterRead() {
  if (pauseMs === 0 || isScheduled) return;
  isScheduled = true;
  setImmediate(pause);
}

function pause() {
  Atomics.wait(neverSignalled, 0, 0, pauseMs);
  isScheduled = false;
}
