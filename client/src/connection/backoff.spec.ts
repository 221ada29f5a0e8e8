import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, MAX_DELAY_MS } from './backoff.js';

const longest = (attempt: number): number => backoffMs(attempt, () => 1);

describe('backoff', () => {
  it('doubles up to its bound', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 1_000].map(longest)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, MAX_DELAY_MS]);
  });

  it('may be anything below, so that clients come back spread', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, share) => {
        expect(backoffMs(attempt, () => share)).toBeCloseTo(share * longest(attempt), 6);
      }),
    );
  });
});
