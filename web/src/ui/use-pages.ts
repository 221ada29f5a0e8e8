import { useCallback, useEffect, useState } from 'react';

interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

type Read<T> = (cursor: string | undefined) => Promise<Page<T>>;

interface Settled<T> {
  /** The list that it belongs to. */
  readonly read: Read<T>;
  readonly attempt: number;
  readonly items: readonly T[] | null;
  readonly cursor: string | null;
  readonly error: unknown;
}

export interface Pages<T> {
  /** Null until the first page is there. While another list is read, the last one stays. */
  readonly items: readonly T[] | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/** A list that is read page by page, from its beginning when `read` changes (keep it with `useCallback`). */
export function usePages<T>(read: Read<T>): Pages<T> {
  const [settled, setSettled] = useState<Settled<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [moreOf, setMoreOf] = useState<Settled<T> | null>(null);

  useEffect(() => {
    let isCurrent = true;
    read(undefined).then(
      ({ items, nextCursor }) => isCurrent && setSettled({ read, attempt, items, cursor: nextCursor, error: null }),
      (error: unknown) => isCurrent && setSettled({ read, attempt, items: null, cursor: null, error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [read, attempt]);

  const loadMore = (): void => {
    if (!settled?.cursor || moreOf === settled) return;
    setMoreOf(settled);
    // A page that comes after the list has changed belongs to nothing.
    const settle = (next: Settled<T>): void => setSettled((shown) => (shown === settled ? next : shown));
    settled.read(settled.cursor).then(
      ({ items, nextCursor }) => settle({ ...settled, items: [...(settled.items ?? []), ...items], cursor: nextCursor, error: null }),
      (error: unknown) => settle({ ...settled, error }),
    );
  };
  const reload = useCallback(() => setAttempt((number) => number + 1), []);

  const isFirst = settled?.read !== read || settled.attempt !== attempt;
  return {
    items: settled?.items ?? null,
    error: isFirst ? null : settled.error,
    isLoading: isFirst || moreOf === settled,
    hasMore: !isFirst && settled.cursor !== null,
    loadMore,
    reload,
  };
}
