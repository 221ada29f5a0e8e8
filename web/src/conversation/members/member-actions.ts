import { type AtriumClient, can, type Member, type MyRoom, outranks, unwrap } from '@atrium/client';

export type MemberAction = 'makeAdmin' | 'makeMember' | 'handOver' | 'muteHour' | 'muteDay' | 'muteForEver' | 'unmute' | 'kick' | 'ban' | 'block' | 'unblock';

const HOUR_MS = 3_600_000;

/** What one may do about a member, in the order of a menu; the server decides by the same table. */
export function actionsOn(member: Member, { role, kind }: Pick<MyRoom, 'role' | 'kind'>, ownId: string, now = Date.now()): MemberAction[] {
  if (member.user.id === ownId || !outranks(role, member.role)) return [];
  const isMuted = isMutedAt(member, now);
  const actions: [MemberAction, boolean][] = [
    ['makeAdmin', can(role, 'member:set-role', kind) && member.role === 'member'],
    ['makeMember', can(role, 'member:set-role', kind) && member.role === 'admin'],
    ['handOver', can(role, 'member:set-role', kind)],
    ['muteHour', can(role, 'member:mute', kind) && !isMuted],
    ['muteDay', can(role, 'member:mute', kind) && !isMuted],
    ['muteForEver', can(role, 'member:mute', kind) && !isMuted],
    ['unmute', can(role, 'member:mute', kind) && isMuted],
    ['kick', can(role, 'member:kick', kind)],
    ['ban', can(role, 'member:ban', kind)],
  ];
  return actions.flatMap(([action, isAllowed]) => (isAllowed ? action : []));
}

/** What one may do about somebody, member by member: keep order in the room, and choose whom one wants nothing from. */
export function choicesAbout(member: Member, room: Pick<MyRoom, 'role' | 'kind'>, ownId: string, blocked: ReadonlySet<string> | null): MemberAction[] {
  const { id } = member.user;
  const isKnown = id !== ownId && blocked !== null;
  return [...actionsOn(member, room, ownId), ...(isKnown ? [blocked.has(id) ? ('unblock' as const) : ('block' as const)] : [])];
}

export function isMutedAt({ mutedUntil }: Pick<Member, 'mutedUntil'>, now: number): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > now;
}

/** @throws AtriumError when the server refuses */
export async function perform({ rest, users }: AtriumClient, roomId: string, userId: string, action: MemberAction): Promise<void> {
  const params = { path: { id: roomId, userId } };
  const setRole = (role: Member['role']): Promise<unknown> => unwrap(rest.PUT('/api/v1/rooms/{id}/members/{userId}', { params, body: { role } }));
  const mute = (body: { until?: string }): Promise<unknown> => unwrap(rest.POST('/api/v1/rooms/{id}/members/{userId}/mute', { params, body }));
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  switch (action) {
    case 'makeAdmin':
      return void (await setRole('admin'));
    case 'makeMember':
      return void (await setRole('member'));
    case 'handOver':
      return void (await setRole('owner'));
    case 'muteHour':
      return void (await mute({ until: inMs(HOUR_MS) }));
    case 'muteDay':
      return void (await mute({ until: inMs(24 * HOUR_MS) }));
    case 'muteForEver':
      return void (await mute({}));
    case 'unmute':
      return void (await mute({ until: new Date(0).toISOString() }));
    case 'block':
      return users.block(userId);
    case 'unblock':
      return users.unblock(userId);
    case 'kick':
      return void (await unwrap(rest.DELETE('/api/v1/rooms/{id}/members/{userId}', { params })));
    case 'ban':
      return void (await unwrap(rest.POST('/api/v1/rooms/{id}/members/{userId}/ban', { params, body: {} })));
  }
}
