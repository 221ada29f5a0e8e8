import type { RoomRole } from '../../protocol/rooms.js';

/** Who may do what in a group. Higher roles have what lower ones have. */
const LOWEST_ROLE = {
  'room:read': 'member',
  'room:leave': 'member',
  'message:send': 'member',
  'message:edit-own': 'member',
  'message:delete-own': 'member',
  'message:delete-any': 'admin',
  'member:add': 'admin',
  'room:invite': 'admin',
  'room:invite-admin': 'owner',
  'member:mute': 'admin',
  'member:kick': 'admin',
  'member:ban': 'admin',
  'room:update': 'admin',
  'member:set-role': 'owner',
  'room:delete': 'owner',
} as const satisfies Record<string, RoomRole>;

export type RoomAction = keyof typeof LOWEST_ROLE;

/** In direct rooms and in the world there is nothing to govern. */
const WITHOUT_GOVERNMENT = new Set<RoomAction>(['room:read', 'message:send', 'message:edit-own', 'message:delete-own']);

const RANK: Record<RoomRole, number> = { member: 0, admin: 1, owner: 2 };

export function can(role: RoomRole, action: RoomAction, kind: 'direct' | 'group' | 'world'): boolean {
  if (kind !== 'group' && !WITHOUT_GOVERNMENT.has(action)) return false;
  return RANK[role] >= RANK[LOWEST_ROLE[action]];
}

/** One may only act on somebody of a lower role. */
export function outranks(role: RoomRole, other: RoomRole): boolean {
  return RANK[role] > RANK[other];
}

/** Whom one may let in, and as what: members, and whom one would outrank. */
export function mayAdmit(role: RoomRole, as: RoomRole): boolean {
  return as === 'member' || outranks(role, as);
}
