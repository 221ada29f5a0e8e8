import type { EntryView } from '../../../src/protocol/entries.js';
import type { Message } from '../../../src/protocol/messages.js';
import type { MyRoom, Room } from '../../../src/protocol/rooms.js';
import { toMessage } from './timeline-state.js';

/**
 * What an entry makes of a room as its member sees it. Null: no longer a member. `isStale`: only the server knows the unread count now.
 * An entry that the state has seen already (it was read at `lastSeq`) changes nothing.
 */
export function roomAfter(room: MyRoom, entry: EntryView, ownId: string): { room: MyRoom | null; isStale?: boolean } {
  if (entry.seq <= room.lastSeq) return { room };
  const next = { ...room, lastSeq: entry.seq };
  switch (entry.type) {
    case 'new-message':
      return { room: withMessage(next, toMessage(entry), ownId) };
    case 'message-edited':
      return { room: withLastMessage(next, entry, (last) => ({ ...last, content: (entry.content as string | null) ?? last.content, editedAt: entry.editedAt as string | null })) };
    case 'message-deleted':
      return {
        room: withLastMessage(next, entry, (last) => ({ ...last, content: null, deletedAt: entry.deletedAt as string })),
        isStale: (entry.messageSeq as number) > room.lastReadSeq && room.unread > 0,
      };
    case 'read':
      return entry.userId === ownId ? afterReading(next, entry.lastReadSeq as number) : { room: next };
    case 'member-joined':
      return { room: { ...next, memberCount: next.memberCount + 1 } };
    case 'member-left':
      return { room: entry.userId === ownId ? null : { ...next, memberCount: next.memberCount - 1 } };
    case 'member-updated':
      return { room: withMember(next, entry, ownId) };
    case 'room-updated':
      return { room: entry.deleted === true ? null : { ...next, ...(entry.room as Omit<Room, 'lastSeq' | 'memberCount'>) } };
    default:
      return { room: next };
  }
}

/** One's own read position has moved, here or on another device. */
export function afterReading(room: MyRoom, lastReadSeq: number): { room: MyRoom; isStale: boolean } {
  if (lastReadSeq <= room.lastReadSeq) return { room, isStale: false };
  const isAll = lastReadSeq >= (room.lastMessage?.seq ?? 0);
  return { room: { ...room, lastReadSeq, unread: isAll ? 0 : room.unread }, isStale: !isAll };
}

/** Sending a message reads what is before it: the server moves the position in the same statement. */
function withMessage(room: MyRoom, message: Message, ownId: string): MyRoom {
  if (message.senderId === ownId) return { ...room, lastMessage: message, lastReadSeq: Math.max(room.lastReadSeq, message.seq), unread: 0 };
  return { ...room, lastMessage: message, unread: room.unread + (message.deletedAt === null ? 1 : 0) };
}

/** A room that is handed over has a new owner: no other entry says so. */
function withMember(room: MyRoom, entry: EntryView, ownId: string): MyRoom {
  const { userId, role, mutedUntil } = entry as unknown as { userId: string; role: MyRoom['role']; mutedUntil: string | null };
  return { ...room, ...(role === 'owner' && { ownerId: userId }), ...(userId === ownId && { role, mutedUntil }) };
}

function withLastMessage(room: MyRoom, entry: EntryView, change: (last: Message) => Message): MyRoom {
  return room.lastMessage?.id === entry.messageId ? { ...room, lastMessage: change(room.lastMessage!) } : room;
}
