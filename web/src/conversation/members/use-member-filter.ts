import type { Member, Room } from '@atrium/client';
import { useMembers, useOnline } from '@atrium/client/react';
import { useEffect, useMemo, useState } from 'react';
import { matches } from '../../rooms/room-filter.js';

/** Enough matches to fill the list: further pages are loaded when somebody scrolls there. */
const ENOUGH = 30;

export interface FilteredMembers {
  /** Null until the first page is there. */
  readonly members: readonly Member[] | null;
  readonly online: ReadonlySet<string>;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly loadMore: () => void;
}

/** The members that match. The server lists members but does not search them: pages are loaded until there are enough matches. */
export function useMemberFilter(room: Room, query: string, isHereOnly: boolean): FilteredMembers {
  const view = useMembers(room);
  const online = useOnline(room);
  const [error, setError] = useState<unknown>(null);
  const members = useMemo(
    () => view?.items.filter(({ user }) => (!isHereOnly || online.has(user.id)) && matches(query, [user.displayName, user.username])) ?? null,
    [view, online, query, isHereOnly],
  );
  const loadMore = (): void => {
    setError(null);
    room.members.loadMore().catch(setError);
  };
  const isWanting = view === null || (view.hasMore && members !== null && members.length < ENOUGH && !(isHereOnly && query === '' && members.length >= online.size));
  useEffect(() => {
    if (isWanting && error === null) room.members.loadMore().catch(setError);
  }, [room, view, isWanting, error]);
  return { members, online, isLoading: isWanting && error === null, error, loadMore: () => (view === null || view.hasMore) && loadMore() };
}
