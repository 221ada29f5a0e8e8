import type { Room, TimelineMessage } from '@atrium/client';
import { createContext, useContext } from 'react';
import type { Originals } from './message/originals.js';

/** What every part of one open room may use. It stays the same for as long as the room is open, so that nothing is drawn again for it. */
export interface Scope {
  readonly room: Room;
  readonly ownId: string;
  readonly originals: Originals;
  /** Shows the message of this seq, wherever it is in the history. */
  readonly jumpTo: (seq: number) => void;
  readonly reply: (message: TimelineMessage) => void;
  /** Opens the editor in the message of this key; null closes it. */
  readonly edit: (key: string | null) => void;
  readonly confirmDelete: (message: TimelineMessage) => void;
  readonly showReaders: (message: TimelineMessage) => void;
  /** Opens the actions of a message at a point of the screen. */
  readonly openMenu: (message: TimelineMessage, point: { x: number; y: number }) => void;
  /** Opens the list of members, or how to add some. */
  readonly showMembers: (view: 'members' | 'add') => void;
  readonly focusComposer: () => void;
}

export const ScopeContext = createContext<Scope | null>(null);

export function useScope(): Scope {
  const scope = useContext(ScopeContext);
  if (!scope) throw new Error('useScope needs an open room above it');
  return scope;
}
