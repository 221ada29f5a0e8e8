/** How attacks repeat themselves. */

import { sleep } from '../../lib/measure/stats.mjs';

const PAUSE_MS = 20;
const NO_ANSWER = 0;
const TOO_MANY_REQUESTS = 429;

/** Runs `attempt(lane, round)` in `width` lanes until `isOver()`. A lane that is refused pauses: an attacker gains nothing by spinning. */
export async function inLoops(width, isOver, attempt) {
  await Promise.all(
    Array.from({ length: width }, async (_, lane) => {
      for (let round = 0; !isOver(); round++) {
        const answer = await attempt(lane, round);
        if (answer?.status === NO_ANSWER || answer?.status === TOO_MANY_REQUESTS) await sleep(PAUSE_MS);
      }
    }),
  );
}
