import type { MyRoom } from '@atrium/client';
import { Globe } from 'lucide-react';
import { Avatar } from '../ui/avatar.js';

interface RoomAvatarProps {
  room: Pick<MyRoom, 'id' | 'kind' | 'name'> & { peer?: MyRoom['peer'] };
  size?: number;
  isOnline?: boolean;
}

/** The face of a room: round for a person, square for a group. */
export function RoomAvatar({ room, size = 40, isOnline = false }: RoomAvatarProps) {
  const { id, kind, name, peer } = room;
  if (kind === 'direct') return <Avatar id={peer?.id ?? id} name={peer?.displayName ?? ''} url={peer?.avatarUrl} size={size} isOnline={isOnline} />;
  return <Avatar id={id} name={name ?? ''} size={size} isSquare icon={kind === 'world' ? <Globe aria-hidden /> : undefined} />;
}
