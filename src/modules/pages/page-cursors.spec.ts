import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppSocket } from '../../platform/realtime/app-socket.js';
import type { Realtime } from '../../platform/realtime/realtime.js';
import type { CursorMove } from '../../protocol/pages.js';
import { PageCursors } from './page-cursors.js';

describe('PageCursors', () => {
  let told: { at: number; from: string; x: number }[];
  let subscribed: Set<AppSocket>;
  let subscribers: number;
  let cursors: PageCursors;
  const socketOf = (id: string): AppSocket => {
    const socket = { id, data: { identity: { userId: `user of ${id}` } } } as unknown as AppSocket;
    subscribed.add(socket);
    return socket;
  };
  const at = (x: number): CursorMove => ({ pageId: 'landing', x, y: 0 });
  const move = (socket: AppSocket, x: number) => cursors.move(socket, 'channel', at(x));

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    told = [];
    subscribed = new Set();
    subscribers = 2;
    cursors = new PageCursors({
      emitVolatile: (_channel: string, _event: unknown, { x }: { x: number }, from: AppSocket) => told.push({ at: Date.now(), from: from.id, x }),
      isSubscribed: (socket: AppSocket) => subscribed.has(socket),
      countSubscribers: () => subscribers,
    } as unknown as Realtime);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the first at once, and of the others within an interval the newest', () => {
    const ada = socketOf('ada');
    for (let x = 0; x < 10; x++) move(ada, x);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([{ at: 0, from: 'ada', x: 0 }, { at: 50, from: 'ada', x: 9 }]);
  });

  it('tells everybody at once where few are on the page', () => {
    for (const id of ['a', 'b', 'c']) move(socketOf(id), 1);
    expect(told).toHaveLength(3);
  });

  it('tells several together where many are, 20 ms later at most', () => {
    subscribers = 60;
    for (const id of ['a', 'b', 'c']) move(socketOf(id), 1);
    expect(told).toEqual([{ at: 0, from: 'a', x: 1 }]);
    vi.advanceTimersByTime(10);
    move(socketOf('d'), 1);
    vi.advanceTimersByTime(1_000);
    expect(told.slice(1)).toEqual(['b', 'c', 'd'].map((from) => ({ at: 20, from, x: 1 })));
    move(socketOf('e'), 1);
    expect(told.at(-1)).toEqual({ at: 1_010, from: 'e', x: 1 });
  });

  it.each([2, 60])('tells nothing of somebody who has left (%i sockets)', (count) => {
    subscribers = count;
    const [ada, ben] = [socketOf('ada'), socketOf('ben')];
    for (const socket of [ada, ben]) for (const x of [0, 1]) move(socket, x);
    const before = told.length;
    for (const socket of [ada, ben]) subscribed.delete(socket);
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  });
});
