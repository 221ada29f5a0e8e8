import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PageAllowance } from './page-allowance.js';

const MAX = 1_000;
const MARGIN = 100;

describe('the allowance of a creator', () => {
  let stored: number;
  let unstored: number;
  let lookUps: number;
  let fails: boolean;
  let allowance: PageAllowance;

  beforeEach(() => {
    vi.useFakeTimers();
    [stored, unstored, lookUps, fails] = [0, 0, 0, false];
    const bytes = {
      unstored: () => unstored,
      stored: () => {
        lookUps += 1;
        return fails ? Promise.reject(new Error('away')) : Promise.resolve(stored);
      },
    };
    allowance = new PageAllowance('ada', MAX, MARGIN, bytes);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is looked up before the first change, and then not while there is room for any', async () => {
    stored = 500;
    unstored = 100;
    expect(allowance.isAmple).toBe(false);
    await Promise.all([allowance.renew(), allowance.renew()]);
    expect(lookUps).toBe(1);
    for (let i = 0; i < 3; i++) {
      expect(allowance.isAmple).toBe(true);
      expect(allowance.take(MARGIN)).toBe(true);
      await allowance.renew();
    }
    expect([lookUps, allowance.isAmple, allowance.take(MARGIN), allowance.take(1), allowance.isAmple]).toEqual([1, true, true, false, false]);
  });

  it('refuses nobody because of what was true a while ago, and asks at most once a moment', async () => {
    stored = MAX;
    await allowance.renew();
    expect(allowance.take(1)).toBe(false);
    stored = 0;
    await allowance.renew();
    expect([lookUps, allowance.take(1)]).toEqual([1, false]);
    vi.advanceTimersByTime(1_001);
    await allowance.renew();
    expect([lookUps, allowance.take(1)]).toEqual([2, true]);
  });

  it('asks at once when something was deleted', async () => {
    stored = MAX;
    await allowance.renew();
    stored = 0;
    allowance.expire();
    await allowance.renew();
    expect(allowance.take(MAX)).toBe(true);
  });

  it('always lets a page become smaller, which makes room', async () => {
    stored = MAX + 50;
    await allowance.renew();
    expect([allowance.take(-49), allowance.take(1), allowance.take(-2), allowance.take(1)]).toEqual([true, false, true, true]);
  });

  it('counts what is taken while it is looked up', async () => {
    stored = 400;
    await allowance.renew();
    vi.advanceTimersByTime(60_001);
    // The last one to come after a minute has it looked up, and does not wait for that.
    expect([allowance.take(300), allowance.take(200), lookUps]).toEqual([true, true, 2]);
    await vi.advanceTimersByTimeAsync(0);
    expect([allowance.take(401), allowance.take(400)]).toEqual([false, true]);
  });

  it('says that it does not know when the database is away, and goes on when it is back', async () => {
    fails = true;
    await expect(allowance.renew()).rejects.toThrow('away');
    fails = false;
    await allowance.renew();
    expect(allowance.take(MAX)).toBe(true);
  });

  it('goes by what it knows while the database is away', async () => {
    await allowance.renew();
    fails = true;
    vi.advanceTimersByTime(60_001);
    expect(allowance.take(MARGIN)).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([lookUps, allowance.take(MARGIN)]).toEqual([2, true]);
    await vi.advanceTimersByTimeAsync(1_001);
    expect([allowance.take(MARGIN), lookUps]).toEqual([true, 3]);
  });

  it('has no end without a limit, and asks nothing', async () => {
    const endless = new PageAllowance('ada', Infinity, MARGIN, { unstored: () => 0, stored: () => Promise.reject(new Error('asked')) });
    await endless.renew();
    expect([endless.isAmple, endless.take(1e12), endless.isAmple]).toEqual([true, true, true]);
  });
});
