import type { Room, TimelineView } from '@atrium/client';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { firstAfter } from './unread.js';
import type { Jump } from './use-jump.js';
import type { Shown } from './window-change.js';

/** Within this of the end one is at the end, and stays there when messages come. */
const NEAR_END_PX = 48;
/** Pages are asked for this long before they are needed. */
const LOAD_AHEAD_PX = 1_500;
/** The space below the last message; see `.end`. */
export const END_PX = 20;
/** What stays visible above the unread divider. */
const ABOVE_DIVIDER_PX = 72;

export interface Scrolling {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<VirtualizerHandle | null>;
  /** The newest message there is can be seen. */
  readonly isAtEnd: boolean;
  readonly toEnd: () => void;
  /** For the list: the place, or the size of something, has changed. */
  readonly onMoved: () => void;
  readonly onResize: () => void;
}

/** Where the timeline stands: at its end until the reader leaves it, else wherever the reader is; and what it loads for that. */
export function useScrolling(room: Room, view: TimelineView, { rows, epoch }: Shown, unreadKey: string | null, { target, isPending }: Jump): Scrolling {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const isStuck = useRef(true);
  const last = useRef({ top: 0, height: 0 });
  const placedEpoch = useRef(-1);
  const reached = useRef<Jump['target']>(null);
  const newestKey = useRef<string>(undefined);

  const toEnd = useCallback(() => {
    isStuck.current = true;
    list.current?.scrollToIndex(rows.length - 1, { align: 'end', offset: END_PX });
  }, [rows.length]);

  const loadAround = useCallback(
    (top: number, toBottom: number) => {
      if (isPending.current || view.loading !== null || view.error !== null) return;
      if (view.hasBefore && top < LOAD_AHEAD_PX) void room.timeline.loadBefore();
      else if (view.hasAfter && toBottom < LOAD_AHEAD_PX) void room.timeline.loadAfter();
    },
    [room, view, isPending],
  );

  const takeNote = useCallback(() => {
    const element = scroller.current;
    if (!element || placedEpoch.current !== epoch) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    last.current = { top: scrollTop, height: clientHeight };
    setAtEnd(isStuck.current);
    loadAround(scrollTop, scrollHeight - scrollTop - clientHeight);
  }, [epoch, loadAround]);

  const onMoved = useCallback(() => {
    const element = scroller.current;
    if (!element || placedEpoch.current !== epoch) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const toBottom = scrollHeight - scrollTop - clientHeight;
    const isNear = toBottom < NEAR_END_PX && !view.hasAfter;
    // Content that grows takes one away from the end without moving, and a window that grows moves one: only who moves up has left it.
    const hasMovedUp = scrollTop < last.current.top && clientHeight === last.current.height;
    if (isNear) isStuck.current = true;
    else if (hasMovedUp || view.hasAfter) isStuck.current = false;
    takeNote();
  }, [epoch, view.hasAfter, takeNote]);

  const onResize = useCallback(() => {
    if (isStuck.current && placedEpoch.current === epoch) toEnd();
    onMoved();
  }, [epoch, toEnd, onMoved]);

  /** While nobody looks, the first message that nobody has seen stays on the screen. Returns whether it was about to leave it. */
  const holdUnread = useCallback((): boolean => {
    const index = document.hasFocus() || unreadKey === null ? -1 : rows.findLastIndex(({ key }) => key === unreadKey);
    if (index < 0 || !list.current || !scroller.current) return false;
    const heightOfUnread = list.current.getItemOffset(rows.length - 1) + list.current.getItemSize(rows.length - 1) - list.current.getItemOffset(index);
    if (heightOfUnread < scroller.current.clientHeight - ABOVE_DIVIDER_PX) return false;
    isStuck.current = false;
    list.current.scrollToIndex(index, { align: 'start', offset: -ABOVE_DIVIDER_PX });
    return true;
  }, [rows, unreadKey]);

  useLayoutEffect(() => {
    if (rows.length === 0) return;
    const isPlaced = placedEpoch.current === epoch;
    const newest = rows.at(-1)!;
    // Who writes wants to see it, wherever one was reading.
    const hasWritten = newest.key !== newestKey.current && newest.message.status === 'pending';
    newestKey.current = newest.key;
    if (target && reached.current !== target) {
      placedEpoch.current = epoch;
      reached.current = target;
      isStuck.current = false;
      const index = firstAfter(room.timeline.view.get().items, target.seq - 1);
      list.current?.scrollToIndex(Math.min(index, rows.length - 1), { align: 'center' });
    } else if (!isPlaced) {
      if (isPending.current) return;
      placedEpoch.current = epoch;
      const index = unreadKey === null ? -1 : rows.findIndex(({ key }) => key === unreadKey);
      isStuck.current = index < 0;
      if (index < 0) toEnd();
      else list.current?.scrollToIndex(index, { align: 'start', offset: -ABOVE_DIVIDER_PX });
    } else if ((isStuck.current || hasWritten) && !view.hasAfter) {
      if (hasWritten || !holdUnread()) toEnd();
    }
    // New rows are not measured yet: a tall one that has no height so far would look like the end, and be scrolled to.
    takeNote();
  }, [rows, epoch, target, unreadKey, isPending, room, view.hasAfter, toEnd, holdUnread, takeNote]);

  return { scroller, list, isAtEnd, toEnd, onMoved, onResize };
}
