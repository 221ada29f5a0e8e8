import type { MyRoom } from '@atrium/client';
import { LinkList } from '../ui/link-list.js';
import { RoomRow } from './room-row.js';

/** One's rooms. */
export function RoomList({ rooms, currentRoomId }: { rooms: readonly MyRoom[]; currentRoomId: string | undefined }) {
  return (
    <LinkList items={rooms} currentId={currentRoomId}>
      {(room, row) => <RoomRow room={room} {...row} />}
    </LinkList>
  );
}
