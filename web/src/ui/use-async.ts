import { useCallback, useEffect, useState } from 'react';

export interface Async<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface Settled<T> {
  /** The request that it answers. */
  readonly load: () => Promise<T>;
  readonly attempt: number;
  readonly value: T | null;
  readonly error: unknown;
}

/** What `load` gives, read afresh when `load` changes (keep it with `useCallback`). The last value stays until the next one is there. */
export function useAsync<T>(load: () => Promise<T>): Async<T> {
  const [settled, setSettled] = useState<Settled<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const settle = (value: T | null, error: unknown): void => {
      if (isCurrent) setSettled({ load, attempt, value, error });
    };
    load().then(
      (value) => settle(value, null),
      (error: unknown) => settle(null, error),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, attempt]);
  const reload = useCallback(() => setAttempt((number) => number + 1), []);
  const isLoading = settled?.load !== load || settled.attempt !== attempt;
  return { value: settled?.value ?? null, error: isLoading ? null : settled.error, isLoading, reload };
}
