import type { Readable } from '@atrium/client';
import { useCallback, useSyncExternalStore } from 'react';

/** What `part` takes out of a value; renders anew only when that changes. It must give the same for the same: no new objects. */
export function usePart<T, P>(readable: Readable<T>, part: (value: T) => P): P {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  return useSyncExternalStore(subscribe, () => part(readable.get()));
}
