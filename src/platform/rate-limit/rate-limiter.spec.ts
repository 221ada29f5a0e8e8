import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.js';

let now: number;
beforeEach(() => {
  now = 1_000_000;
});
const limiter = (perSecond: number, burst: number, maxBytes?: number) => new RateLimiter({ name: 'test', perSecond, burst }, maxBytes, () => now);

describe('a bucket', () => {
  it('lets a burst through, and then says how long to wait', () => {
    const limit = limiter(10, 5);
    expect(Array.from({ length: 5 }, () => limit.take('ada'))).toEqual([0, 0, 0, 0, 0]);
    expect(limit.take('ada')).toBe(100);
    now += 99;
    expect(limit.take('ada')).toBe(1);
    now += 1;
    expect(limit.take('ada')).toBe(0);
    expect(limit.take('ada')).toBe(100);
  });

  it('is not drained by what it refuses', () => {
    const limit = limiter(10, 1);
    limit.take('ada');
    for (let i = 0; i < 1_000; i++) expect(limit.take('ada')).toBe(100);
    now += 100;
    expect(limit.take('ada')).toBe(0);
  });

  it('refills no further than its burst', () => {
    const limit = limiter(10, 3);
    limit.take('ada');
    now += 86_400_000;
    expect(Array.from({ length: 4 }, () => limit.take('ada'))).toEqual([0, 0, 0, 100]);
  });

  it('is each key’s own', () => {
    const limit = limiter(1, 1);
    expect(['ada', 'bob', 'ada', '__proto__', 'constructor', '__proto__'].map((key) => limit.take(key) > 0)).toEqual([false, false, true, false, false, true]);
  });

  it('takes more at a time, all or nothing', () => {
    const limit = limiter(10, 5);
    expect(limit.take('ada', 3)).toBe(0);
    expect(limit.take('ada', 3)).toBe(100);
    expect(limit.take('ada', 2)).toBe(0);
    expect(limit.take('bob', 6)).toBeGreaterThan(0);
  });

  it('takes back what it gave, and no more', () => {
    const limit = limiter(10, 2);
    limit.take('ada', 2);
    limit.take('ada', -1);
    expect([limit.take('ada'), limit.take('ada')]).toEqual([0, 100]);
    for (let i = 0; i < 100; i++) limit.take('bob', -1);
    expect([limit.take('bob'), limit.take('bob'), limit.take('bob') > 0]).toEqual([0, 0, true]);
  });

  it('tells a slow rate in whole milliseconds, rounded up', () => {
    const limit = limiter(3, 1);
    limit.take('ada');
    expect(limit.take('ada')).toBe(334);
    now += 333;
    expect(limit.take('ada')).toBe(1);
    now += 1;
    expect(limit.take('ada')).toBe(0);
  });

  it('survives a clock that goes back, without locking anyone out for good', () => {
    const limit = limiter(10, 2);
    limit.take('ada', 2);
    now -= 5_000;
    const waitMs = limit.take('ada');
    expect(waitMs).toBeGreaterThan(0);
    now += waitMs;
    expect(limit.take('ada')).toBe(0);
  });
});

it('remembers a bounded number of keys, the least recently seen being forgotten', () => {
  const limit = limiter(1, 1, 2 * 180);
  limit.take('ada');
  limit.take('bob');
  limit.take('cy');
  expect([limit.take('cy') > 0, limit.take('bob') > 0, limit.take('ada')]).toEqual([true, true, 0]);
});

it('never lets more through than the burst and what has been refilled since, and always lets that much', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), fc.array(fc.nat({ max: 500 }), { maxLength: 200 }), (perSecond, burst, pauses) => {
      const startedAt = now;
      const limit = limiter(perSecond, burst);
      let passed = 0;
      for (const pause of pauses) {
        now += pause;
        const waitMs = limit.take('ada');
        if (waitMs === 0) passed++;
        else expect(waitMs).toBeLessThanOrEqual(Math.ceil(1000 / perSecond));
        expect(passed).toBeLessThanOrEqual(burst + ((now - startedAt) * perSecond) / 1000 + 1e-6);
      }
      expect(passed).toBeGreaterThanOrEqual(Math.min(pauses.length, burst));
    }),
  );
});
