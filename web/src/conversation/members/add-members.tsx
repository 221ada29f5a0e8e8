import type { Room } from '@atrium/client';
import { useClient, useMembers } from '@atrium/client/react';
import { useMemo } from 'react';
import { AddPeople } from '../../people/add-people.js';

/** Finds people and makes them members of the room; whoever is one already stays what they are. */
export function AddMembers({ room }: { room: Room }) {
  const { api } = useClient();
  const members = useMembers(room);
  const memberIds = useMemo(() => new Set(members?.items.map(({ user }) => user.id)), [members]);
  return <AddPeople memberIds={memberIds} onAdd={(userId) => api.addMember(room.id, userId)} />;
}
