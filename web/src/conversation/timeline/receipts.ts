import type { Member, TimelineMessage } from '@atrium/client';

/** What a reader's own message says about who has read it. */
export type ReceiptMark = { readonly kind: 'sent' } | { readonly kind: 'read' } | { readonly kind: 'read-by'; readonly count: number };

/** How far back one's own last messages are looked for. */
const LOOK_BACK = 200;

/**
 * Marks for one's own last messages, by key. Direct: the last one, and the last one that the peer has read. Group: the last one, with the
 * number of its readers.
 */
export function receiptMarks(messages: readonly TimelineMessage[], members: readonly Member[], ownId: string, kind: 'direct' | 'group'): ReadonlyMap<string, ReceiptMark> {
  const marks = new Map<string, ReceiptMark>();
  const others = members.filter(({ user }) => user.id !== ownId);
  if (others.length === 0) return marks;
  for (const message of messages.slice(-LOOK_BACK).reverse()) {
    if (message.senderId !== ownId || message.status === 'failed' || message.deletedAt !== null || message.seq === Number.MAX_SAFE_INTEGER) continue;
    const count = others.filter(({ lastReadSeq }) => lastReadSeq >= message.seq).length;
    if (kind === 'group') {
      if (count > 0) marks.set(message.key, { kind: 'read-by', count });
      return marks;
    }
    if (count > 0) return marks.set(message.key, { kind: 'read' });
    if (marks.size === 0) marks.set(message.key, { kind: 'sent' });
  }
  return marks;
}
