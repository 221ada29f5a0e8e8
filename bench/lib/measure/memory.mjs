/** Memory of the server under test. */

import { residentBytes } from './cpu.mjs';
import { sleep } from './stats.mjs';

const SETTLE_MS = 500;

/** Resident bytes after full collections; without one a reading shows mostly when the last one ran. */
export async function residentAfterCollection(context) {
  await context.withInspector(async (inspector) => {
    await inspector.collectGarbage();
    await inspector.collectGarbage();
  });
  await sleep(SETTLE_MS);
  return residentBytes(context.serverPid);
}
