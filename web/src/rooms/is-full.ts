import type { RoomInfo } from '@atrium/client';

export function isFull({ maxMembers, memberCount }: Pick<RoomInfo, 'maxMembers' | 'memberCount'>): boolean {
  return maxMembers !== null && memberCount >= maxMembers;
}
