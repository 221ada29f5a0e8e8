import type { MyRoom } from '@atrium/client';

export interface WantedRoom {
  name: string;
  isPrivate: boolean;
  /** Empty: as it is. */
  password: string;
  maxMembers: number | null;
}

/** Only what is to be different: what others change in the meantime stays changed. */
export function roomChanges(room: Pick<MyRoom, 'name' | 'isPrivate' | 'maxMembers'>, wanted: WantedRoom): { name?: string; isPrivate?: boolean; password?: string | null; maxMembers?: number | null } {
  const name = wanted.name.trim();
  return {
    ...(name !== room.name && { name }),
    ...(wanted.isPrivate !== room.isPrivate && { isPrivate: wanted.isPrivate }),
    ...(wanted.password !== '' && { password: wanted.password }),
    ...(wanted.maxMembers !== room.maxMembers && { maxMembers: wanted.maxMembers }),
  };
}
