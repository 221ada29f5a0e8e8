import type { CreatedInvite, Invite } from '@atrium/client';

export interface InviteOrder<R extends string> {
  role: R;
  /** Seconds. */
  expiresIn: number;
  /** Null for any number. */
  maxUses: number | null;
}

/** Something that people can be invited to by a link: a room, a page. */
export interface InviteSource<R extends string = string> {
  /** As what, the usual one first. */
  readonly roles: readonly { id: R; label: string }[];
  readonly create: (order: InviteOrder<R>) => Promise<CreatedInvite>;
  readonly list: (cursor: string | undefined) => Promise<{ items: readonly Invite[]; nextCursor: string | null }>;
}
