import { useCallback, useEffect, useState } from 'react';

export interface Async<T> {
  readonly value: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  reload(): void;
}

/** What `load` gives, read afresh when `load` changes (keep it with `useCallback`). The last value stays until the next one is there. */
export function useAsync<T>(load: () => Promise<T>): Async<T> {
  const [state, setState] = useState<{ value: T | null; error: unknown; isLoading: boolean }>({ value: null, error: null, isLoading: true });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setState((before) => ({ ...before, error: null, isLoading: true }));
    load().then(
      (value) => isCurrent && setState({ value, error: null, isLoading: false }),
      (error: unknown) => isCurrent && setState({ value: null, error, isLoading: false }),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, attempt]);
  const reload = useCallback(() => setAttempt((number) => number + 1), []);
  return { ...state, reload };
}
