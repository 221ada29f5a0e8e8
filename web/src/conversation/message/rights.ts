import { can, type MyRoom, type TimelineMessage, type User } from '@atrium/client';

export interface MessageRights {
  readonly reply: boolean;
  readonly copyText: boolean;
  readonly copyLink: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  readonly readers: boolean;
}

/** What the user may do with a message; the server decides by the same table. */
export function rightsOn(message: TimelineMessage, room: MyRoom, user: User): MessageRights {
  const isStored = message.seq !== Number.MAX_SAFE_INTEGER;
  const isThere = message.deletedAt === null;
  const isOwn = message.senderId === user.id;
  const keepsOrder = can(room.role, 'message:delete-any', room.kind) || (room.kind === 'world' && user.isAdmin);
  return {
    reply: isStored && isThere,
    copyText: isThere,
    copyLink: isStored,
    edit: isStored && isThere && isOwn && message.type === 'text',
    delete: isStored && isThere && (isOwn || keepsOrder),
    readers: isStored && isThere && room.kind !== 'world',
  };
}
