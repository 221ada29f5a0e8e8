import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Channels } from '../channels/channels.js';
import type { Queued } from '../outbox/outbox.js';
import { Value } from '../store.js';
import { ADA, at, BOB, entry, history, message, myRoom, ROOM, sent } from '../wire.fixture.js';
import type { RoomContext } from './room.js';
import { RoomsServer } from './rooms.fixture.js';
import { Rooms } from './rooms.js';

let server: RoomsServer;
let channels: Channels;
let rooms: Rooms;
const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
  server = new RoomsServer();
  const connection = { request: server.request };
  channels = new Channels(connection);
  const outbox = { queued: new Value<readonly Queued[]>([]) };
  rooms = new Rooms({ connection, outbox, api: server.api, ownId: () => ADA } as unknown as RoomContext, channels);
});
afterEach(() => vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);
const mine = () => rooms.mine.get()?.map(({ id }) => id);
const own = (seq: number, type: string) => entry(seq, type, { userId: ADA, role: 'member' });
const added = (roomId = ROOM) => rooms.hear('room-added', { roomId, userId: ADA });

/** As the client does after each connect. */
async function connected(): Promise<void> {
  await channels.catchUp();
  await rooms.load(never);
  await channels.catchUpNew();
  await rooms.reconnected();
}

describe('the list', () => {
  it('is nothing before it is known; then the most recently active come first, as the server lists them', async () => {
    const active = (id: string, seq: number) => myRoom({ id, lastMessage: message(seq) });
    for (const room of [active('a', 5), active('c', 9), myRoom({ id: 'b', createdAt: at(7) }), active('d', 9)]) server.rooms.set(room.id, room);
    expect(mine()).toBeUndefined();
    await connected();
    expect(mine()).toEqual(['d', 'c', 'b', 'a']);
    channels.receive({ ...sent(1, { createdAt: at(10) }), channelId: 'b' });
    expect(mine()).toEqual(['b', 'd', 'c', 'a']);
  });

  it('changes once for all rooms of an answer', async () => {
    for (const id of ['a', 'b', 'c']) server.rooms.set(id, myRoom({ id }));
    let changes = 0;
    rooms.mine.subscribe(() => changes++);
    await connected();
    expect(changes).toBe(1);
  });

  it('loses a room that one has left while nobody looked', async () => {
    server.rooms.set(ROOM, myRoom());
    await connected();
    server.rooms.delete(ROOM);
    await connected();
    expect(mine()).toEqual([]);
    expect(rooms.get(ROOM).state.get()).toBeNull();
  });
});

describe('a room that one is brought into', () => {
  it('is entered, and its entries follow', async () => {
    await connected();
    server.rooms.set(ROOM, myRoom({ lastSeq: 3 }));
    server.missed.set(ROOM, [sent(4)]);
    added();
    await settled();
    channels.receive(sent(5));
    expect(rooms.mine.get()).toMatchObject([{ id: ROOM, lastSeq: 5, unread: 2 }]);
  });

  it('is told of with who has done it, once it is entered; what one has done oneself is not', async () => {
    const told: unknown[] = [];
    rooms.onAdded((each) => told.push([each, mine()]));
    await connected();
    for (const id of [ROOM, 'other']) server.rooms.set(id, myRoom({ id }));
    const event = { roomId: ROOM, userId: ADA, kind: 'group', name: 'Room', addedBy: BOB };
    rooms.hear('room-added', event);
    added('other');
    await settled();
    expect(told).toEqual([[event, expect.arrayContaining([ROOM])]]);
    expect(mine()).toEqual(expect.arrayContaining([ROOM, 'other']));
  });

  it('is not lost by a list that was made before', async () => {
    const answerList = server.hold('list');
    const done = connected();
    await settled();
    server.rooms.set(ROOM, myRoom());
    added();
    await settled();
    answerList();
    await done;
    expect(mine()).toEqual([ROOM]);
  });

  it('is asked for until there is an answer', async () => {
    await connected();
    server.rooms.set(ROOM, myRoom());
    server.failOnce(`room ${ROOM}`);
    added();
    await vi.advanceTimersByTimeAsync(500);
    expect(mine()).toEqual([ROOM]);
  });

  it('once more while it is asked for is asked for once more', async () => {
    await connected();
    const answerRoom = server.hold(`room ${ROOM}`);
    added();
    await settled();
    server.rooms.set(ROOM, myRoom());
    added();
    answerRoom();
    await settled();
    expect(mine()).toEqual([ROOM]);
  });

  it('may be one that was left and entered again before its entries were asked for', async () => {
    await connected();
    server.rooms.set(ROOM, myRoom({ lastSeq: 2 }));
    const answerJoin = server.hold('join');
    const joined = rooms.join(ROOM);
    await settled();
    server.rooms.set(ROOM, myRoom({ lastSeq: 4, name: 'again' }));
    server.missed.set(ROOM, [own(3, 'member-left'), own(4, 'member-joined')]);
    answerJoin();
    await joined;
    await settled();
    expect(rooms.mine.get()).toMatchObject([{ id: ROOM, name: 'again', lastSeq: 4 }]);
  });

  it('is not lost by a refusal that is older', async () => {
    server.rooms.set(ROOM, myRoom());
    await connected();
    server.rooms.delete(ROOM);
    const answerResume = server.hold('resume');
    const left = rooms.leave(ROOM);
    await settled();
    server.rooms.set(ROOM, myRoom());
    added();
    await settled();
    answerResume();
    await left;
    await settled();
    expect(mine()).toEqual([ROOM]);
    channels.receive(sent(1));
    expect(rooms.get(ROOM).state.get()).toMatchObject({ unread: 1 });
  });

  it('is followed when it was refused, and is in the list that comes after', async () => {
    server.rooms.set(ROOM, myRoom());
    await connected();
    server.rooms.delete(ROOM);
    const answerResume = server.hold('resume');
    const done = connected();
    await settled();
    server.rooms.set(ROOM, myRoom({ lastSeq: 3 }));
    server.missed.set(ROOM, [sent(4)]);
    answerResume();
    await done;
    expect(rooms.get(ROOM).state.get()).toMatchObject({ lastSeq: 4, unread: 1 });
  });

  it('does not make us ask for ever when the two answers disagree', async () => {
    await connected();
    const room = vi.spyOn(server.api, 'room').mockImplementation(() => Promise.resolve(myRoom()));
    added();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(room).toHaveBeenCalledTimes(1);
    expect(mine()).toEqual([]);
  });
});

describe('leaving', () => {
  it('is done when the room is gone from here', async () => {
    server.rooms.set(ROOM, myRoom());
    await connected();
    server.rooms.delete(ROOM);
    await rooms.leave(ROOM);
    expect(mine()).toEqual([]);
  });

  it('does not drop a room that one is in again when the answer comes late', async () => {
    server.rooms.set(ROOM, myRoom({ lastSeq: 2 }));
    await connected();
    const answerLeave = server.hold('leave');
    const left = rooms.leave(ROOM);
    await settled();
    channels.receive(own(3, 'member-left'));
    expect(mine()).toEqual([]);
    server.rooms.set(ROOM, myRoom({ lastSeq: 4 }));
    await rooms.join(ROOM);
    answerLeave();
    await left;
    expect(mine()).toEqual([ROOM]);
  });
});

describe('presence', () => {
  it('is asked for in open rooms that one is in, and in no other: the question would bring one in', async () => {
    server.rooms.set(ROOM, myRoom());
    void rooms.get('public').open();
    void rooms.get(ROOM).open();
    await connected();
    expect(server.joined).toEqual([ROOM]);
    channels.receive(own(1, 'member-left'));
    server.rooms.delete(ROOM);
    await connected();
    expect(server.joined).toEqual([ROOM]);
  });

  it('is asked for as long as somebody has the room open', async () => {
    server.rooms.set(ROOM, myRoom());
    await connected();
    const room = rooms.get(ROOM);
    void room.open();
    void room.open();
    await settled();
    const before = server.joined.length;
    room.close();
    await room.reconnected();
    expect(server.joined).toHaveLength(before + 1);
    room.close();
    room.close();
    await room.reconnected();
    expect(server.joined).toHaveLength(before + 1);
    void room.open();
    await settled();
    expect(server.joined).toHaveLength(before + 2);
  });
});

describe('a timeline', () => {
  it('that was loaded before its room was followed is read afresh', async () => {
    server.rooms.set(ROOM, myRoom({ lastSeq: 2 }));
    await rooms.get(ROOM).open();
    vi.spyOn(server.api, 'history').mockImplementation(() => Promise.resolve(history([message(1), message(2)])));
    await connected();
    expect(rooms.get(ROOM).timeline.view.get().items.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it.each([
    ['by itself', () => vi.advanceTimersByTimeAsync(500)],
    ['after the next connect', () => connected()],
  ])('that could not be loaded is loaded %s', async (_when, wait) => {
    server.rooms.set(ROOM, myRoom());
    server.failOnce('history');
    await rooms.get(ROOM).open();
    expect(rooms.get(ROOM).timeline.view.get().error).not.toBeNull();
    await wait();
    expect(rooms.get(ROOM).timeline.view.get()).toMatchObject({ error: null, items: [{ seq: 1 }] });
  });
});

describe('signing out', () => {
  it('leaves nothing for whoever comes next, whatever is still answered', async () => {
    server.rooms.set(ROOM, myRoom());
    await connected();
    await rooms.get(ROOM).open();
    const answers = ['list', `room other`, 'join'].map((question) => server.hold(question));
    server.rooms.set('other', myRoom({ id: 'other' }));
    const ending = new AbortController();
    const loading = expect(rooms.load(ending.signal)).rejects.toThrow();
    added('other');
    const joining = expect(rooms.join('other')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    ending.abort();
    rooms.clear();
    for (const answer of answers) answer();
    await Promise.all([loading, joining]);
    await settled();
    expect(rooms.mine.get()).toBeNull();
    expect(rooms.get(ROOM).timeline.view.get().items).toEqual([]);
    channels.receive(sent(1));
    expect(rooms.mine.get()).toBeNull();
  });

  it('ends what would be tried again', async () => {
    await connected();
    const answer = server.hold(`room ${ROOM}`);
    server.failOnce(`room ${ROOM}`);
    added();
    rooms.clear();
    answer();
    await settled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
