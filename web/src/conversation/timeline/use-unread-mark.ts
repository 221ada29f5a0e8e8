import type { Room } from '@atrium/client';
import { useEffect, useState } from 'react';
import type { UnreadMark } from './unread.js';

/**
 * What was new when the room was opened, or when somebody came back to the window. It stays while they read, although reading makes it
 * read for everybody else.
 */
export function useUnreadMark(room: Room): UnreadMark | null {
  const [mark, setMark] = useState(() => markOf(room, document.hasFocus() ? lastSeqOf(room) : Number.POSITIVE_INFINITY));
  useEffect(() => {
    // What was new and is not read yet stays new, and what comes while nobody looks follows it.
    const leave = (): void =>
      setMark((known) => {
        const next = markOf(room, Number.POSITIVE_INFINITY);
        return known && next && next.readSeq < known.untilSeq ? { ...known, untilSeq: Number.POSITIVE_INFINITY } : next;
      });
    const comeBack = (): void => setMark((known) => (known?.untilSeq === Number.POSITIVE_INFINITY ? { ...known, untilSeq: lastSeqOf(room) } : known));
    addEventListener('blur', leave);
    addEventListener('focus', comeBack);
    return () => {
      removeEventListener('blur', leave);
      removeEventListener('focus', comeBack);
    };
  }, [room]);
  return mark;
}

function markOf(room: Room, untilSeq: number): UnreadMark | null {
  const readSeq = room.state.get()?.lastReadSeq;
  return readSeq === undefined ? null : { readSeq, untilSeq };
}

function lastSeqOf(room: Room): number {
  return room.state.get()?.lastMessage?.seq ?? 0;
}
