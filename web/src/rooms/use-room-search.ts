import type { MyRoom } from '@atrium/client';
import { useRooms } from '@atrium/client/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matches } from './room-filter.js';
import { roomName } from './room-name.js';

/** One's rooms whose name, or other person, matches; null until they are loaded. */
export function useRoomSearch(query: string): readonly MyRoom[] | null {
  const { t } = useTranslation();
  const rooms = useRooms();
  return useMemo(() => {
    if (!rooms || query.trim() === '') return rooms;
    return rooms.filter((room) => matches(query, [roomName(t, room), room.peer?.username]));
  }, [rooms, query, t]);
}
