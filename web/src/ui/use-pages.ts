import { useCallback, useEffect, useRef, useState } from 'react';

interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

interface State<T> {
  readonly items: readonly T[] | null;
  readonly cursor: string | null;
  readonly error: unknown;
  readonly isLoading: boolean;
}

export interface Pages<T> extends State<T> {
  readonly hasMore: boolean;
  loadMore(): void;
  reload(): void;
}

/** A list that is read page by page, from its beginning when `read` changes (keep it with `useCallback`). */
export function usePages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  const [state, setState] = useState<State<T>>({ items: null, cursor: null, error: null, isLoading: true });
  const latest = useRef(0);

  const load = useCallback(
    (before: readonly T[], cursor: string | undefined): void => {
      const request = ++latest.current;
      setState((shown) => ({ ...shown, error: null, isLoading: true }));
      read(cursor).then(
        ({ items, nextCursor }) => {
          if (request === latest.current) setState({ items: [...before, ...items], cursor: nextCursor, error: null, isLoading: false });
        },
        (error: unknown) => {
          if (request === latest.current) setState((shown) => ({ ...shown, error, isLoading: false }));
        },
      );
    },
    [read],
  );

  useEffect(() => {
    load([], undefined);
    return () => void latest.current++;
  }, [load]);

  return {
    ...state,
    hasMore: state.cursor !== null,
    loadMore: () => state.cursor !== null && !state.isLoading && load(state.items ?? [], state.cursor),
    reload: () => load([], undefined),
  };
}
