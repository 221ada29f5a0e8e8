import { z } from 'zod';
import { Duplicate } from './duplicate.js';
import { Entry } from './entries.js';
import { Message } from './messages.js';
import { Id, name, PageQuery, pageOf, query, RoomRef, Seq, Timestamp } from './primitives.js';
import { Profile, UsersQuery } from './users.js';

export const RoomRole = z.enum(['owner', 'admin', 'member']);
export type RoomRole = z.output<typeof RoomRole>;

const roomFields = {
  id: Id,
  kind: z.enum(['direct', 'group', 'world']),
  name: z.string().nullable().meta({ description: 'null for direct rooms: show the peer' }),
  isPrivate: z.boolean(),
  hasPassword: z.boolean(),
  ownerId: Id.nullable(),
  workspaceId: Id.nullable(),
  maxMembers: z.int().nullable(),
  memberCount: z.int(),
  lastSeq: Seq,
  createdAt: Timestamp,
};
export const Room = z.object(roomFields).meta({ id: 'Room' });
export type Room = z.output<typeof Room>;

/** A room as its member sees it. */
export const MyRoom = z
  .object({
    ...roomFields,
    role: RoomRole,
    peer: Profile.nullable().meta({ description: 'The other one of a direct room' }),
    lastReadSeq: Seq,
    unread: z.int().meta({ description: 'Messages of others after the read position that are not deleted' }),
    mutedUntil: Timestamp.nullable(),
    lastMessage: Message.nullable(),
    duplicate: Duplicate,
  })
  .meta({ id: 'MyRoom' });
export type MyRoom = z.output<typeof MyRoom>;

export const MyRoomPage = pageOf(MyRoom);
export const RoomPage = pageOf(Room);

const RoomName = name(80);
const RoomPassword = z.string().min(1).max(128, { abort: true }).refine((password) => password.isWellFormed(), 'must be well-formed Unicode');
/** Large enough for a company, small enough that one join cannot be used to exhaust the server. */
const MaxMembers = z.int().min(2).max(100_000);

export const CreateRoom = z
  .strictObject({
    name: RoomName,
    kind: z.literal('group').default('group'),
    isPrivate: z.boolean().default(false),
    password: RoomPassword.optional(),
    maxMembers: MaxMembers.optional(),
    workspaceId: Id.optional(),
  })
  .meta({ id: 'CreateRoom' });
export type CreateRoom = z.output<typeof CreateRoom>;

export const CreateDirect = z.strictObject({ userId: Id }).meta({ id: 'CreateDirect' });

export const UpdateRoom = z
  .strictObject({
    name: RoomName.optional(),
    isPrivate: z.boolean().optional(),
    password: RoomPassword.nullable().optional().meta({ description: 'null removes it' }),
    maxMembers: MaxMembers.nullable().optional(),
  })
  .meta({ id: 'UpdateRoom' });
export type UpdateRoom = z.output<typeof UpdateRoom>;

export const JoinRoom = z.strictObject({ password: RoomPassword.optional() }).meta({ id: 'JoinRoom' });

export const Member = z
  .object({
    user: Profile,
    role: RoomRole,
    joinedAt: Timestamp,
    mutedUntil: Timestamp.nullable(),
    lastReadSeq: Seq,
    online: z.boolean(),
  })
  .meta({ id: 'Member' });
export type Member = z.output<typeof Member>;
export const MemberPage = pageOf(Member);

export const MembersQuery = PageQuery.extend({ q: UsersQuery.shape.q });
export type MembersQuery = z.output<typeof MembersQuery>;

export const PutMember = z.strictObject({ role: RoomRole }).meta({ id: 'PutMember' });
export const Until = z
  .strictObject({ until: Timestamp.nullable().optional().meta({ description: 'Absent: for ever. In the past: lift it' }) })
  .meta({ id: 'Until' });

export const DiscoverQuery = PageQuery.extend({ q: query(80).optional() });
export type DiscoverQuery = z.output<typeof DiscoverQuery>;

export const MarkReadBody = z.strictObject({ seq: Seq }).meta({ id: 'MarkReadBody' });
export const MarkRead = MarkReadBody.extend({ roomId: RoomRef }).strict().meta({ id: 'MarkRead' });
export const ReadState = z.object({ lastReadSeq: Seq, unread: z.int(), duplicate: Duplicate }).meta({ id: 'ReadState' });
export type ReadState = z.output<typeof ReadState>;

export const RoomJoin = z
  .strictObject({ roomId: RoomRef, after: Seq.optional(), password: RoomPassword.optional() })
  .meta({ id: 'RoomJoin' });
export type RoomJoin = z.output<typeof RoomJoin>;

/** `entries` is there when `after` was given and everything since can be told; `reset` asks to load history afresh. */
export const RoomJoined = z
  .object({
    room: Room,
    role: RoomRole,
    lastSeq: Seq,
    entries: z.array(Entry).optional(),
    reset: z.literal(true).optional(),
    online: z.array(Id),
  })
  .meta({ id: 'RoomJoined' });

export const RoomLeave = z.strictObject({ roomId: RoomRef }).meta({ id: 'RoomLeave' });
export const Typing = z.strictObject({ roomId: RoomRef, on: z.boolean() }).meta({ id: 'Typing' });
