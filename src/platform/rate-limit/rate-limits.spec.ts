import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/config.js';
import { LIMITS_BY_NAME, RateLimits } from './rate-limits.js';

const { burst } = LIMITS_BY_NAME.registerByAddress;
let limits: RateLimits;
beforeEach(() => (limits = new RateLimits({ get: () => true } as unknown as Config)));

/** How many of so many attempts are let through. */
function passed(count: number, addressOf: (n: number) => string): number {
  let passes = 0;
  for (let n = 0; n < count; n++) {
    try {
      limits.requireFrom('registerByAddress', addressOf(n));
      passes += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'RATE_LIMITED' });
    }
  }
  return passes;
}
/** A few are refilled while the test runs. */
const about = (count: number) => [count, count + 1, count + 2, count + 3];

describe('what one address may do', () => {
  it('is its own, and in IPv6’s dress the same', () => {
    expect(about(burst)).toContain(passed(2 * burst, (n) => (n % 2 ? '203.0.113.7' : '::ffff:203.0.113.7')));
    expect(passed(burst, () => '203.0.113.8')).toBe(burst);
  });

  it('is shared by the addresses of one IPv6 subscriber, however many they take', () => {
    expect(about(burst)).toContain(passed(2 * burst, (n) => `2001:db8:1:2::${n.toString(16)}`));
    expect(passed(burst, () => '2001:db8:1:3::1')).toBe(burst);
  });

  it('is ten times as much for the subscribers of one site together', () => {
    const subscribers = 20;
    expect(about(10 * burst)).toContain(passed(subscribers * burst, (n) => `2001:db8:9:${(n % subscribers).toString(16)}::1`));
    expect(passed(1, () => '2001:db8:a::1')).toBe(1);
  });
});
