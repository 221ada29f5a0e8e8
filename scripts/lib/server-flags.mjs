import { totalmem } from 'node:os';

const MB = 2 ** 20;
const SMALLEST_MB = 16;
const LARGEST_MB = 128;

/**
 * Flags of Node.js for a server. Nearly all of its garbage is about a message that is gone in a moment: the larger the space for what is
 * new, the less of it is copied while it waits for the disk. It takes up to three such spaces, here 5% of the memory at most.
 */
export function serverFlags(memoryBytes = availableMemory()) {
  const share = 2 ** Math.floor(Math.log2(memoryBytes / MB / 64));
  return [`--max-semi-space-size=${Math.min(Math.max(share, SMALLEST_MB), LARGEST_MB)}`];
}

/** Of the machine, or of the container if that has less. */
function availableMemory() {
  return Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY);
}
