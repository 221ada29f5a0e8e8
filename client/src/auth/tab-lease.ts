/** Another tab sees what was written within this, also where each tab is a process of its own. */
const SETTLE_MS = 100;
/** Longer than any work takes; a tab that was closed in the middle keeps the others waiting no longer. */
const LEASE_MS = 15_000;

interface Lease {
  readonly holder: string;
  readonly endsAtMs: number;
}

/**
 * Lets one tab at a time run its work, by a value in `localStorage` that names the tab: for pages without Web Locks, which is all that are
 * not served by https. Whoever writes waits and looks again, and the last one to write has it (Fischer's mutual exclusion, in Lamport, "A Fast
 * Mutual Exclusion Algorithm", 1987). Where the browser keeps nothing, nothing is shared either, and work runs at once.
 */
export async function withTabLease<T>(key: string, work: () => Promise<T>): Promise<T> {
  const holder = String(Math.random());
  try {
    while (!(await take(key, holder)));
  } catch {
    return work();
  }
  try {
    return await work();
  } finally {
    if (read(key)?.holder === holder) localStorage.removeItem(key);
  }
}

async function take(key: string, holder: string): Promise<boolean> {
  const leftMs = (read(key)?.endsAtMs ?? 0) - Date.now();
  // More than a whole one is left only when the clock was set back.
  const isFree = leftMs <= 0 || leftMs > LEASE_MS;
  if (isFree) localStorage.setItem(key, JSON.stringify({ holder, endsAtMs: Date.now() + LEASE_MS } satisfies Lease));
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return isFree && read(key)?.holder === holder;
}

function read(key: string): Lease | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Lease | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
