import { type Profile, unwrap } from '@atrium/client';
import { useClient, useUser } from '@atrium/client/react';
import { useCallback } from 'react';
import { type Async, useAsync } from '../ui/use-async.js';
import { useDebounced } from '../ui/use-debounced.js';

const TYPING_MS = 150;

/** Other people whose name or username contains the query, the first few of them. */
export function usePeople(query: string, limit: number): Async<readonly Profile[]> {
  const client = useClient();
  const ownId = useUser()?.id;
  const wanted = useDebounced(query.trim(), TYPING_MS);
  const load = useCallback(async () => {
    // One more, since oneself may be among them.
    const { items } = await unwrap(client.rest.GET('/api/v1/users', { params: { query: { limit: limit + 1, ...(wanted && { q: wanted }) } } }));
    client.users.learn(items);
    return items.filter(({ id }) => id !== ownId).slice(0, limit);
  }, [client, ownId, wanted, limit]);
  return useAsync(load);
}
