import type { AtriumClient } from '@atrium/client';
import { useClient, useProfile } from '@atrium/client/react';
import { useMemo, useSyncExternalStore } from 'react';

/** How somebody is called; empty until it is known. */
export function useName(userId: string): string {
  return useProfile(userId)?.displayName ?? '';
}

/** The names of several people, as far as they are known, in the same order. */
export function useNames(userIds: readonly string[]): readonly string[] {
  const client = useClient();
  const ids = userIds.join(' ');
  const store = useMemo(() => namesOf(client, ids === '' ? [] : ids.split(' ')), [client, ids]);
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Watches several profiles as one value, which keeps its identity while no name changes. */
function namesOf(client: AtriumClient, ids: readonly string[]): { get: () => readonly string[]; subscribe: (listener: () => void) => () => void } {
  const profiles = ids.map((id) => client.users.profile(id));
  let known: readonly string[] = [];
  return {
    get() {
      const names = profiles.flatMap((profile) => profile.get()?.displayName ?? []);
      if (names.length !== known.length || names.some((name, index) => name !== known[index])) known = names;
      return known;
    },
    subscribe(listener) {
      const stops = profiles.map((profile) => profile.subscribe(listener));
      return () => stops.forEach((stop) => stop());
    },
  };
}
