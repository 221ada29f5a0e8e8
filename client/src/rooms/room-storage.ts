import type { MyRoom } from '../../../src/protocol/rooms.js';
import type { Profile } from '../../../src/protocol/users.js';
import { databaseOf } from '../database.js';
import type { Window } from './timeline-state.js';

/** A room as the server had it at `state.lastSeq`. Whatever has changed since then is told by `resume`. */
export interface KeptRoom {
  readonly state: MyRoom;
  /** The messages that were loaded, as they were at that seq. Undefined for a room that was not opened lately. */
  readonly window?: Window;
  /** Who wrote them. */
  readonly profiles: readonly Profile[];
  /** By this machine's clock; 0: never. */
  readonly openedAtMs: number;
}

/** Where a client keeps what it has seen of rooms, to show it before the server has answered, and without a network. */
export interface RoomStorage {
  list(userId: string): Promise<KeptRoom[]>;
  /** A record that is older than the one that is there, perhaps from another tab, is not stored. */
  put(userId: string, rooms: readonly KeptRoom[]): Promise<void>;
  remove(userId: string, roomIds: readonly string[]): Promise<void>;
  /** Removes what belongs to anybody but this user; without one, everything. */
  forget(exceptUserId?: string): Promise<void>;
}

/** Gone with the process. */
export function memoryRooms(): RoomStorage {
  const users = new Map<string, Map<string, KeptRoom>>();
  const of = (userId: string): Map<string, KeptRoom> => {
    let rooms = users.get(userId);
    if (!rooms) users.set(userId, (rooms = new Map<string, KeptRoom>()));
    return rooms;
  };
  return {
    list: (userId) => Promise.resolve([...of(userId).values()]),
    put: (userId, rooms) => {
      for (const room of rooms) if (isNewer(room, of(userId).get(room.state.id))) of(userId).set(room.state.id, room);
      return Promise.resolve();
    },
    remove: (userId, roomIds) => Promise.resolve(roomIds.forEach((id) => of(userId).delete(id))),
    forget: (exceptUserId) => Promise.resolve([...users.keys()].forEach((userId) => userId !== exceptUserId && users.delete(userId))),
  };
}

/** In IndexedDB, by user: survives reloads, and is there without a network. */
export function browserRooms(name = 'atrium-rooms'): RoomStorage {
  const open = databaseOf(name, 'rooms');
  const store = async () => (await open()).transaction('rooms', 'readwrite').store;
  return {
    list: async (userId) => (await open()).getAll('rooms', IDBKeyRange.bound([userId, ''], [userId, '\uffff'])) as Promise<KeptRoom[]>,
    put: async (userId, rooms) => {
      const kept = await store();
      const putNewer = async (room: KeptRoom): Promise<void> => {
        const key = [userId, room.state.id];
        if (isNewer(room, (await kept.get(key)) as KeptRoom | undefined)) await kept.put(room, key);
      };
      await Promise.all(rooms.map(putNewer));
    },
    remove: async (userId, roomIds) => {
      const kept = await store();
      await Promise.all(roomIds.map((id) => kept.delete([userId, id])));
    },
    forget: async (exceptUserId) => {
      const kept = await store();
      const keys = (await kept.getAllKeys()) as [string, string][];
      await Promise.all(keys.filter(([userId]) => userId !== exceptUserId).map((key) => kept.delete(key)));
    },
  };
}

function isNewer(room: KeptRoom, known: KeptRoom | undefined): boolean {
  return !known || room.state.lastSeq >= known.state.lastSeq;
}
