import type { Member, Room } from '@atrium/client';
import { useClient, useMembers, useOnline } from '@atrium/client/react';
import { useCallback, useEffect, useState } from 'react';
import { useDebounced } from '../../ui/use-debounced.js';
import { usePages } from '../../ui/use-pages.js';

/** Enough rows to fill the list: further pages are loaded when somebody scrolls there. */
const ENOUGH = 30;
/** A pause this long in writing means: look. */
const TYPING_MS = 200;
const NOBODY = { items: [], nextCursor: null };

/** A list of members that is loaded page by page. */
interface Listed {
  /** Null until the first page is there. */
  readonly members: readonly Member[] | null;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** Loads the next page; or again what could not be loaded. */
  readonly loadMore: () => void;
}

export interface FilteredMembers extends Omit<Listed, 'hasMore'> {
  readonly online: ReadonlySet<string>;
  /** The server is being asked for whom it finds; until it answers, the last ones stay. */
  readonly isSearching: boolean;
  /** After a member was changed: what was found is not told of it. */
  readonly refresh: () => void;
}

/** Those members whose names contain the query, whom the server finds; of them, when wanted, only who is here. */
export function useMemberFilter(room: Room, query: string, isHereOnly: boolean, memberCount: number): FilteredMembers {
  const online = useOnline(room);
  const text = query.trim();
  const wanted = useDebounced(text, TYPING_MS);
  const isSearch = text !== '' && wanted !== '';
  const everybody = useEverybody(room);
  const { refresh, ...found } = useFound(room.id, isSearch ? wanted : '', memberCount);
  const { members, hasMore, isLoading, error, loadMore } = isSearch ? found : everybody;

  const shown = isHereOnly ? (members?.filter(({ user }) => online.has(user.id)) ?? null) : members;
  const shownCount = shown?.length ?? 0;
  const hasAllHere = isHereOnly && !isSearch && shownCount >= online.size;
  const isWanting = members === null || (hasMore && shownCount < ENOUGH && !hasAllHere);
  useEffect(() => {
    if (isWanting && !isLoading && error === null) loadMore();
  }, [isWanting, isLoading, error, loadMore]);
  const isSearching = text !== '' && (text !== wanted || found.isLoading);
  return { members: shown, online, isSearching, isLoading: isSearching || ((isWanting || isLoading) && error === null), error, loadMore, refresh };
}

/** All of them, live. */
function useEverybody(room: Room): Listed {
  const view = useMembers(room);
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const loadMore = useCallback(() => {
    setLoading(true);
    setError(null);
    room.members
      .loadMore()
      .catch(setError)
      .finally(() => setLoading(false));
  }, [room]);
  return { members: view?.items ?? null, hasMore: view?.hasMore ?? true, isLoading, error, loadMore };
}

/** Whom the server finds; nobody for no query. Who comes or goes is looked for again. */
function useFound(roomId: string, query: string, memberCount: number): Listed & { readonly refresh: () => void } {
  const { api } = useClient();
  const read = useCallback((cursor: string | undefined) => (query === '' ? Promise.resolve(NOBODY) : api.members(roomId, cursor, query)), [api, roomId, query]);
  const { items, error, isLoading, hasMore, loadMore, reload } = usePages<Member>(read);
  useEffect(() => reload(), [memberCount, reload]);
  return { members: items, hasMore, isLoading, error, loadMore: items === null ? reload : loadMore, refresh: reload };
}
