import { type RefObject, useEffect } from 'react';
import { useEditor } from '../editor.js';
import type { Place } from '../state/move-patches.js';

/** Makes an element a place to drop things. `placeAt` may change with every rendering. */
export function useDropZone(element: RefObject<HTMLElement | null>, placeAt: RefObject<(x: number, y: number) => Place | null>): void {
  const { zones } = useEditor();
  useEffect(() => {
    const zone = { element: element.current!, placeAt: (x: number, y: number) => placeAt.current(x, y) };
    zones.add(zone);
    return () => void zones.delete(zone);
  }, [zones, element, placeAt]);
  useStillWhileDragging(element);
}

/** A finger that drags does not scroll. A browser asks before the first touch whether anybody may say so: the listener is there all the time. */
export function useStillWhileDragging(element: RefObject<HTMLElement | null>): void {
  const { drag } = useEditor();
  useEffect(() => {
    const scroller = element.current;
    const hold = (event: TouchEvent): void => {
      if (drag.get() && event.cancelable) event.preventDefault();
    };
    scroller?.addEventListener('touchmove', hold, { passive: false });
    return () => scroller?.removeEventListener('touchmove', hold);
  }, [drag, element]);
}
