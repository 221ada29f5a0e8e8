import type { Room, TimelineView } from '@atrium/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { DWELL_MS, type InSight, SeenMessages } from './seen-messages.js';
import { firstAfter } from './unread.js';
import type { Scrolling } from './use-scrolling.js';
import type { Shown } from './window-change.js';

/** The server is told of a new position at most this often. */
const TELL_EVERY_MS = 500;

export interface Seen {
  /** Unread messages lie above what is on the screen. */
  readonly hasUnreadAbove: boolean;
  /** For the list: the place, or the size of something, has changed. */
  readonly onChanged: () => void;
}

/** Moves the read position over the messages that were on the screen, without a gap, while somebody looked at the window. */
export function useSeen(room: Room, { rows }: Shown, { scroller }: Scrolling): Seen {
  const [seen] = useState(() => new SeenMessages());
  const [hasUnreadAbove, setUnreadAbove] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const frame = useRef(0);
  const toldAtMs = useRef(-TELL_EVERY_MS);

  const look = useCallback((): void => {
    clearTimeout(timer.current);
    const list = scroller.current;
    const readSeq = room.state.get()?.lastReadSeq;
    if (!list || readSeq === undefined) return;
    const inSight = messagesInSight(list, room.timeline.view.get());
    const nowMs = performance.now();
    let waitMs = seen.look(isLookedAt(list) ? inSight : [], nowMs) ? DWELL_MS : 0;
    const position = seen.positionFrom(readSeq);
    if (position > readSeq) {
      const dueInMs = toldAtMs.current + TELL_EVERY_MS - nowMs;
      if (dueInMs > 0) {
        waitMs = Math.max(waitMs, dueInMs);
      } else {
        toldAtMs.current = nowMs;
        room.markRead(position);
      }
    }
    if (inSight[0]) setUnreadAbove(inSight[0].after > position);
    if (waitMs > 0) timer.current = setTimeout(look, waitMs);
  }, [room, scroller, seen]);

  const onChanged = useCallback((): void => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(look);
  }, [look]);

  useEffect(() => {
    onChanged();
  }, [rows, onChanged]);

  useEffect(() => {
    const stop = room.state.subscribe(onChanged);
    // `focusin` also tells of a dialog over the messages that was closed.
    const events = ['focus', 'blur', 'resize', 'focusin', 'visibilitychange'];
    for (const name of events) addEventListener(name, look, true);
    return () => {
      stop();
      for (const name of events) removeEventListener(name, look, true);
      clearTimeout(timer.current);
      cancelAnimationFrame(frame.current);
      // What was seen last is not lost with the room.
      const readSeq = room.state.get()?.lastReadSeq;
      if (readSeq !== undefined && seen.positionFrom(readSeq) > readSeq) room.markRead(seen.positionFrom(readSeq));
    };
  }, [room, seen, look, onChanged]);

  return { hasUnreadAbove, onChanged };
}

/** The window has the focus, and nothing modal lies over the messages. */
function isLookedAt(list: HTMLElement): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && list.closest('[inert], [aria-hidden="true"]') === null;
}

/** The stored messages whose ends are on the screen: of one that is taller than the screen, the end is what is read last. */
function messagesInSight(list: HTMLElement, { items, hasBefore }: TimelineView): InSight[] {
  const { top, bottom } = list.getBoundingClientRect();
  // Nothing is before the first message of all; before the first one of a window there may be others.
  const beforeFirst = (seq: number): number => (hasBefore ? seq - 1 : 0);
  const inSight: InSight[] = [];
  for (const row of list.querySelectorAll<HTMLElement>('[data-seq]')) {
    const end = row.getBoundingClientRect().bottom;
    const seq = Number(row.dataset['seq']);
    // Browsers round places to fractions of a pixel.
    if (end <= top || end > bottom + 1 || seq === Number.MAX_SAFE_INTEGER) continue;
    const index = firstAfter(items, seq - 1);
    if (items[index]?.seq === seq) inSight.push({ seq, after: items[index - 1]?.seq ?? beforeFirst(seq) });
  }
  return inSight.sort((a, b) => a.seq - b.seq);
}
