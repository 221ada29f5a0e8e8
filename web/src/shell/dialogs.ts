import { createContext, useContext } from 'react';
import type { SettingsTab } from '../settings/settings-dialog.js';

/** The dialogs that can be opened from anywhere. */
export type OpenDialog =
  | { kind: 'create-room' }
  | { kind: 'discover' }
  | { kind: 'direct' }
  | { kind: 'switcher' }
  | { kind: 'room-settings'; roomId: string }
  | { kind: 'leave-room'; roomId: string }
  | { kind: 'new-page' }
  | { kind: 'settings'; tab?: SettingsTab };

interface Dialogs {
  open(dialog: OpenDialog): void;
  close(): void;
}

export const DialogsContext = createContext<Dialogs | null>(null);

export function useDialogs(): Dialogs {
  const dialogs = useContext(DialogsContext);
  if (!dialogs) throw new Error('useDialogs needs a <DialogsProvider> above it');
  return dialogs;
}
