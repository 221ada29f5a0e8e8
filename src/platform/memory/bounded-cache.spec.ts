import { describe, expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.js';

const OVERHEAD = 120;

describe('a bounded cache', () => {
  it('never holds more bytes than it may, and lets go of what was not used for longest', () => {
    const cache = new BoundedCache<string>({ name: 'test', maxBytes: 3 * (100 + OVERHEAD), entryBytes: (value) => value.length });
    for (const key of ['a', 'b', 'c']) cache.set(key, 'x'.repeat(100));
    expect([cache.entries, cache.bytes]).toEqual([3, cache.maxBytes]);
    cache.get('a');
    cache.set('d', 'x'.repeat(100));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'c', 'd']);
    cache.set('e', 'x'.repeat(300));
    expect(cache.bytes).toBeLessThanOrEqual(cache.maxBytes);
    expect(cache.has('e')).toBe(true);
  });

  it('does not keep what is larger than all of it, nor what was there under the same key', () => {
    const cache = new BoundedCache<string>({ name: 'test', maxBytes: 1_000, entryBytes: (value) => value.length });
    cache.set('a', 'small');
    cache.set('a', 'x'.repeat(1_000));
    expect(cache.get('a')).toBeUndefined();
    expect([cache.entries, cache.bytes]).toEqual([0, 0]);
  });

  it('counts entries that are about alike without measuring them', () => {
    const cache = new BoundedCache<number>({ name: 'test', maxBytes: 10 * (80 + OVERHEAD) + 1, entryBytes: 80 });
    for (let i = 0; i < 1_000; i++) cache.set(`key ${i}`, i);
    expect([cache.entries, cache.bytes]).toEqual([10, 10 * (80 + OVERHEAD)]);
    expect(cache.get('key 999')).toBe(999);
    expect(cache.get('key 989')).toBeUndefined();
  });

  it('says what has gone, and not what was replaced', () => {
    const gone: string[] = [];
    const cache = new BoundedCache<number>({ name: 'test', maxBytes: 2 * (1 + OVERHEAD), entryBytes: 1, onRemoved: (key) => gone.push(key) });
    cache.set('a', 1);
    cache.set('a', 2);
    cache.set('b', 1);
    cache.set('c', 1);
    cache.delete('b');
    expect(gone).toEqual(['a', 'b']);
  });
});
