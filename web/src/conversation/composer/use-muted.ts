import { useEffect, useState } from 'react';

/** Longer timers than this overflow and ring at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** The server says "for ever" as the last day that ISO 8601 can write. */
const FOR_EVER_YEAR = '9999-';

export type Muted = { readonly isForEver: true } | { readonly isForEver: false; readonly until: string };

/** Whether one may not write now, and until when; it ends by itself. */
export function useMuted(mutedUntil: string | null): Muted | null {
  const [now, setNow] = useState(() => Date.now());
  const leftMs = mutedUntil === null ? 0 : Date.parse(mutedUntil) - now;
  useEffect(() => {
    setNow(Date.now());
  }, [mutedUntil]);
  useEffect(() => {
    if (leftMs <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(leftMs + 50, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  }, [leftMs]);
  if (mutedUntil === null || leftMs <= 0) return null;
  return mutedUntil.startsWith(FOR_EVER_YEAR) ? { isForEver: true } : { isForEver: false, until: mutedUntil };
}
