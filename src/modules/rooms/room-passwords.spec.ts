import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../platform/config/config.js';
import { LIMITS_BY_NAME, RateLimits } from '../../platform/rate-limit/rate-limits.js';
import type { PasswordHasher } from '../auth/password-hasher.js';
import { RoomPasswords } from './room-passwords.js';

const { roomPassword, roomPasswordByAddress, roomPasswordByRoom, roomPasswordOfNewcomers } = LIMITS_BY_NAME;
const MINUTE_MS = 60_000;

describe('the password of a room', () => {
  let hashed: string[];
  let passwords: RoomPasswords;
  beforeEach(() => {
    vi.useFakeTimers();
    hashed = [];
    const hasher = {
      verify: (hash: string, password: string, by: string) => {
        hashed.push(by);
        return Promise.resolve(hash === password);
      },
    };
    passwords = new RoomPasswords(new RateLimits({ get: () => true } as unknown as Config), hasher as unknown as PasswordHasher);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What comes of an attempt: true, false, or RATE_LIMITED. */
  const attempt = (userId: string, address: string, password = 'wrong', room = 'room') =>
    passwords.verify(room, 'right', password, { userId, address }).catch((error: unknown) => (error as { code: string }).code);
  const count = async (attempts: number, make: (n: number) => Promise<unknown>) => {
    const outcomes: unknown[] = [];
    for (let n = 0; n < attempts; n++) outcomes.push(await make(n));
    return outcomes.filter((outcome) => outcome === false).length;
  };

  it('can be guessed at by one account some times, from wherever; at each room', async () => {
    expect(await count(3 * roomPassword.burst, (n) => attempt('ada', `203.0.113.${n}`))).toBe(roomPassword.burst);
    expect(await attempt('ada', '203.0.113.1', 'wrong', 'another')).toBe(false);
  });

  it('can be guessed at from one address some times, by however many accounts; at each room', async () => {
    const guesses = 3 * roomPasswordByAddress.burst;
    expect(await count(guesses, (n) => attempt(`user${n}`, '203.0.113.7'))).toBe(roomPasswordByAddress.burst);
    expect(await attempt('another', '203.0.113.7', 'wrong', 'another')).toBe(false);
    expect(await attempt('another', '203.0.113.8')).toBe(false);
    // An IPv6 subscriber is one address.
    expect(await count(guesses, (n) => attempt(`six${n}`, `2001:db8:1:2::${n + 1}`))).toBe(roomPasswordByAddress.burst);
  });

  it('does no work for an attempt that is refused, and takes turns by address', async () => {
    await count(3 * roomPasswordByAddress.burst, (n) => attempt(`user${n}`, '2001:db8:1:2::7'));
    expect(hashed).toEqual(Array(roomPasswordByAddress.burst).fill('2001:db8:1:2::/64'));
  });

  it('costs nothing to those who know it', async () => {
    for (let n = 0; n < 5 * roomPasswordOfNewcomers.burst; n++) expect(await attempt('ada', '203.0.113.7', 'right')).toBe(true);
    expect(await count(2 * roomPassword.burst, () => attempt('ada', '203.0.113.7'))).toBe(roomPassword.burst);
  });

  it('lets in those who know it while many others guess from everywhere', async () => {
    const guessers = 1_000;
    const guess = (n: number) => attempt(`guesser${n}`, `198.51.${n >> 8}.${n & 255}`);
    expect(await count(guessers, guess)).toBe(roomPasswordOfNewcomers.burst);
    // Whoever has guessed in vain draws on what is for their like.
    vi.advanceTimersByTime(MINUTE_MS / 2);
    const { length } = hashed;
    for (let n = 0; n < 150; n++) await guess(n % roomPasswordOfNewcomers.burst);
    expect(hashed.length - length).toBeLessThanOrEqual(roomPasswordByRoom.burst);
    expect(await attempt('knows', '203.0.113.7', 'right')).toBe(true);
  });

  it('asks for a moment of patience, no more, when all have been too many', async () => {
    await count(1_000, (n) => attempt(`guesser${n}`, `198.51.${n >> 8}.${n & 255}`));
    const refused = await passwords.verify('room', 'right', 'right', { userId: 'knows', address: '203.0.113.7' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterMs: 500 } });
    vi.advanceTimersByTime(500);
    expect(await attempt('knows', '203.0.113.7', 'right')).toBe(true);
  });
});
