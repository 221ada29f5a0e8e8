import type { AuditAction } from '../../src/protocol/audit.js';
import { CLIENT_EVENTS } from '../../src/protocol/events.js';

/**
 * Every request that changes something, by what is recorded of it. Whoever adds a route decides here: either it changes rights, sessions,
 * accounts or settings, and `Audit.record` is called in its transaction; or there is a reason why not.
 */
export const AUDITED_ROUTES: Readonly<Record<string, readonly AuditAction[]>> = {
  'PATCH /admin/users/{id}': ['user.status-changed', 'user.admin-changed'],
  'POST /auth/claim-admin': ['user.admin-changed'],
  'POST /auth/register': ['user.registered', 'session.created'],
  'POST /auth/login': ['session.created'],
  'POST /auth/logout': ['session.ended'],
  'POST /auth/logout-all': ['session.all-ended'],
  'POST /auth/password': ['user.password-changed', 'session.all-ended'],
  'DELETE /auth/sessions/{id}': ['session.ended'],
  'PATCH /users/me': ['user.profile-changed'],
  'POST /rooms': ['room.created'],
  'POST /rooms/direct': ['room.created'],
  'PATCH /rooms/{id}': ['room.updated'],
  'DELETE /rooms/{id}': ['room.deleted'],
  'POST /rooms/{id}/invite': ['invite.created'],
  'POST /rooms/{id}/join': ['room.member.joined'],
  'POST /rooms/{id}/leave': ['room.member.left'],
  'PUT /rooms/{id}/members/{userId}': ['room.member.added', 'room.member.role-changed'],
  'DELETE /rooms/{id}/members/{userId}': ['room.member.kicked'],
  'POST /rooms/{id}/members/{userId}/ban': ['room.member.banned', 'room.member.unbanned'],
  'POST /rooms/{id}/members/{userId}/mute': ['room.member.muted', 'room.member.unmuted'],
  'DELETE /messages/{id}': ['message.moderated'],
  'POST /pages': ['page.created'],
  'POST /pages/{pageId}/duplicate': ['page.created'],
  'PUT /pages/{pageId}/title': ['page.renamed'],
  'DELETE /pages/{pageId}': ['page.deleted'],
  'POST /pages/{pageId}/restore': ['page.restored'],
  'POST /pages/{pageId}/invite': ['invite.created'],
  'PUT /pages/{pageId}/members/{userId}': ['document.member.added', 'document.member.role-changed'],
  'DELETE /pages/{pageId}/members/{userId}': ['document.member.removed', 'document.member.left'],
  'POST /invites/{token}/accept': ['invite.accepted', 'room.member.joined', 'document.member.joined'],
  'DELETE /invites/{id}': ['invite.revoked'],
};

const CONTENT = 'content: who has written what is in the journal';

export const NOT_AUDITED_ROUTES: Readonly<Record<string, string>> = {
  'POST /auth/refresh': 'the session goes on; only that a token is used twice is recorded',
  'PUT /users/me/blocks/{userId}': 'private: whom somebody blocks is no business of administrators',
  'DELETE /users/me/blocks/{userId}': 'private: whom somebody blocks is no business of administrators',
  'POST /rooms/{id}/messages': CONTENT,
  'PATCH /messages/{id}': CONTENT,
  'POST /rooms/{id}/read': 'private: what somebody has read is no right',
  'PATCH /pages/{pageId}': CONTENT,
  'PUT /pages/{pageId}': CONTENT,
  'POST /pages/{pageId}/undo': CONTENT,
  'POST /pages/{pageId}/revert': CONTENT,
};

/** The same for socket events. Those that are audited are marked as such in `CLIENT_EVENTS`. */
export const AUDITED_EVENTS: Readonly<Record<string, readonly AuditAction[]>> = {
  [CLIENT_EVENTS.roomJoin.name]: ['room.member.joined'],
  [CLIENT_EVENTS.deleteMessage.name]: ['message.moderated'],
};

const ONLY_LISTENING = 'changes what this socket hears, not what its user may do';

export const NOT_AUDITED_EVENTS: Readonly<Record<string, string>> = {
  [CLIENT_EVENTS.authRefresh.name]: 'the session goes on',
  [CLIENT_EVENTS.resume.name]: ONLY_LISTENING,
  [CLIENT_EVENTS.roomLeave.name]: ONLY_LISTENING,
  [CLIENT_EVENTS.pageJoin.name]: ONLY_LISTENING,
  [CLIENT_EVENTS.pageLeave.name]: ONLY_LISTENING,
  [CLIENT_EVENTS.sendMessage.name]: CONTENT,
  [CLIENT_EVENTS.editMessage.name]: CONTENT,
  [CLIENT_EVENTS.opPatch.name]: CONTENT,
  [CLIENT_EVENTS.markRead.name]: 'private: what somebody has read is no right',
  [CLIENT_EVENTS.typing.name]: 'volatile',
  [CLIENT_EVENTS.cursorMove.name]: 'volatile',
};

/** What no request brings about: the server finds it, or counts it. */
export const AUDITED_OTHERWISE: readonly AuditAction[] = ['session.reuse-detected', 'login.refused', 'refresh.refused', 'token.refused', 'rate-limit.refused'];
