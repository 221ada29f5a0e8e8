import { useEffect } from 'react';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** How ⌘K or Ctrl+K is written on this machine. */
export const commandKey = (letter: string): string => (isMac ? `⌘${letter}` : `Ctrl+${letter}`);

/** Calls back on Ctrl or ⌘ with a letter, wherever the focus is. */
export function useShortcut(letter: string, onPress: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== letter) return;
      event.preventDefault();
      onPress();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [letter, onPress]);
}
