import type { TimelineMessage } from '@atrium/client';

/** From where to where messages count as new to the reader. */
export interface UnreadMark {
  /** Everything up to here had been read. */
  readonly readSeq: number;
  /** What came later arrived before the reader's eyes. */
  readonly untilSeq: number;
}

/** The message that the divider stands before, or null: nothing is new, or where it begins is not loaded. */
export function findUnreadKey(messages: readonly TimelineMessage[], hasBefore: boolean, mark: UnreadMark | null, ownId: string): string | null {
  if (!mark || mark.untilSeq <= mark.readSeq) return null;
  const start = firstAfter(messages, mark.readSeq);
  if (start === 0 && hasBefore) return null;
  for (let i = start; i < messages.length; i++) {
    const message = messages[i]!;
    if (message.seq > mark.untilSeq) return null;
    if (message.senderId !== ownId && message.deletedAt === null) return message.key;
  }
  return null;
}

/** The index of the first message after `seq`; messages ascend. */
export function firstAfter(messages: readonly { readonly seq: number }[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (messages[middle]!.seq > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
