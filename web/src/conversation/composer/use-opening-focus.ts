import { type RefObject, useEffect, useRef } from 'react';
import { PHONE } from '../../ui/use-media.js';

/** Whoever opens a room wants to write, or reads without minding: it is focused once, when the room opens. */
export function useOpeningFocus(area: RefObject<HTMLTextAreaElement | null>, isWanted: boolean): void {
  // What changes later must not take the focus from where it is.
  const isWantedAtFirst = useRef(isWanted);
  useEffect(() => {
    const field = area.current;
    if (!field || !isWantedAtFirst.current || !hasKeyboard() || isInDialog()) return;
    field.focus({ preventScroll: true });
    // After what is written there already.
    field.setSelectionRange(field.value.length, field.value.length);
  }, [area]);
}

/** On a phone, and under a finger, the focus would bring a keyboard up over what one came to read. */
function hasKeyboard(): boolean {
  return !matchMedia(PHONE).matches && matchMedia('(pointer: fine)').matches;
}

function isInDialog(): boolean {
  return document.activeElement?.closest('[role=dialog], [role=alertdialog]') != null;
}
