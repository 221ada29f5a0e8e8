import { z } from 'zod';
import { LIMITS } from './limits.js';
import { Id, OpId, RoomRef, Seq, text, Timestamp } from './primitives.js';

/** `image` and `file` carry a URL; `system` is for announcements, which only administrators may send. */
export const MessageType = z.enum(['text', 'image', 'file', 'system']);

export const Message = z
  .object({
    id: Id,
    roomId: Id,
    seq: Seq,
    senderId: Id,
    type: MessageType,
    content: z.string().nullable().meta({ description: 'null once deleted' }),
    replyTo: Id.nullable(),
    clientMsgId: z.string().nullable(),
    createdAt: Timestamp,
    editedAt: Timestamp.nullable(),
    deletedAt: Timestamp.nullable(),
    duplicate: z.literal(true).optional().meta({ description: 'This send was stored before; the answer is the first one' }),
  })
  .meta({ id: 'Message' });
export type Message = z.output<typeof Message>;

const Content = text(LIMITS.messageChars);

export const PostMessage = z
  .strictObject({
    clientMsgId: OpId,
    content: Content,
    type: MessageType.optional(),
    replyTo: Id.nullable().optional(),
  })
  .meta({ id: 'PostMessage' });
export type PostMessage = z.output<typeof PostMessage>;

export const SendMessage = PostMessage.extend({ roomId: RoomRef }).strict().meta({ id: 'SendMessage' });
export type SendMessage = z.output<typeof SendMessage>;

export const MessageAck = z
  .object({
    messageId: Id,
    seq: Seq,
    clientMsgId: z.string(),
    createdAt: Timestamp,
    duplicate: z.literal(true).optional(),
  })
  .meta({ id: 'MessageAck' });
export type MessageAck = z.output<typeof MessageAck>;

export const PatchMessage = z.strictObject({ content: Content }).meta({ id: 'PatchMessage' });
export const EditMessage = PatchMessage.extend({ messageId: Id }).strict().meta({ id: 'EditMessage' });
export const DeleteMessage = z.strictObject({ messageId: Id }).meta({ id: 'DeleteMessage' });

/** `before`, `after` and `around` are seqs and exclude each other; none means the newest. The answer ascends. */
export const HistoryQuery = z
  .strictObject({
    before: z.coerce.number().int().min(1).optional(),
    after: z.coerce.number().int().min(0).optional(),
    around: z.coerce.number().int().min(0).optional(),
    limit: z.coerce.number().int().min(1).max(LIMITS.pageItems).default(50),
  })
  .refine((q) => [q.before, q.after, q.around].filter((v) => v !== undefined).length <= 1, {
    message: 'before, after and around exclude each other',
  });
export type HistoryQuery = z.output<typeof HistoryQuery>;

/** `hasBefore` and `hasAfter` say whether there is more in either direction; of long messages there may be fewer in an answer than `limit`. */
export const History = z
  .object({
    items: z.array(Message),
    nextCursor: z.string().nullable().meta({ description: 'The seq to pass on: as `after` if you paged forwards, else as `before`' }),
    hasBefore: z.boolean(),
    hasAfter: z.boolean(),
  })
  .meta({ id: 'History' });
export type History = z.output<typeof History>;

export const Receipt = z
  .object({
    userId: Id,
    readAt: Timestamp.nullable().meta({
      description: 'When their read position passed the message, which never changes; null when that is not known (in a room of more than 100 members, or more than 2,000 messages later)',
    }),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.output<typeof Receipt>;
