import { useRooms } from '@atrium/client/react';
import { Conversation } from '../conversation/conversation.js';
import { LoadingPage } from '../shell/loading-page.js';
import { RoomEntrance } from './room-entrance.js';

/** A room: the conversation for its members, the entrance for everybody else. */
export function RoomPane({ roomId }: { roomId: string }) {
  const rooms = useRooms();
  if (rooms === null) return <LoadingPage />;
  return rooms.some(({ id }) => id === roomId) ? <Conversation key={roomId} roomId={roomId} /> : <RoomEntrance key={roomId} roomId={roomId} />;
}
