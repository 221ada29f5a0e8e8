import { describe, expect, it } from 'vitest';
import type { MyRoom } from '../../../src/protocol/rooms.js';
import { ADA, at, BOB, deleted, edited, entry, message, myRoom, sent } from '../wire.fixture.js';
import { afterReading, roomAfter } from './room-state.js';

/** What entries make of the room as Ada sees it. */
function after(room: MyRoom, ...entries: Parameters<typeof roomAfter>[1][]): MyRoom | null {
  return entries.reduce<MyRoom | null>((state, next) => state && roomAfter(state, next, ADA).room, room);
}

const isStaleAfter = (room: MyRoom, next: Parameters<typeof roomAfter>[1]): boolean => roomAfter(room, next, ADA).isStale === true;
const read = (seq: number, userId: string, lastReadSeq: number) => entry(seq, 'read', { userId, lastReadSeq });
const member = (seq: number, type: string, userId: string, fields: Record<string, unknown> = {}) => entry(seq, type, { userId, ...fields });

describe('unread', () => {
  it('counts messages of others, and none that was deleted before it was told', () => {
    expect(after(myRoom(), sent(1), sent(2), sent(3, { content: null, deletedAt: at(9) }))).toMatchObject({ unread: 2, lastSeq: 3, lastReadSeq: 0 });
  });

  it('is nothing after one’s own message', () => {
    expect(after(myRoom(), sent(1), sent(2, { senderId: ADA }))).toMatchObject({ unread: 0, lastReadSeq: 2 });
    expect(after(myRoom(), sent(1, { senderId: ADA }), sent(2))).toMatchObject({ unread: 1, lastReadSeq: 1 });
  });

  it('is nothing when the last message was read', () => {
    const room = after(myRoom(), sent(1), sent(2), edited(3, 1))!;
    expect(afterReading(room, 2)).toEqual({ room: { ...room, unread: 0, lastReadSeq: 2 }, isStale: false });
    expect(after(room, read(4, ADA, 2))).toMatchObject({ unread: 0, lastReadSeq: 2 });
  });

  it('is only the server’s to say when some were read', () => {
    const room = after(myRoom(), sent(1), sent(2))!;
    expect(afterReading(room, 1)).toMatchObject({ room: { unread: 2, lastReadSeq: 1 }, isStale: true });
    expect(isStaleAfter(room, read(3, ADA, 1))).toBe(true);
  });

  it('does not change by what was read before, or by somebody else', () => {
    const room = after(myRoom(), sent(1), read(2, ADA, 1), sent(3))!;
    expect(afterReading(room, 1)).toEqual({ room, isStale: false });
    expect(after(room, read(4, BOB, 3))).toEqual({ ...room, lastSeq: 4 });
  });

  it('is only the server’s to say when an unread message was deleted, and unchanged when another was', () => {
    const room = after(myRoom(), sent(1), sent(2), read(3, ADA, 1), sent(4))!;
    expect(isStaleAfter({ ...room, unread: 2 }, deleted(5, 2))).toBe(true);
    expect(isStaleAfter(room, deleted(5, 1))).toBe(false);
    expect(isStaleAfter({ ...room, unread: 0 }, deleted(5, 4))).toBe(false);
    expect(after(room, deleted(5, 1))).toMatchObject({ unread: room.unread });
  });
});

it('an entry that the state has seen changes nothing', () => {
  const room = myRoom({ lastSeq: 5, unread: 1 });
  for (const old of [sent(5), sent(3), member(4, 'member-left', ADA)]) expect(roomAfter(room, old, ADA)).toEqual({ room });
});

describe('the last message', () => {
  it('is edited and deleted with the message', () => {
    const room = after(myRoom(), sent(1), sent(2))!;
    expect(after(room, edited(3, 2, 'better'))!.lastMessage).toEqual(message(2, { content: 'better', editedAt: at(3) }));
    expect(after(room, edited(3, 2, null))!.lastMessage).toEqual(message(2, { editedAt: at(3) }));
    expect(after(room, deleted(3, 2))!.lastMessage).toEqual(message(2, { content: null, deletedAt: at(3) }));
    expect(after(room, edited(3, 1), deleted(4, 1))!.lastMessage).toEqual(message(2));
  });
});

describe('members', () => {
  it('are counted', () => {
    expect(after(myRoom(), member(1, 'member-joined', 'eve'), member(2, 'member-joined', 'fay'), member(3, 'member-left', 'eve'))).toMatchObject({ memberCount: 3, lastSeq: 3 });
  });

  it('change one’s own role and mute only when it is oneself', () => {
    const room = myRoom({ role: 'member', ownerId: BOB });
    expect(after(room, member(1, 'member-updated', BOB, { role: 'admin', mutedUntil: at(9) }))).toEqual({ ...room, lastSeq: 1 });
    expect(after(room, member(1, 'member-updated', ADA, { role: 'admin', mutedUntil: at(9) }))).toEqual({ ...room, lastSeq: 1, role: 'admin', mutedUntil: at(9) });
  });

  it('may be the new owner', () => {
    const handedOver = after(myRoom(), member(1, 'member-updated', ADA, { role: 'admin', mutedUntil: null }), member(2, 'member-updated', BOB, { role: 'owner', mutedUntil: null }));
    expect(handedOver).toMatchObject({ role: 'admin', ownerId: BOB });
  });
});

describe('the end', () => {
  it('comes when one leaves, or the room is deleted', () => {
    expect(after(myRoom(), member(1, 'member-left', ADA))).toBeNull();
    expect(after(myRoom(), entry(1, 'room-updated', { room: {}, deleted: true }))).toBeNull();
  });
});

it('a change of the room leaves what is one’s own in it', () => {
  const room = myRoom({ unread: 3, memberCount: 4 });
  expect(after(room, entry(1, 'room-updated', { room: { name: 'New', isPrivate: true } }))).toEqual({ ...room, lastSeq: 1, name: 'New', isPrivate: true });
});

it('an entry of a kind that is not known yet only moves the position', () => {
  expect(after(myRoom(), entry(1, 'reaction-added'))).toEqual(myRoom({ lastSeq: 1 }));
});
