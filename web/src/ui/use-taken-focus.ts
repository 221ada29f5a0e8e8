import { type RefObject, useLayoutEffect, useRef } from 'react';

/** A virtual list hides a new row until it is measured, and what is hidden takes no focus. It is measured within a few frames. */
const MAX_FRAMES = 30;

/** Focuses the element as soon as that is possible, once `takesFocus` is true. */
export function useTakenFocus(takesFocus: boolean): RefObject<HTMLAnchorElement | null> {
  const element = useRef<HTMLAnchorElement>(null);
  useLayoutEffect(() => {
    if (!takesFocus) return;
    let frame = 0;
    const take = (framesLeft: number): void => {
      element.current?.focus({ preventScroll: true });
      if (document.activeElement !== element.current && framesLeft > 0) frame = requestAnimationFrame(() => take(framesLeft - 1));
    };
    take(MAX_FRAMES);
    return () => cancelAnimationFrame(frame);
  }, [takesFocus]);
  return element;
}
