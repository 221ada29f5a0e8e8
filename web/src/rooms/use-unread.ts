import { useRooms } from '@atrium/client/react';

/** How many messages wait in all of one's rooms. */
export function useUnread(): number {
  return (useRooms() ?? []).reduce((sum, { unread }) => sum + unread, 0);
}
