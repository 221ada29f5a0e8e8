import type { Room } from '@atrium/client';
import { useEffect, useState } from 'react';

/** Whether the first load is over: before, a timeline without messages is not an empty one. */
export function useOpened(room: Room): boolean {
  const [isOpened, setOpened] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    void room.timeline.open().then(() => isCurrent && setOpened(true));
    return () => {
      isCurrent = false;
    };
  }, [room]);
  return isOpened;
}
