/**
 * What is told to many sockets costs a write to each of them, in the kernel, and hardly more when several things are told at a time. So
 * the more there are, the further apart they are told: about as many writes a millisecond as this, but at least fifty times a second.
 */
const WRITES_PER_MS = 2.5;
const MAX_PAUSE_MS = 20;
/** Shorter pauses are not worth a timer. */
export const MIN_PAUSE_MS = 2;

/** Milliseconds from one write to so many sockets to the next; 0 for none. */
export function fanOutPauseMs(sockets: number): number {
  const pause = Math.min(sockets / WRITES_PER_MS, MAX_PAUSE_MS);
  return pause < MIN_PAUSE_MS ? 0 : pause;
}
