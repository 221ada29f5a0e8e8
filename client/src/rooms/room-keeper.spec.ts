import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { message, myRoom } from '../wire.fixture.js';
import { MAX_OPENED, MAX_ROOMS, RoomKeeper } from './room-keeper.js';
import { type KeptRoom, memoryRooms, type RoomStorage } from './room-storage.js';

let storage: RoomStorage;
let rooms: KeptRoom[];
let keeper: RoomKeeper;

const room = (n: number, openedAtMs = 0, lastSeq = 1): KeptRoom => ({
  state: myRoom({ id: `room-${n}`, lastSeq, lastMessage: message(lastSeq, { senderId: 'last' }) }),
  window: { messages: [message(lastSeq)], hasBefore: false, hasAfter: false },
  profiles: ['last', 'other'].map((id) => ({ id, username: id, displayName: id, avatarUrl: null })),
  openedAtMs,
});

beforeEach(() => {
  vi.useFakeTimers();
  storage = memoryRooms();
  rooms = [];
  keeper = new RoomKeeper(storage, () => rooms);
});
afterEach(() => void vi.useRealTimers());

describe('RoomKeeper', () => {
  it('writes what has changed, after a while and at once', async () => {
    await keeper.open('ada');
    const put = vi.spyOn(storage, 'put');
    rooms = [room(1, 5), room(2)];
    for (let i = 0; i < 3; i++) keeper.changed('room-1');
    expect(put).not.toHaveBeenCalled();
    await vi.runAllTimersAsync();
    expect(put.mock.calls).toEqual([['ada', [room(1, 5)]]]);
  });

  it('forgets what was erased in this turn', async () => {
    await keeper.open('ada');
    rooms = [room(1, 5)];
    keeper.erased('room-1');
    expect(await storage.list('ada')).toEqual(rooms);
  });

  it('writes what waits when the page goes', async () => {
    await keeper.open('ada');
    rooms = [room(1, 5)];
    keeper.changed('room-1');
    keeper.flush();
    expect(await storage.list('ada')).toEqual(rooms);
  });

  it('removes a room that is gone', async () => {
    await keeper.open('ada');
    rooms = [room(1, 5)];
    keeper.changed('room-1');
    await vi.runAllTimersAsync();
    rooms = [];
    keeper.changed('room-1');
    await vi.runAllTimersAsync();
    expect(await storage.list('ada')).toEqual([]);
  });

  it('keeps the messages of the rooms that were opened last, and of the others who has written last', async () => {
    await keeper.open('ada');
    rooms = Array.from({ length: MAX_OPENED }, (_, i) => room(i, i + 1));
    for (const { state } of rooms) keeper.changed(state.id);
    await vi.runAllTimersAsync();
    rooms = [...rooms, room(99, 1_000)];
    keeper.changed('room-99');
    await vi.runAllTimersAsync();
    const kept = await storage.list('ada');
    expect(kept.filter(({ window }) => window).map(({ state }) => state.id)).toEqual([...rooms.slice(1)].map(({ state }) => state.id));
    expect(kept[0]).toMatchObject({ state: { id: 'room-0' }, profiles: [{ id: 'last' }] });
  });

  it('keeps a bounded number of rooms', async () => {
    await keeper.open('ada');
    rooms = Array.from({ length: MAX_ROOMS + 10 }, (_, i) => room(i));
    for (const { state } of rooms) keeper.changed(state.id);
    await vi.runAllTimersAsync();
    expect((await storage.list('ada')).length).toBe(MAX_ROOMS);
  });

  it('keeps nothing for somebody else: what one user left is gone when another one, or nobody, is signed in', async () => {
    await storage.put('ada', [room(1, 5)]);
    expect(await keeper.open('ada')).toEqual([room(1, 5)]);
    keeper.changed('room-1');
    keeper.close();
    expect(await keeper.open(undefined)).toEqual([]);
    await vi.runAllTimersAsync();
    expect(await storage.list('ada')).toEqual([]);
  });

  it('does not wait for a storage that never answers, nor fails with one that fails', async () => {
    const never = { ...memoryRooms(), list: () => new Promise<never>(() => undefined) };
    const opened = new RoomKeeper(never, () => rooms).open('ada');
    await vi.runAllTimersAsync();
    expect(await opened).toEqual([]);
    const fail = () => Promise.reject(new Error('full'));
    const broken = new RoomKeeper({ list: fail, put: fail, remove: fail, forget: fail }, () => [room(1)]);
    expect(await broken.open('ada')).toEqual([]);
    broken.changed('room-1');
    await vi.runAllTimersAsync();
  });
});
