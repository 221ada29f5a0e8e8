import { createContext, useContext } from 'react';
import type { PageRef } from '../pages/page-menu.js';
import type { SettingsTab } from '../settings/settings-dialog.js';

/** The dialogs that can be opened from anywhere. */
export type OpenDialog =
  | { kind: 'create-room' }
  | { kind: 'discover' }
  | { kind: 'direct' }
  | { kind: 'profile'; userId: string }
  | { kind: 'switcher' }
  | { kind: 'room-settings'; roomId: string }
  | { kind: 'leave-room'; roomId: string }
  | { kind: 'new-page' }
  | { kind: 'share-page' | 'rename-page' | 'delete-page' | 'leave-page'; page: PageRef }
  | { kind: 'deleted-pages' }
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
