import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { message, myRoom } from '../wire.fixture.js';
import { browserRooms, type KeptRoom, memoryRooms, type RoomStorage } from './room-storage.js';

const kept = (id: string, lastSeq = 1): KeptRoom => ({ state: myRoom({ id, lastSeq }), window: { messages: [message(lastSeq)], hasBefore: true, hasAfter: false }, profiles: [], openedAtMs: 1 });

describe.each<[string, () => RoomStorage]>([
  ['in memory', memoryRooms],
  ['in IndexedDB', () => browserRooms(crypto.randomUUID())],
])('a storage of rooms %s', (_where, create) => {
  it('lists what was put and not removed, by user', async () => {
    const storage = create();
    await storage.put('ada', [kept('1'), kept('2'), kept('3')]);
    await storage.put('ada2', [kept('1')]);
    await storage.remove('ada', ['2', 'unknown']);
    expect(await storage.list('ada')).toEqual([kept('1'), kept('3')]);
    expect(await storage.list('ada2')).toEqual([kept('1')]);
    expect(await storage.list('ad')).toEqual([]);
  });

  it('keeps the newer of two records of a room', async () => {
    const storage = create();
    await storage.put('ada', [kept('1', 7)]);
    await storage.put('ada', [kept('1', 5)]);
    expect(await storage.list('ada')).toEqual([kept('1', 7)]);
    await storage.put('ada', [kept('1', 8)]);
    expect(await storage.list('ada')).toEqual([kept('1', 8)]);
  });

  it('forgets everybody else, or everybody', async () => {
    const storage = create();
    await storage.put('ada', [kept('1')]);
    await storage.put('ben', [kept('1')]);
    await storage.forget('ben');
    expect([await storage.list('ada'), await storage.list('ben')]).toEqual([[], [kept('1')]]);
    await storage.forget();
    expect(await storage.list('ben')).toEqual([]);
  });
});
