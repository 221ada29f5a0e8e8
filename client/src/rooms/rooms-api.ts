import type { CreatedInvite, Invite } from '../../../src/protocol/access.js';
import type { History, Message } from '../../../src/protocol/messages.js';
import type { Member, MyRoom, Room } from '../../../src/protocol/rooms.js';
import type { Profile } from '../../../src/protocol/users.js';
import { AtriumError } from '../errors.js';
import { type Rest, unwrap } from '../rest/rest.js';

const PAGE_ITEMS = 200;
const MEMBERS_PER_PAGE = 100;

/** The REST requests of rooms, as functions. */
export type RoomsApi = ReturnType<typeof roomsApi>;

export function roomsApi(rest: Rest) {
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    /** All of them. One that becomes active while the pages are read moves to the front: so of several the first is read again at the end. */
    async listMine(): Promise<MyRoom[]> {
      const rooms = new Map<string, MyRoom>();
      const readPage = async (cursor?: string): Promise<string | null> => {
        const { items, nextCursor } = await unwrap(rest.GET('/api/v1/rooms', { params: { query: { limit: PAGE_ITEMS, ...(cursor && { cursor }) } } }));
        for (const room of items) rooms.set(room.id, room);
        return nextCursor;
      };
      const second = await readPage();
      for (let cursor = second; cursor !== null; ) cursor = await readPage(cursor);
      if (second !== null) await readPage();
      return [...rooms.values()];
    },

    /** Null for a room that one is no member of. */
    async room(id: string): Promise<MyRoom | null> {
      const room: Room = await unwrap(rest.GET('/api/v1/rooms/{id}', at(id)));
      return 'role' in room ? (room as MyRoom) : null;
    },

    create: (body: { name: string; isPrivate?: boolean; password?: string; maxMembers?: number }): Promise<MyRoom> =>
      unwrap(rest.POST('/api/v1/rooms', { body })).then(asMember),
    createDirect: (userId: string): Promise<MyRoom> => unwrap(rest.POST('/api/v1/rooms/direct', { body: { userId } })).then(asMember),
    join: (id: string, password?: string): Promise<MyRoom> =>
      unwrap(rest.POST('/api/v1/rooms/{id}/join', { ...at(id), body: password === undefined ? {} : { password } })).then(asMember),
    leave: (id: string): Promise<void> => unwrap(rest.POST('/api/v1/rooms/{id}/leave', at(id))),
    discover: (q: string, cursor?: string): Promise<{ items: Room[]; nextCursor: string | null }> =>
      unwrap(rest.GET('/api/v1/rooms/discover', { params: { query: { ...(q && { q }), ...(cursor && { cursor }) } } })),

    history: (id: string, query: { before?: number; after?: number; around?: number; limit: number }): Promise<History> =>
      unwrap(rest.GET('/api/v1/rooms/{id}/messages', { params: { path: { id }, query } })),
    message: (id: string): Promise<Message> => unwrap(rest.GET('/api/v1/messages/{id}', at(id))),

    /** In the order in which they joined; with `q`, those whose names contain it. */
    members: (id: string, cursor?: string, q?: string): Promise<{ items: Member[]; nextCursor: string | null }> =>
      unwrap(rest.GET('/api/v1/rooms/{id}/members', { params: { path: { id }, query: { limit: MEMBERS_PER_PAGE, ...(cursor && { cursor }), ...(q && { q }) } } })),

    /** Makes somebody a member. @throws AtriumError PRECONDITION_FAILED they are one already, and stay what they are */
    addMember: (id: string, userId: string): Promise<void> =>
      unwrap(rest.PUT('/api/v1/rooms/{id}/members/{userId}', { params: { path: { id, userId }, header: { 'If-None-Match': '*' } }, body: { role: 'member' } })),
    /** A link that lets people in; its token is in this answer alone. */
    invite: (id: string, body: { role?: 'admin' | 'member'; expiresIn?: number; maxUses?: number | null }): Promise<CreatedInvite> => unwrap(rest.POST('/api/v1/rooms/{id}/invite', { ...at(id), body })),
    invites: (id: string, cursor?: string): Promise<{ items: Invite[]; nextCursor: string | null }> =>
      unwrap(rest.GET('/api/v1/rooms/{id}/invites', { params: { path: { id }, query: { ...(cursor && { cursor }) } } })),

    async findProfile(userId: string): Promise<Profile | null> {
      return unwrap(rest.GET('/api/v1/users/{id}', at(userId))).catch(() => null);
    },
    async profiles(ids: readonly string[]): Promise<readonly Profile[]> {
      const { items } = await unwrap(rest.GET('/api/v1/users', { params: { query: { ids: ids.join(','), limit: ids.length } } }));
      return items;
    },
  };
}

/**
 * The answer to a request that was repeated says so, which is nothing about the room; and it tells of the room as it is by then.
 * @throws AtriumError ROOM_NOT_FOUND one has left it again, and got what others see of it
 */
function asMember({ duplicate: _duplicate, ...room }: MyRoom & { duplicate?: true }): MyRoom {
  if (!('role' in room)) throw new AtriumError('ROOM_NOT_FOUND', 'You have left the room again');
  return room;
}
