/** How Node runs the server: of `npm start` and of benchmarks. */

import { totalmem } from 'node:os';

const MEGABYTE = 1_048_576;
const MIN_LOG = 4;
const MAX_LOG = 6;

/**
 * A large young generation: nearly all that a server allocates is gone when its message is answered, and the rarer the collections, the
 * less is copied that is only under way. 64 MB a half, or a sixteenth of the memory where that is less. With 128 MB each pause is twice
 * as long, which a page that 50 people edit at once shows in its p99 (38 ms against 84, interleaved), for little more throughput.
 *
 * Buffers count with everything else. By default V8 marks the whole heap after every 64 MB of them, however young they are.
 */
export function serverFlags(memoryBytes = availableMemory()) {
  const log = Math.floor(Math.log2(memoryBytes / 16 / MEGABYTE));
  return [`--max-semi-space-size=${2 ** Math.min(Math.max(log, MIN_LOG), MAX_LOG)}`, '--external-memory-accounted-in-global-limit'];
}

/** The machine's, or the container's. */
function availableMemory() {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}
