import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CursorPosition, Cursors } from './cursors.js';

let told: CursorPosition[];
let cursors: Cursors;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  cursors = new Cursors((position) => told.push(position));
});
afterEach(() => vi.useRealTimers());

const cursor = (userId: string, x: number, connectionId = `of ${userId}`) => ({ userId, connectionId, x, y: 0 });
const shown = () => cursors.others.get().map(({ userId, x }) => `${userId} ${x}`);

describe('others', () => {
  it('are shown where they were last, one cursor a device', () => {
    cursors.receive(cursor('bob', 1));
    cursors.receive(cursor('eve', 2));
    cursors.receive(cursor('bob', 3));
    cursors.receive(cursor('bob', 4, 'another'));
    expect(shown()).toEqual(['bob 3', 'eve 2', 'bob 4']);
  });

  it('vanish with their user', () => {
    cursors.receive(cursor('bob', 1));
    cursors.receive(cursor('bob', 2, 'another'));
    cursors.receive(cursor('eve', 3));
    cursors.leave('bob');
    expect(shown()).toEqual(['eve 3']);
  });

  it('vanish when nothing more is heard of them', () => {
    cursors.receive(cursor('bob', 1));
    vi.advanceTimersByTime(6_000);
    cursors.receive(cursor('eve', 2));
    cursors.receive(cursor('bob', 3));
    vi.advanceTimersByTime(9_999);
    expect(shown()).toEqual(['bob 3', 'eve 2']);
    vi.advanceTimersByTime(1);
    expect(shown()).toEqual([]);
  });
});

describe('one’s own', () => {
  it('is told at once, then 20 times a second, and at last where it stopped', () => {
    for (let x = 0; x < 990; x++) {
      cursors.move({ x, y: 0 });
      vi.advanceTimersByTime(1);
    }
    expect(told[0]).toEqual({ x: 0, y: 0 });
    expect(told).toHaveLength(20);
    vi.advanceTimersByTime(50);
    expect(told.at(-1)).toEqual({ x: 989, y: 0 });
    expect(told).toHaveLength(21);
  });
});

it('leaves no timer behind', () => {
  cursors.receive(cursor('bob', 1));
  cursors.move({ x: 1, y: 0 });
  cursors.move({ x: 2, y: 0 });
  cursors.clear();
  expect(vi.getTimerCount()).toBe(0);
  expect(shown()).toEqual([]);
});
