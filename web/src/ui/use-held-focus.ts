import { type RefObject, useEffect, useRef } from 'react';

/** Gives the element the focus when what had it has gone from it: the keys would reach nobody, Escape among them. */
export function useHeldFocus(): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const root = element.current;
    if (!root) return;
    let frame = 0;
    const hold = (): void => {
      if (document.activeElement === document.body) root.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      cancelAnimationFrame(frame);
      // Only then react-aria has given the focus back to what a menu or another dialog had it from.
      frame = requestAnimationFrame(() => (frame = requestAnimationFrame(hold)));
    });
    observer.observe(root, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
  return element;
}
