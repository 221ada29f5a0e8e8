import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SnapshotSchedule } from './snapshot-schedule.js';

describe('SnapshotSchedule', () => {
  let stores: number[];
  let schedule: SnapshotSchedule;
  const change = (times: number): void => {
    for (let i = 0; i < times; i++) schedule.changed();
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    stores = [];
    schedule = new SnapshotSchedule(() => stores.push(Date.now()));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('stores after 50 changes, at once but not on their way', () => {
    change(49);
    vi.advanceTimersByTime(100);
    expect(stores).toEqual([]);
    change(1);
    expect(stores).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(stores).toEqual([100]);
  });

  it('stores fewer after 30 s, counted from the first', () => {
    change(1);
    vi.advanceTimersByTime(29_000);
    change(1);
    vi.advanceTimersByTime(1_000);
    expect(stores).toEqual([30_000]);
  });

  it('takes at most a fiftieth of the time, however much is changed meanwhile', () => {
    change(50);
    vi.advanceTimersByTime(0);
    const end = schedule.begin();
    expect(schedule.oldest).toBeUndefined();
    vi.advanceTimersByTime(200);
    change(100);
    expect(schedule.oldest).toBe(200);
    vi.advanceTimersByTime(200);
    expect(stores).toEqual([0]);
    end(true);
    vi.advanceTimersByTime(60_000);
    expect(stores).toEqual([0, 20_400]);
  });

  it('does not forget a change that was made while it stored', () => {
    change(50);
    vi.advanceTimersByTime(0);
    const end = schedule.begin();
    change(1);
    end(true);
    vi.advanceTimersByTime(60_000);
    expect(stores).toEqual([0, 30_000]);
  });

  it('tries again what could not be stored, and knows since when it is dirty', () => {
    change(50);
    vi.advanceTimersByTime(10);
    const end = schedule.begin();
    vi.advanceTimersByTime(5);
    change(1);
    end(false);
    expect(schedule.oldest).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(stores).toEqual([0, 2_015]);
  });

  it('does nothing any more once it is stopped, even if it was storing', () => {
    change(50);
    vi.advanceTimersByTime(0);
    const end = schedule.begin();
    change(50);
    schedule.stop();
    end(true);
    change(50);
    expect(vi.getTimerCount()).toBe(0);
  });
});
