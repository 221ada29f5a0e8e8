import type { TimelineMessage } from '@atrium/client';
import { type FocusEvent, type MouseEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useScope } from '../scope.js';

/** As long as the systems themselves take for a long press. */
const LONG_PRESS_MS = 500;
/** A finger is never quite still. */
const SLOP_PX = 10;

/** Shows the toolbar under a mouse and around the focus, and opens the actions by a right click or a long press. */
export function useRowPointer(message: TimelineMessage) {
  const { openMenu } = useScope();
  const [isHovered, setHovered] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const cancelPress = (): void => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };
  useEffect(() => cancelPress, []);

  return {
    hasToolbar: isHovered || isFocused,
    onPointerEnter: (event: PointerEvent) => setHovered(event.pointerType === 'mouse'),
    onPointerLeave: () => setHovered(false),
    onFocus: (event: FocusEvent) => setFocused(event.target.matches(':focus-visible') || event.target !== event.currentTarget),
    onBlur: (event: FocusEvent) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    onContextMenu: (event: MouseEvent<HTMLElement>) => {
      if (wantsOwnMenu(event.target)) return;
      event.preventDefault();
      cancelPress();
      openMenu(message, pointOf(event));
    },
    // Android tells of a long press as a context menu by itself; iOS does not.
    onPointerDown: ({ pointerType, clientX: x, clientY: y, target }: PointerEvent) => {
      cancelPress();
      if (pointerType !== 'touch' || wantsOwnMenu(target)) return;
      press.current = { x, y, timer: setTimeout(() => openMenu(message, { x, y }), LONG_PRESS_MS) };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (press.current && Math.hypot(clientX - press.current.x, clientY - press.current.y) > SLOP_PX) cancelPress();
    },
    onPointerUp: cancelPress,
    onPointerCancel: cancelPress,
  };
}

/** Links, fields, and text that is selected, have a menu of the browser's that people need. */
function wantsOwnMenu(target: EventTarget): boolean {
  if (target instanceof Element && target.closest('a, textarea, button')) return true;
  return window.getSelection()?.isCollapsed === false;
}

/** Opened by the keyboard, a context menu has no point. */
function pointOf(event: MouseEvent<HTMLElement>): { x: number; y: number } {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  return pointIn(event.currentTarget);
}

/** Where the actions of a row open that no pointer points at. */
export function pointIn(row: Element): { x: number; y: number } {
  const { left, top, height } = row.getBoundingClientRect();
  return { x: left + 56, y: top + Math.min(height, 40) };
}
