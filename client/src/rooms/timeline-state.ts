import type { EntryView } from '../../../src/protocol/entries.js';
import type { History, Message } from '../../../src/protocol/messages.js';

/** A window into the messages of a room: ascending, without a hole between its first and its last. */
export interface Window {
  readonly messages: readonly Message[];
  /** There are older ones before it. */
  readonly hasBefore: boolean;
  /** There are newer ones after it; without, it follows the room live. */
  readonly hasAfter: boolean;
}

export const EMPTY: Window = { messages: [], hasBefore: false, hasAfter: false };

export function fromHistory({ items, hasBefore, hasAfter }: History): Window {
  return { messages: items, hasBefore, hasAfter };
}

/** The window with the page before it. */
export function withOlder(window: Window, page: History): Window {
  return { ...window, messages: merge(page.items, window.messages), hasBefore: page.hasBefore };
}

/** The window with the page after it. */
export function withNewer(window: Window, page: History): Window {
  return { ...window, messages: merge(window.messages, page.items), hasAfter: page.hasAfter };
}

/** A message at its place: only where the window has no hole towards it, which is inside, or at the end of a live one. */
export function withMessage(window: Window, message: Message): Window {
  const first = window.messages[0]?.seq ?? message.seq;
  const last = window.messages.at(-1)?.seq ?? 0;
  if (window.hasBefore && message.seq < first) return window;
  if (window.hasAfter && message.seq > last) return window;
  return { ...window, messages: merge(window.messages, [message]) };
}

/** What an entry makes of the window. Entries may come again, and edits in any order: the outcome is the same. */
export function withEntry(window: Window, entry: EntryView): Window {
  switch (entry.type) {
    case 'new-message':
      return withMessage(window, toMessage(entry));
    case 'message-edited':
      return withChange(window, entry.messageId as string, (message) => {
        if (message.deletedAt !== null || isOlder(entry.editedAt as string | null, message.editedAt)) return message;
        // Without content it has been deleted since; that entry follows.
        return { ...message, content: (entry.content as string | null) ?? message.content, editedAt: entry.editedAt as string | null };
      });
    case 'message-deleted':
      return withChange(window, entry.messageId as string, (message) => ({ ...message, content: null, deletedAt: message.deletedAt ?? (entry.deletedAt as string) }));
    default:
      return window;
  }
}

/** A `new-message` entry as the message that REST gives. */
export function toMessage(entry: EntryView): Message {
  const { channelId: _channelId, actorId: _actorId, at: _at, messageType, ...fields } = entry;
  return { ...fields, type: messageType } as unknown as Message;
}

function withChange(window: Window, messageId: string, change: (message: Message) => Message): Window {
  const index = window.messages.findIndex(({ id }) => id === messageId);
  const message = window.messages[index];
  if (!message) return window;
  const changed = change(message);
  return changed === message ? window : { ...window, messages: window.messages.with(index, changed) };
}

/** Both ascend; of two states of one message the later one stays. */
function merge(a: readonly Message[], b: readonly Message[]): readonly Message[] {
  const [firstOfB] = b;
  if (firstOfB === undefined) return a;
  if ((a.at(-1)?.seq ?? 0) < firstOfB.seq) return [...a, ...b];
  const bySeq = new Map(a.map((message) => [message.seq, message]));
  for (const message of b) {
    const known = bySeq.get(message.seq);
    bySeq.set(message.seq, known ? later(known, message) : message);
  }
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

function later(known: Message, other: Message): Message {
  if (known.deletedAt !== null) return known;
  if (other.deletedAt !== null) return other;
  return isOlder(other.editedAt, known.editedAt) ? known : other;
}

/** ISO 8601 in UTC with milliseconds compares as text. */
function isOlder(a: string | null, b: string | null): boolean {
  return (a ?? '') < (b ?? '');
}
