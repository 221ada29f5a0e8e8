import type { Room } from '@atrium/client';
import { useCallback, useEffect } from 'react';
import type { Scrolling } from './use-scrolling.js';
import type { Shown } from './window-change.js';

/** Tells the server how far the reader has read: what was on the screen of a tab that somebody looks at. */
export function useSeen(room: Room, { rows }: Shown, { scroller, list, isAtEnd }: Scrolling): () => void {
  const markSeen = useCallback(() => {
    if (document.visibilityState !== 'visible' || !document.hasFocus() || !list.current || !scroller.current) return;
    const bottom = list.current.scrollOffset + scroller.current.clientHeight;
    let index = isAtEnd ? rows.length - 1 : list.current.findItemIndex(bottom - 1);
    // What is not stored yet has no place that could be read up to.
    while (index >= 0 && rows[index]?.message.seq === Number.MAX_SAFE_INTEGER) index--;
    const seen = rows[index];
    if (seen) room.markRead(seen.message.seq);
  }, [room, rows, isAtEnd, list, scroller]);

  useEffect(() => {
    markSeen();
    addEventListener('focus', markSeen);
    document.addEventListener('visibilitychange', markSeen);
    return () => {
      removeEventListener('focus', markSeen);
      document.removeEventListener('visibilitychange', markSeen);
    };
  }, [markSeen]);

  return markSeen;
}
