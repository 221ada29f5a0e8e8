import { afterEach, describe, expect, it, vi } from 'vitest';
import { Value, when } from './store.js';

afterEach(() => vi.restoreAllMocks());

describe('a value', () => {
  it('tells its listeners of changes, and of nothing else', () => {
    const value = new Value(1);
    const heard: number[] = [];
    const stop = value.subscribe(() => heard.push(value.get()));
    value.set(1);
    value.set(2);
    value.update((n) => n + 1);
    stop();
    value.set(9);
    expect(heard).toEqual([2, 3]);
  });

  it('is changed for all, whatever one listener throws', () => {
    const seen = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
    const value = new Value(1);
    const heard: number[] = [];
    value.subscribe(() => {
      throw new Error('not mine');
    });
    value.subscribe(() => heard.push(value.get()));
    value.set(2);
    expect(heard).toEqual([2]);
    expect(seen.mock.calls[0]![0]).toThrow('not mine');
  });

  it('lets a listener end itself', () => {
    const value = new Value(1);
    let count = 0;
    const stop = value.subscribe(() => {
      count++;
      stop();
    });
    value.subscribe(() => count++);
    value.set(2);
    value.set(3);
    expect(count).toBe(3);
  });
});

describe('waiting for a value', () => {
  it('ends at once when it is there, or with the first that is wanted', async () => {
    const value = new Value(1);
    expect(await when(value, (n) => n === 1)).toBe(1);
    const even = when(value, (n) => n % 2 === 0);
    for (const n of [3, 4, 6]) value.set(n);
    expect(await even).toBe(4);
  });
});
