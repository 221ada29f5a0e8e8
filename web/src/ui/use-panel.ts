import { Value } from '@atrium/client';
import { useReadable } from '@atrium/client/react';
import { useMedia } from './use-media.js';

const KEY = 'atrium:panels';

/** What somebody has opened or folded away on this device, by the name of the panel. */
const chosen = new Value<Readonly<Record<string, boolean>>>(read());

/** Whether a panel is open: as it was left, else where the media query `fits` says that there is room for it. */
export function usePanel(name: string, fits: string): [isOpen: boolean, setOpen: (isOpen: boolean) => void] {
  const hasRoom = useMedia(fits);
  const isOpen = useReadable(chosen)[name] ?? hasRoom;
  return [isOpen, (next) => choose(name, next)];
}

function choose(name: string, isOpen: boolean): void {
  chosen.update((choices) => ({ ...choices, [name]: isOpen }));
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen.get()));
  } catch {
    // Where the browser keeps nothing, it is as chosen until the tab is closed.
  }
}

function read(): Record<string, boolean> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const entries = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  } catch {
    return {};
  }
}
