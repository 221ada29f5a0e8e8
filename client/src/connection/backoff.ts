const BASE_MS = 500;
export const MAX_DELAY_MS = 30_000;

/**
 * How long to wait before attempt number `attempt` (0, 1, 2 …): anything between nothing and a ceiling that doubles up to 30 s.
 * "Full jitter" (M. Brooker, Exponential Backoff And Jitter, AWS 2015): after an outage, clients come back spread over the whole time.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(MAX_DELAY_MS, BASE_MS * 2 ** Math.min(attempt, 16));
}
