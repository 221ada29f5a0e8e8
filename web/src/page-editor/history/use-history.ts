import { AtriumError } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useCallback, useEffect, useState } from 'react';
import { useDebounced } from '../../ui/use-debounced.js';
import { useEditor } from '../editor.js';
import { usePart } from '../state/use-part.js';
import type { PageChange } from './groups.js';

/** Others may be at work: the history is not read again with every letter. */
const PATIENCE_MS = 1_200;

export interface History {
  /** The newest first; null until they are there. */
  readonly changes: readonly PageChange[] | null;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/** What has happened on the page, kept up to date. */
export function useHistory(): History {
  const client = useClient();
  const { page } = useEditor();
  const version = useDebounced(usePart(page.view, (view) => view?.version ?? 0), PATIENCE_MS);
  const [known, setKnown] = useState<{ changes: readonly PageChange[]; cursor: string | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let isCurrent = true;
    client.pages.history(page.id).then(
      ({ items, nextCursor }) => {
        if (!isCurrent) return;
        setError(null);
        setLoading(false);
        setKnown((last) => joined(items, nextCursor, last));
      },
      (reason: unknown) => {
        if (!isCurrent) return;
        setLoading(false);
        setError(AtriumError.from(reason));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, page, version, attempt]);

  const loadMore = (): void => {
    if (!known?.cursor || isLoading) return;
    setLoading(true);
    client.pages
      .history(page.id, known.cursor)
      .then(({ items, nextCursor }) => setKnown((last) => last && { changes: [...last.changes, ...items.filter(({ version }) => version < last.changes.at(-1)!.version)], cursor: nextCursor }), setError)
      .finally(() => setLoading(false));
  };
  const reload = useCallback(() => setAttempt((number) => number + 1), []);
  return { changes: known?.changes ?? null, error, hasMore: known !== null && known.cursor !== null, isLoading, loadMore, reload };
}

/** New changes before those that are known; without a gap between them. */
function joined(items: readonly PageChange[], cursor: string | null, last: { changes: readonly PageChange[]; cursor: string | null } | null) {
  const newest = last?.changes[0]?.version ?? -1;
  const oldest = items.at(-1)?.version ?? 0;
  if (!last || newest < oldest - 1) return { changes: items, cursor };
  return { changes: [...items, ...last.changes.filter(({ version }) => version < oldest)], cursor: last.changes.some(({ version }) => version < oldest) ? last.cursor : cursor };
}
