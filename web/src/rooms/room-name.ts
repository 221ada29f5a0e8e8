import type { MyRoom, RoomInfo } from '@atrium/client';
import type { TFunction } from 'i18next';

/** What a room is called: a direct one by the other person, the room of everyone in the reader's language. */
export function roomName(t: TFunction, room: Pick<MyRoom, 'kind' | 'name' | 'peer'> | RoomInfo): string {
  if (room.kind === 'world') return t('rooms.world');
  if (room.kind === 'direct') return ('peer' in room && room.peer?.displayName) || t('rooms.formerUser');
  return room.name ?? '';
}
