export { AtriumClient, type AtriumOptions } from './atrium-client.js';
export type { Auth } from './auth/auth.js';
export { browserTokens, memoryTokens, type SignInNote, type StoredTokens, type TokenStorage } from './auth/token-storage.js';
export type { Status } from './connection/connection.js';
export { AtriumError, type AtriumErrorCode, type Quota } from './errors.js';
export { browserOutbox, memoryOutbox, type Operation, type OutboxStorage } from './outbox/outbox-storage.js';
export type { CursorPosition } from './pages/cursors.js';
export { browserEdits, type EditStorage, type KeptEdits, memoryEdits } from './pages/edit-storage.js';
export type { Page } from './pages/page.js';
export type { PageList, PageListView } from './pages/page-list.js';
export type { ComponentPlace, PageTree } from './pages/page-tree.js';
export type {
  Component,
  ComponentId,
  EditOutcome,
  Fragment,
  PageCursor,
  PageSnapshot,
  PageState,
  PageUser,
  PageView,
  PatchOperation,
  RejectedEdit,
  Saved,
} from './pages/page-types.js';
export type { AddedPage } from './pages/pages.js';
export type { PagesApi, PagesFilter } from './pages/pages-api.js';
export { type Rest, unwrap } from './rest/rest.js';
export type { MemberList, MembersView } from './rooms/member-list.js';
export type { Room } from './rooms/room.js';
export { browserRooms, type KeptRoom, memoryRooms, type RoomStorage } from './rooms/room-storage.js';
export type { AddedRoom, Rooms } from './rooms/rooms.js';
export type { RoomsApi } from './rooms/rooms-api.js';
export type { Timeline, TimelineMessage, TimelineView } from './rooms/timeline.js';
export { isSameJson } from './same-json.js';
export { type Readable, Value, when } from './store.js';
export type { Block } from './users/block-list.js';
export type { Users } from './users/users.js';

export type { AcceptedInvite, CreatedInvite, DocumentMember, DocumentRole, Invite, InvitePreview } from '../../src/protocol/access.js';
export type { ChangePassword, Login, Register, Session } from '../../src/protocol/auth.js';
export type { EntryView } from '../../src/protocol/entries.js';
/** Who may do what with a page, by the server's own table. */
export { can as canOnPage, type DocumentAction as PageAction } from '../../src/modules/access/document.policy.js';
/** Who may do what in a room, by the server's own table. */
export { can, outranks, type RoomAction } from '../../src/modules/rooms/rooms.policy.js';
export type { ErrorCode, FieldError } from '../../src/protocol/errors.js';
export { LIMITS } from '../../src/protocol/limits.js';
export type { History, Message, MessageAck, Receipt } from '../../src/protocol/messages.js';
export type { CreatePage, PageDocument, PageSummary } from '../../src/protocol/pages.js';
export type { CreateRoom, Member, MyRoom, Room as RoomInfo, RoomRole } from '../../src/protocol/rooms.js';
export type { Profile, User, WhoMayAdd } from '../../src/protocol/users.js';
/** A message without what the server refuses, by the server's own rule of visible text. */
export { cleanText } from '../../src/protocol/visible-text.js';
