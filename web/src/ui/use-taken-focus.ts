import { type RefObject, useLayoutEffect, useRef } from 'react';
import { focusOnceVisible } from './focus-once-visible.js';

/** Focuses the element as soon as that is possible, once `takesFocus` is true. */
export function useTakenFocus<E extends HTMLElement>(takesFocus: boolean): RefObject<E | null> {
  const element = useRef<E>(null);
  useLayoutEffect(() => (takesFocus ? focusOnceVisible(() => element.current) : undefined), [takesFocus]);
  return element;
}
