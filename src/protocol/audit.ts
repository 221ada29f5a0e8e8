import { z } from 'zod';
import { DocumentRole, InviteKind } from './access.js';
import { SessionRevoked } from './connection.js';
import { Id, PageQuery, pageOf, Timestamp } from './primitives.js';
import { RoomRole } from './rooms.js';
import { User, WhoMayAdd } from './users.js';

/** What an event was done to. */
export const AuditTargetKind = z.enum(['user', 'session', 'room', 'page', 'invite', 'message']);
export type AuditTargetKind = z.output<typeof AuditTargetKind>;

interface AuditRule<D extends z.ZodObject = z.ZodObject> {
  readonly target: AuditTargetKind | null;
  readonly detail: D;
}

const on = <S extends z.ZodRawShape = Record<never, never>>(target: AuditTargetKind | null, detail?: S): AuditRule<z.ZodObject<S, z.core.$strict>> => ({
  target,
  detail: z.strictObject(detail ?? ({} as S)),
});
const change = <T extends z.ZodType>(type: T) => ({ from: type, to: type });
const { reason: RevocationReason } = SessionRevoked.shape;
/** Null: for ever. */
const until = { until: Timestamp.nullable() };
/** Requests of callers who are not signed in that were refused, as a count of about a minute. */
const refusals = { reason: z.string().max(64), count: z.int() };
const pageId = { pageId: z.string() };

/**
 * Every event that is recorded: what it is done to, and the details that are kept. Those are kinds, roles, times, counts and names of
 * fields; never what people write or what is secret. Actions are only ever added.
 */
export const AUDIT = {
  'user.registered': on('user'),
  'user.profile-changed': on('user', { fields: z.array(z.enum(['displayName', 'avatarUrl', 'whoMayAdd'])), whoMayAdd: WhoMayAdd.optional() }),
  'user.password-changed': on('user'),
  'user.status-changed': on('user', change(User.shape.status)),
  'user.admin-changed': on('user', change(z.boolean())),

  'session.created': on('session'),
  'session.ended': on('session', { reason: RevocationReason }),
  'session.all-ended': on('user', { reason: RevocationReason, count: z.int() }),
  'session.reuse-detected': on('user', { sessionId: Id }),

  'room.created': on('room', { kind: z.enum(['group', 'direct']), isPrivate: z.boolean().optional(), hasPassword: z.boolean().optional() }),
  'room.updated': on('room', { fields: z.array(z.enum(['name', 'isPrivate', 'password', 'maxMembers'])), isPrivate: z.boolean().optional(), hasPassword: z.boolean().optional(), maxMembers: z.int().nullable().optional() }),
  'room.deleted': on('room'),
  'room.member.joined': on('user', { role: RoomRole, by: z.enum(['open-door', 'password', 'invite']) }),
  'room.member.added': on('user', { role: RoomRole }),
  'room.member.left': on('user'),
  'room.member.kicked': on('user'),
  'room.member.banned': on('user', until),
  'room.member.unbanned': on('user'),
  'room.member.muted': on('user', until),
  'room.member.unmuted': on('user'),
  'room.member.role-changed': on('user', change(RoomRole)),
  'message.moderated': on('message', { senderId: Id.nullable() }),

  'page.created': on('page', pageId),
  'page.renamed': on('page', pageId),
  'page.deleted': on('page', pageId),
  'page.restored': on('page', pageId),
  'document.member.joined': on('user', { role: DocumentRole }),
  'document.member.added': on('user', { role: DocumentRole }),
  'document.member.left': on('user'),
  'document.member.removed': on('user'),
  'document.member.role-changed': on('user', change(DocumentRole)),

  'invite.created': on('invite', { kind: InviteKind, role: z.union([DocumentRole, RoomRole]), expiresIn: z.int(), maxUses: z.int().nullable() }),
  'invite.accepted': on('invite', { kind: InviteKind }),
  'invite.revoked': on('invite', { kind: InviteKind }),

  'login.refused': on(null, refusals),
  'refresh.refused': on(null, refusals),
  'token.refused': on(null, refusals),
  'rate-limit.refused': on(null, refusals),
} as const satisfies Record<string, AuditRule>;

export type AuditAction = keyof typeof AUDIT;
export type AuditDetail<A extends AuditAction> = z.output<(typeof AUDIT)[A]['detail']>;

export const AuditAction = z.enum(Object.keys(AUDIT) as [AuditAction, ...AuditAction[]]);

export const AuditActorKind = z.enum(['user', 'server', 'anonymous']).meta({ description: '`server`: nobody asked for it; `anonymous`: somebody who is not known' });
export type AuditActorKind = z.output<typeof AuditActorKind>;

/** One event, as an administrator sees it. */
export const AuditEvent = z
  .object({
    id: Id,
    at: Timestamp,
    action: AuditAction,
    actorKind: AuditActorKind,
    actorId: Id.nullable(),
    target: z.object({ kind: AuditTargetKind, id: Id }).nullable().meta({ description: 'What it was done to, or to whom' }),
    channelId: Id.nullable().meta({ description: 'The room or page in which it happened' }),
    requestId: z.string().nullable().meta({ description: 'Of a request, its `X-Request-Id`; of a socket event, the id of the connection and a number' }),
    detail: z.record(z.string(), z.unknown()),
    device: z
      .object({ address: z.string(), userAgent: z.string().nullable() })
      .nullable()
      .meta({ description: 'From where; null when it is not known, or was erased' }),
    deviceErased: z.boolean().meta({ description: 'The key to `device` was destroyed along with the account' }),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.output<typeof AuditEvent>;
export const AuditEventPage = pageOf(AuditEvent);

export const AuditQuery = PageQuery.extend({
  actor: Id.optional(),
  action: AuditAction.optional(),
  target: Id.optional(),
  channel: Id.optional().meta({ description: 'The id of a room, or the `id` of a page' }),
  since: Timestamp.optional().meta({ description: 'This moment included' }),
  until: Timestamp.optional().meta({ description: 'This moment not included' }),
});
export type AuditQuery = z.output<typeof AuditQuery>;
