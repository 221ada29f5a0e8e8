import type { TimelineMessage } from '@atrium/client';

/** A message of Ada's, as `change` says. */
export function message(seq: number, change: Partial<TimelineMessage> = {}): TimelineMessage {
  return {
    id: `id-${seq}`,
    key: `key-${seq}`,
    roomId: 'room',
    seq,
    senderId: 'ada',
    type: 'text',
    content: `text ${seq}`,
    replyTo: null,
    clientMsgId: null,
    createdAt: new Date(Date.UTC(2026, 4, 5, 10, Math.min(seq, 1_000))).toISOString(),
    editedAt: null,
    deletedAt: null,
    status: 'sent',
    ...change,
  };
}
