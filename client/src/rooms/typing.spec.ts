import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Typing } from './typing.js';

let told: boolean[];
let typing: Typing;

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1_000);
  told = [];
  typing = new Typing((on) => told.push(on));
});
afterEach(() => vi.useRealTimers());

describe('others', () => {
  it('are shown in the order in which they began, until they stop', () => {
    typing.receive('bob', true);
    typing.receive('eve', true);
    typing.receive('bob', true);
    expect(typing.others.get()).toEqual(['bob', 'eve']);
    typing.receive('bob', false);
    typing.receive('fay', false);
    expect(typing.others.get()).toEqual(['eve']);
  });

  it('are forgotten when nothing more is heard of them', () => {
    typing.receive('bob', true);
    vi.advanceTimersByTime(4_000);
    typing.receive('bob', true);
    vi.advanceTimersByTime(5_999);
    expect(typing.others.get()).toEqual(['bob']);
    vi.advanceTimersByTime(1);
    expect(typing.others.get()).toEqual([]);
  });
});

describe('oneself', () => {
  it('is told at the first letter, and now and then while it goes on', () => {
    for (let ms = 0; ms < 7_000; ms += 100) {
      typing.set(true);
      vi.advanceTimersByTime(100);
    }
    expect(told).toEqual([true, true, true]);
  });

  it('stops when the text is sent or emptied, once', () => {
    typing.set(false);
    typing.set(true);
    typing.set(false);
    typing.set(false);
    expect(told).toEqual([true, false]);
    typing.set(true);
    expect(told).toEqual([true, false, true]);
  });

  it('stops when nothing more is typed', () => {
    typing.set(true);
    vi.advanceTimersByTime(6_000);
    expect(told).toEqual([true, false]);
  });
});

it('leaves no timer behind', () => {
  typing.receive('bob', true);
  typing.set(true);
  typing.clear();
  expect(vi.getTimerCount()).toBe(0);
  expect(typing.others.get()).toEqual([]);
});
