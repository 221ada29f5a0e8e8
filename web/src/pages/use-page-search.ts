import type { PageSummary } from '@atrium/client';
import { useClient, useReadable } from '@atrium/client/react';
import { useCallback, useEffect, useState } from 'react';
import { matches } from '../rooms/room-filter.js';
import { useDebounced } from '../ui/use-debounced.js';
import { type Pages, usePages } from '../ui/use-pages.js';

/** A pause this long in writing means: look. */
const TYPING_MS = 200;
const NOTHING = { items: [], nextCursor: null };

/** One's pages; with a query, those whose title or slug contains it, which the server finds. */
export function usePageSearch(query: string, currentPageId?: string): Pages<PageSummary> {
  const text = query.trim();
  const wanted = useDebounced(text, TYPING_MS);
  const mine = useMine(currentPageId);
  const found = useFound(text === '' ? '' : wanted, mine.items);
  if (text === '' || wanted === '') return mine;
  const isLoading = found.isLoading || text !== wanted;
  // Until the server answers: what it found for the last text, or else what is here already.
  const isWaiting = isLoading && !found.items?.length;
  const items = isWaiting ? (mine.items?.filter(({ title, pageId }) => matches(text, [title, pageId])) ?? null) : found.items;
  return { ...found, items, isLoading };
}

/**
 * All of them, live. What is written on pages is told to those alone who have them open, so that their order is looked at again when one
 * comes from such a page, or back to the app.
 */
function useMine(currentPageId: string | undefined): Pages<PageSummary> {
  const { myPages } = useClient();
  const view = useReadable(myPages.view);
  const refusal = useReadable(myPages.error);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const loadMore = useCallback(() => {
    setLoadingMore(true);
    setError(null);
    myPages
      .loadMore()
      .catch(setError)
      .finally(() => setLoadingMore(false));
  }, [myPages]);
  const reload = useCallback(() => void myPages.refresh(), [myPages]);
  useEffect(() => reload(), [currentPageId, reload]);
  useEffect(() => {
    const lookAgain = (): void => {
      if (document.visibilityState === 'visible') reload();
    };
    document.addEventListener('visibilitychange', lookAgain);
    return () => document.removeEventListener('visibilitychange', lookAgain);
  }, [reload]);
  return {
    items: view?.items ?? null,
    error: view === null ? refusal : error,
    isLoading: view === null ? refusal === null : isLoadingMore,
    hasMore: view?.hasMore ?? false,
    loadMore,
    reload,
  };
}

/** What the server finds; looked for again when something about one's pages has changed. */
function useFound(query: string, mine: readonly PageSummary[] | null): Pages<PageSummary> {
  const { pages } = useClient();
  const read = useCallback((cursor: string | undefined) => (query === '' ? Promise.resolve(NOTHING) : pages.list({ q: query }, cursor)), [pages, query]);
  const found = usePages<PageSummary>(read);
  const { reload } = found;
  useEffect(() => reload(), [mine, reload]);
  return found;
}
