import { type Profile, unwrap } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useEffect, useState } from 'react';

const PAGE_PEOPLE = 30;
/** A pause this long in writing means: look. */
const PAUSE_MS = 200;

interface Found {
  readonly query: string;
  readonly people: readonly Profile[] | null;
  readonly error: unknown;
}

/** People whose name contains what was written. `people` is null while that is being looked up. */
export function usePeopleSearch(text: string): { people: readonly Profile[] | null; error: unknown; retry: () => void } {
  const { rest } = useClient();
  const query = text.trim();
  const [attempt, setAttempt] = useState(0);
  const [found, setFound] = useState<Found>({ query: '', people: null, error: null });
  useEffect(() => {
    if (query === '') return;
    let isCurrent = true;
    const look = async (): Promise<void> => {
      try {
        const page: { items: Profile[] } = await unwrap(rest.GET('/api/v1/users', { params: { query: { q: query, limit: PAGE_PEOPLE } } }));
        if (isCurrent) setFound({ query, people: page.items, error: null });
      } catch (error) {
        if (isCurrent) setFound({ query, people: null, error });
      }
    };
    const timer = setTimeout(() => void look(), PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [rest, query, attempt]);
  const isFound = query !== '' && found.query === query;
  return { people: isFound ? found.people : null, error: isFound ? found.error : null, retry: () => setAttempt((number) => number + 1) };
}
