import { z } from 'zod';
import { AuthRefresh, AuthRefreshed, ServerDraining, SessionRevoked, SessionStarted, TokenExpiring } from './connection.js';
import { Resume, Resumed } from './entries.js';
import { SocketError } from './errors.js';
import { DeleteMessage, EditMessage, Message, MessageAck, MessageType, SendMessage } from './messages.js';
import { AppliedPatch, CursorMove, CursorMoved, OpPatch, PageId, PageJoin, PageJoined, PageLeave, PageSync, PageUserMoved, PatchResult } from './pages.js';
import { DocumentRole } from './access.js';
import { Id, Seq, Timestamp } from './primitives.js';
import { MarkRead, ReadState, Room, RoomJoin, RoomJoined, RoomLeave, RoomRole, Typing } from './rooms.js';

/** An event that clients send. Every one takes an ack: `{ data }` of the shape `ack`, or `{ error }`. */
export interface ClientEvent<Body extends z.ZodType = z.ZodType, Ack extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly body: Body;
  readonly ack: Ack;
  /**
   * It changes what the socket follows, or what its user may do in a channel: what the socket sends later about the same channel takes
   * effect after it. `all`: it may be about any channel, and the other gates wait for it.
   */
  readonly gate?: 'channel' | 'all';
  /** It is for sockets that follow the channel, so it waits for a gate of all channels, too. */
  readonly needsGates?: true;
  /** It asks the database: of one user only a few such events are handled at once, the others wait for their turn. */
  readonly takesTurn?: true;
  /** It may change rights, which is recorded along with who has sent it. */
  readonly audited?: true;
}

/** An event that the server sends. A volatile one may be dropped or merged; every other arrives in seq order, or the client is told to resume. */
export interface ServerEvent<Body extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly body: Body;
  readonly volatile?: true;
}

const clientEvent = <N extends string, B extends z.ZodType, A extends z.ZodType>(event: ClientEvent<B, A> & { readonly name: N }) => event;
/** Done, and nothing to tell. */
/** Who added you; absent when you created it, joined it or accepted an invite. */
const AddedBy = Id.optional();

const Nothing = z.object({}).meta({ id: 'Nothing' });
export type Nothing = z.output<typeof Nothing>;

/** Every client event, by the name of its handler. */
export const CLIENT_EVENTS = {
  authRefresh: clientEvent({ name: 'auth-refresh', summary: 'Extend the connection with a fresh access token', body: AuthRefresh, ack: AuthRefreshed }),
  resume: clientEvent({ name: 'resume', summary: 'Catch up on many channels at once and subscribe to them', body: Resume, ack: Resumed, gate: 'all', takesTurn: true }),
  roomJoin: clientEvent({ name: 'room-join', summary: 'Subscribe to a room; joins it first if it is open to you', body: RoomJoin, ack: RoomJoined, gate: 'channel', takesTurn: true, audited: true }),
  roomLeave: clientEvent({ name: 'room-leave', summary: 'Unsubscribe from a room; membership stays', body: RoomLeave, ack: Nothing, gate: 'channel' }),
  sendMessage: clientEvent({ name: 'send-message', summary: 'Send a message; the ack means that it is on disk', body: SendMessage, ack: MessageAck }),
  editMessage: clientEvent({ name: 'edit-message', summary: 'Edit your own message', body: EditMessage, ack: Message, takesTurn: true }),
  deleteMessage: clientEvent({ name: 'delete-message', summary: 'Delete a message; its content is erased', body: DeleteMessage, ack: Message, takesTurn: true, audited: true }),
  markRead: clientEvent({ name: 'mark-read', summary: 'Mark messages as read: moves your read position forward', body: MarkRead, ack: ReadState, takesTurn: true }),
  typing: clientEvent({ name: 'typing', summary: 'Tell the room that you are typing, or have stopped', body: Typing, ack: Nothing }),
  pageJoin: clientEvent({ name: 'page-join', summary: 'Open a page: returns its state, or the entries that you missed, and subscribes to what follows', body: PageJoin, ack: PageJoined, gate: 'channel', takesTurn: true }),
  opPatch: clientEvent({ name: 'op-patch', summary: 'Change a page; the ack means that the change is on disk', body: OpPatch, ack: PatchResult }),
  cursorMove: clientEvent({ name: 'cursor-move', summary: 'Share the position of your cursor and your selection', body: CursorMove, ack: Nothing, needsGates: true }),
  pageLeave: clientEvent({ name: 'page-leave', summary: 'Close a page', body: PageLeave, ack: Nothing, gate: 'channel' }),
} as const;

const entry = <T extends string, S extends z.ZodRawShape>(type: T, fields: S) =>
  z.object({ channelId: Id, seq: Seq, type: z.literal(type), actorId: Id.nullable(), at: Timestamp, roomId: Id, ...fields });

const pageEntry = <T extends string, S extends z.ZodRawShape>(type: T, fields: S) =>
  z.object({ channelId: Id, seq: Seq, type: z.literal(type), actorId: Id.nullable(), at: Timestamp, pageId: PageId, ...fields });

const { type: _messageType, ...messageFields } = Message.omit({ duplicate: true }).shape;

/** Why somebody is no longer a member. */
export const LeaveReason = z.enum(['left', 'kicked', 'banned']);

export const SERVER_EVENTS = {
  session: { name: 'session', summary: 'First event of a connection', body: SessionStarted },
  tokenExpiring: { name: 'token-expiring', summary: 'Send `auth-refresh` before the time is up', body: TokenExpiring },
  sessionRevoked: { name: 'session-revoked', summary: 'The session was revoked; the connection is closed after this', body: SessionRevoked },
  serverDraining: { name: 'server-draining', summary: 'Reconnect after the given delay', body: ServerDraining },
  error: { name: 'error', summary: 'Answer to an event that had no ack callback', body: SocketError },

  newMessage: {
    name: 'new-message',
    summary: 'A message; `messageType` is the type of the message, `type` that of the entry',
    body: entry('new-message', { ...messageFields, messageType: MessageType }),
  },
  messageEdited: {
    name: 'message-edited',
    summary: 'A message has new content',
    body: entry('message-edited', { id: Id, messageId: Id, messageSeq: Seq, content: z.string().nullable(), editedAt: Timestamp.nullable() }),
  },
  messageDeleted: {
    name: 'message-deleted',
    summary: 'A message was deleted',
    body: entry('message-deleted', { id: Id, messageId: Id, messageSeq: Seq, deletedAt: Timestamp }),
  },
  read: {
    name: 'read',
    summary: 'A member has read up to `lastReadSeq`; in a large room this goes to your own devices only and is not an entry, so it has no `seq`',
    body: entry('read', { userId: Id, lastReadSeq: Seq }).partial({ seq: true }),
  },
  memberJoined: {
    name: 'member-joined',
    summary: 'A member joined',
    body: z.union([entry('member-joined', { userId: Id, role: RoomRole }), pageEntry('member-joined', { userId: Id, role: DocumentRole })]),
  },
  memberLeft: {
    name: 'member-left',
    summary: 'A member left, or was removed',
    body: z.union([entry('member-left', { userId: Id, reason: LeaveReason }), pageEntry('member-left', { userId: Id, reason: LeaveReason })]),
  },
  memberUpdated: {
    name: 'member-updated',
    summary: 'A role or a mute has changed',
    body: z.union([
      entry('member-updated', { userId: Id, role: RoomRole, mutedUntil: Timestamp.nullable() }),
      pageEntry('member-updated', { userId: Id, role: DocumentRole }),
    ]),
  },
  roomUpdated: {
    name: 'room-updated',
    summary: 'The room has changed; with `deleted`, the room was deleted',
    body: entry('room-updated', { room: Room.omit({ lastSeq: true, memberCount: true }), deleted: z.literal(true).optional() }),
  },

  opPatch: {
    name: 'op-patch',
    summary: 'A page has changed; `version` is the one that this made',
    body: pageEntry('op-patch', {
      version: Seq,
      patches: AppliedPatch,
      opId: z.string().optional(),
      base: Seq.optional().meta({ description: 'Of a rebased patch: the version for which it was written' }),
      undoes: Seq.optional().meta({ description: 'Of an undo: the version whose change it takes back' }),
      repairs: Seq.optional().meta({ description: 'Of what has made a damaged page whole again: where that was broken' }),
    }),
  },
  pageUpdated: {
    name: 'page-updated',
    summary: 'The title of the page has changed; with `deleted`, the page was deleted',
    body: pageEntry('page-updated', { title: z.string(), deleted: z.literal(true).optional() }),
  },
  sync: { name: 'sync', summary: 'The whole page: after joining it, and when the client missed too much to be sent entries', body: PageSync },

  pageAdded: {
    name: 'page-added',
    summary: 'You have access to a page from now on: you created it, or somebody added you',
    volatile: true,
    body: z.object({ pageId: PageId, title: z.string(), addedBy: AddedBy }),
  },
  pageChanged: {
    name: 'page-changed',
    summary: 'The title of one of your pages, open or not, or your role on it has changed; with `role` null you no longer have access',
    volatile: true,
    body: z.object({ pageId: PageId, title: z.string(), role: DocumentRole.nullable() }),
  },
  cursorMove: { name: 'cursor-move', summary: 'The cursor of a user; at most 20 a second per sender', volatile: true, body: CursorMoved },
  roomAdded: {
    name: 'room-added',
    summary: 'You have become a member of a room: you joined it on any device, or somebody added you or opened a direct room with you',
    volatile: true,
    body: z.object({ roomId: Id, kind: Room.shape.kind, name: Room.shape.name, addedBy: AddedBy }),
  },
  blockChanged: {
    name: 'block-changed',
    summary: 'You have blocked or unblocked a user, on any device',
    volatile: true,
    body: z.object({ userId: Id, blocked: z.boolean() }),
  },
  typing: { name: 'typing', summary: 'A member is typing, or has stopped', volatile: true, body: z.object({ roomId: Id, userId: Id, on: z.boolean() }) },
  userJoin: { name: 'user-join', summary: 'A user has come online in the room, or on the page', volatile: true, body: z.union([z.object({ roomId: Id, userId: Id }), PageUserMoved]) },
  userLeave: { name: 'user-leave', summary: 'A user has gone offline in the room, or on the page', volatile: true, body: z.union([z.object({ roomId: Id, userId: Id }), PageUserMoved]) },
} as const satisfies Record<string, ServerEvent>;

/** Entry types, for those who append and those who render. */
export const ENTRY = {
  newMessage: SERVER_EVENTS.newMessage.name,
  messageEdited: SERVER_EVENTS.messageEdited.name,
  messageDeleted: SERVER_EVENTS.messageDeleted.name,
  read: SERVER_EVENTS.read.name,
  memberJoined: SERVER_EVENTS.memberJoined.name,
  memberLeft: SERVER_EVENTS.memberLeft.name,
  memberUpdated: SERVER_EVENTS.memberUpdated.name,
  roomUpdated: SERVER_EVENTS.roomUpdated.name,
  opPatch: SERVER_EVENTS.opPatch.name,
  pageUpdated: SERVER_EVENTS.pageUpdated.name,
} as const;
