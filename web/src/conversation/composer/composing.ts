import type { KeyboardEvent } from 'react';

/** Legacy key code of a key that an input method has taken. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * Whether an input method is at work, where Enter chooses a word and Escape gives up: neither is meant for us. Safari ends the composition
 * before it tells of the Enter that ended it, and then only the key code gives it away.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD;
}
