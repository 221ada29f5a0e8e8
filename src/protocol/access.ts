import { z } from 'zod';
import { Duplicate } from './duplicate.js';
import { Id, pageOf, Timestamp } from './primitives.js';
import { RoomRole } from './rooms.js';
import { Profile } from './users.js';

/** Roles on a document (a page, a board): owners also manage who is in, viewers only look. */
export const DocumentRole = z.enum(['owner', 'editor', 'viewer']);
export type DocumentRole = z.output<typeof DocumentRole>;

/** Somebody who has a role on a document. */
export const DocumentMember = z
  .object({
    user: Profile,
    role: DocumentRole,
    joinedAt: Timestamp,
    online: z.boolean(),
  })
  .meta({ id: 'DocumentMember' });
export type DocumentMember = z.output<typeof DocumentMember>;
export const DocumentMemberPage = pageOf(DocumentMember);

export const PutDocumentMember = z.strictObject({ role: DocumentRole }).meta({ id: 'PutDocumentMember' });

/** What an invite lets somebody into. */
export const InviteKind = z.enum(['room', 'page', 'board', 'workspace']);
export type InviteKind = z.output<typeof InviteKind>;

const DAY_SECONDS = 86_400;
/** A link that works for ever is a key under the doormat. */
const ExpiresIn = z.int().min(60).max(365 * DAY_SECONDS).default(7 * DAY_SECONDS).meta({ description: 'Seconds; default 7 days' });
const MaxUses = z.int().min(1).max(10_000).nullable().default(null).meta({ description: 'null: as often as wanted until it expires' });

/** Nobody becomes an owner by a link. */
export const CreateDocumentInvite = z
  .strictObject({ role: z.enum(['editor', 'viewer']), expiresIn: ExpiresIn, maxUses: MaxUses })
  .meta({ id: 'CreateDocumentInvite' });
export const CreateRoomInvite = z
  .strictObject({ role: z.enum(['admin', 'member']).default('member'), expiresIn: ExpiresIn, maxUses: MaxUses })
  .meta({ id: 'CreateRoomInvite' });

const inviteFields = {
  id: Id,
  kind: InviteKind,
  targetId: z.string().meta({ description: 'The room, page, board or workspace' }),
  role: z.union([DocumentRole, RoomRole]),
  expiresAt: Timestamp,
  maxUses: z.int().nullable(),
  uses: z.int(),
  createdAt: Timestamp,
  createdBy: Profile.nullable(),
};

/** An invite as those see it who manage it: without its token, which nobody can read again. */
export const Invite = z.object(inviteFields).meta({ id: 'Invite' });
export type Invite = z.output<typeof Invite>;
export const InvitePage = pageOf(Invite);

/** The one answer that has the token. */
export const CreatedInvite = z
  .object({ ...inviteFields, token: z.string(), url: z.string().meta({ description: 'Where to send somebody; only a hash of the token is stored' }) })
  .meta({ id: 'CreatedInvite' });
export type CreatedInvite = z.output<typeof CreatedInvite>;

/** What whoever holds the link may know before accepting it. */
export const InvitePreview = z
  .object({
    kind: InviteKind,
    role: inviteFields.role,
    name: z.string().nullable().meta({ description: 'Of the room, page, board or workspace' }),
    expiresAt: Timestamp,
    invitedBy: Profile.nullable(),
  })
  .meta({ id: 'InvitePreview' });
export type InvitePreview = z.output<typeof InvitePreview>;

export const AcceptedInvite = z.object({ kind: InviteKind, id: z.string(), role: inviteFields.role, duplicate: Duplicate }).meta({ id: 'AcceptedInvite' });
export type AcceptedInvite = z.output<typeof AcceptedInvite>;

/** 32 random bytes in base64url. Any other text is no mistake of the client's: a link that was copied badly is an invite that does not exist. */
export const InviteToken = z.string().meta({ description: '43 characters', example: 'Zk1vR0pQd2x0b2tlbm9mMzJyYW5kb21ieXRlc2hlcmU' });
