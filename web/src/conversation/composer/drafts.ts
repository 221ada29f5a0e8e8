import type { TimelineMessage } from '@atrium/client';

/** What somebody has begun to write in a room. */
export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo: Pick<TimelineMessage, 'id' | 'seq' | 'senderId' | 'content' | 'type'> | null;
}

export const NO_DRAFT: Draft = { text: '', replyTo: null };

const memory = new Map<string, Draft>();

/** Under the user's id, so that who signs in next in this tab sees nothing of it. */
function nameOf(userId: string, roomId: string): string {
  return `atrium:draft:${userId}:${roomId}`;
}

export function readDraft(userId: string, roomId: string): Draft {
  const name = nameOf(userId, roomId);
  const known = memory.get(name);
  if (known) return known;
  try {
    const stored = sessionStorage.getItem(name);
    return stored === null ? NO_DRAFT : (JSON.parse(stored) as Draft);
  } catch {
    // No storage, or something strange in it: the memory of this page is what there is.
    return NO_DRAFT;
  }
}

/** Kept until it is sent, through visits to other rooms and reloads of the page. */
export function keepDraft(userId: string, roomId: string, draft: Draft): void {
  const name = nameOf(userId, roomId);
  memory.set(name, draft);
  try {
    if (draft.text === '' && draft.replyTo === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // Full or forbidden: it lasts as long as the page.
  }
}
