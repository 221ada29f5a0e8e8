const POLL_MS = 10;
export const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Waits until `find` returns something true; what it throws meanwhile counts as "not yet".
 * @throws Error naming `label`, and the last thing that `find` threw, after `timeoutMs`
 */
export async function eventually<T>(label: string, find: () => T | Promise<T>, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let cause: unknown; ; ) {
    try {
      const found = await find();
      if (found) return found;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${label}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Waits for a promise, but not for ever.
 * @throws Error naming `label` after `timeoutMs`
 */
export async function within<T>(label: string, promise: Promise<T>, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms: ${label}`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
