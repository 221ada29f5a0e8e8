import { useRooms } from '@atrium/client/react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { roomName } from '../rooms/room-name.js';
import { formatCount } from '../ui/format.js';

/** "(3) General – Atrium": what is open, and how much waits elsewhere. */
export function useDocumentTitle(roomId: string | undefined): void {
  const { t, i18n } = useTranslation();
  const rooms = useRooms() ?? [];
  const room = rooms.find(({ id }) => id === roomId);
  const unread = rooms.reduce((sum, { unread }) => sum + unread, 0);
  const title = titleOf(room && roomName(t, room), unread > 0 ? formatCount(unread, i18n.language) : undefined);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

export function titleOf(room: string | undefined, unread: string | undefined): string {
  return `${unread === undefined ? '' : `(${unread}) `}${room ? `${room} – ` : ''}Atrium`;
}
