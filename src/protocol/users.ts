import { z } from 'zod';
import { listOf } from './bounded.js';
import { LIMITS } from './limits.js';
import { checkedString, Id, name, PageQuery, pageOf, query, Timestamp, webAddress } from './primitives.js';
import { findUsernameProblem } from './usernames.js';

/** See `findUsernameProblem`; compared without case, and by what it looks like. */
export const Username = checkedString(2, 32, findUsernameProblem).meta({ pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}_.-]*$', example: 'ada' });

export const DisplayName = name(64);

/** What anyone who is signed in may see of a user. */
export const Profile = z
  .object({ id: Id, username: z.string(), displayName: z.string(), avatarUrl: z.string().nullable() })
  .meta({ id: 'Profile' });
export type Profile = z.output<typeof Profile>;

/** Who may make somebody a member of a room or page by name, or open a direct room with them. `shared`: who shares a room or page with them already, other than the world. */
export const WhoMayAdd = z.enum(['anyone', 'shared', 'nobody']);
export type WhoMayAdd = z.output<typeof WhoMayAdd>;

/** What a user sees of oneself, and an administrator of everyone. */
export const User = z
  .object({
    ...Profile.shape,
    email: z.string(),
    status: z.enum(['active', 'inactive', 'suspended']),
    isAdmin: z.boolean(),
    whoMayAdd: WhoMayAdd.meta({ description: 'Who may add them by name, or open a direct room with them' }),
    createdAt: Timestamp,
  })
  .meta({ id: 'User' });
export type User = z.output<typeof User>;

export const UpdateMe = z
  .strictObject({
    displayName: DisplayName.optional(),
    avatarUrl: webAddress(2048).nullable().optional(),
    whoMayAdd: WhoMayAdd.optional(),
  })
  .meta({ id: 'UpdateMe' });
export type UpdateMe = z.output<typeof UpdateMe>;

export const UsersQuery = PageQuery.extend({
  q: query(64).optional().meta({ description: 'Part of a username or display name' }),
});
export type UsersQuery = z.output<typeof UsersQuery>;

/** One `limit` fits them all. */
const UserIds = z
  .string()
  .max(LIMITS.pageItems * 37, { abort: true })
  .transform((text) => text.split(','))
  .pipe(listOf(Id, LIMITS.pageItems).min(1));

/** Either who matches, or who has these ids. */
export const ProfilesQuery = UsersQuery.extend({
  ids: UserIds.optional().meta({ description: 'Ids separated by commas: their profiles, of former users too, on one page. Unknown ones are left out' }),
}).refine(({ ids, q, cursor }) => ids === undefined || (q === undefined && cursor === undefined), { path: ['ids'], message: 'excludes q and cursor' });
export type ProfilesQuery = z.output<typeof ProfilesQuery>;

export const AdminUpdateUser = z
  .strictObject({ status: User.shape.status.optional(), isAdmin: z.boolean().optional() })
  .meta({ id: 'AdminUpdateUser' });
export type AdminUpdateUser = z.output<typeof AdminUpdateUser>;

/** Somebody whom one has blocked. */
export const Block = z.object({ user: Profile, blockedAt: Timestamp }).meta({ id: 'Block' });
export type Block = z.output<typeof Block>;
export const BlockPage = pageOf(Block);

export const ProfilePage = pageOf(Profile);
export const UserPage = pageOf(User);

/** `token` is what stands behind the `#` of the link that a server without an administrator prints when it starts. */
export const ClaimAdmin = z.strictObject({ token: z.string().min(1).max(512) }).meta({ id: 'ClaimAdmin' });
export type ClaimAdmin = z.output<typeof ClaimAdmin>;
