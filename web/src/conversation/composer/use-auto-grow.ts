import { type RefObject, useLayoutEffect } from 'react';

/** Where CSS knows `field-sizing`, it needs no help. */
const isGrownByCss = (): boolean => CSS.supports('field-sizing', 'content');

/** Makes a text area as high as its text; its own `max-height` bounds it. */
export function useAutoGrow(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    const frame = element?.parentElement;
    if (!element || !frame || isGrownByCss()) return;
    // Measuring collapses the area; what is above it must not take the place for a moment, and lose where it was scrolled to.
    frame.style.minHeight = `${frame.offsetHeight}px`;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
    frame.style.minHeight = '';
  }, [area, text]);
}
