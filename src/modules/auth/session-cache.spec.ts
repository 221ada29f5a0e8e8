import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalBus } from '../../platform/bus/local.bus.js';
import { Revocations } from '../../platform/realtime/revocations.js';
import { SessionCache, type Standing } from './session-cache.js';
import type { SessionsRepository } from './sessions.repository.js';

/** A table of sessions whose look-ups can be held back. */
class Table {
  standing: Standing = { isAdmin: false, generation: 0, usedGeneration: 0 };
  looks = 0;
  /** Generations of which a use was noted. */
  noted: number[] = [];
  held: (() => void)[] | undefined;
  async findStanding(): Promise<Standing> {
    this.looks++;
    const found = this.standing && { ...this.standing };
    if (this.held) await new Promise<void>((resolve) => this.held!.push(resolve));
    return found;
  }
  async noteUse(_id: string, generation: number): Promise<void> {
    this.noted.push(generation);
    await Promise.resolve();
    this.standing = { ...this.standing!, usedGeneration: generation };
  }
}

const STANDING = { isAdmin: false, generation: 0, usedGeneration: 0 };

describe('SessionCache', () => {
  let table: Table;
  let revocations: Revocations;
  let cache: SessionCache;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    vi.advanceTimersByTime(1_000);
    table = new Table();
    revocations = new Revocations(new LocalBus());
    cache = new SessionCache(table as unknown as SessionsRepository, revocations);
    return () => vi.useRealTimers();
  });

  it('looks once a second', async () => {
    for (const [laterByMs, looks] of [[0, 1], [500, 1], [499, 1], [101, 2], [800, 2], [300, 3]] as const) {
      vi.advanceTimersByTime(laterByMs);
      expect(await cache.get('ada', 's1')).toEqual(STANDING);
      expect(table.looks).toBe(looks);
    }
  });

  it('keeps users and sessions apart', async () => {
    await Promise.all([cache.get('ada', 's1'), cache.get('ada', 's2'), cache.get('bob', 's1')]);
    expect(table.looks).toBe(3);
  });

  it('remembers for a second that a session has ended', async () => {
    table.standing = null;
    expect(await cache.get('ada', 's1')).toBeNull();
    expect(await cache.get('ada', 's1')).toBeNull();
    expect(table.looks).toBe(1);
  });

  it.each([
    ['its own', { userId: 'ada', sessionId: 's1' }, null],
    ['all of the user', { userId: 'ada' }, null],
    ['all but another', { userId: 'ada', exceptSessionId: 's2' }, null],
    ['of another session', { userId: 'ada', sessionId: 's2' }, STANDING],
    ['of another user', { userId: 'bob' }, STANDING],
  ])('after a revocation (%s) asks again', async (_, revocation, expected) => {
    await cache.get('ada', 's1');
    table.standing = null;
    revocations.announce({ ...revocation, reason: 'revoked' });
    expect(await cache.get('ada', 's1')).toEqual(expected);
  });

  it('does not let a look-up from before a revocation answer whoever asks after it', async () => {
    table.held = [];
    const before = cache.get('ada', 's1');
    table.standing = null;
    revocations.announce({ userId: 'ada', reason: 'suspended' });
    const after = cache.get('ada', 's1');
    for (const release of table.held) release();
    expect(await before).toEqual(STANDING);
    expect(await after).toBeNull();
    expect(await cache.get('ada', 's1')).toBeNull();
  });

  it('does not keep a failure, nor lets it drop a later look-up', async () => {
    const failing = vi.spyOn(table, 'findStanding').mockRejectedValueOnce(new Error('away'));
    const first = cache.get('ada', 's1');
    revocations.announce({ userId: 'ada', sessionId: 's1', reason: 'revoked' });
    const second = cache.get('ada', 's1');
    await expect(first).rejects.toThrow('away');
    await second;
    await cache.get('ada', 's1');
    expect(failing).toHaveBeenCalledTimes(2);
  });

  describe('the use of an access token', () => {
    const refreshed = (generation: number) => (table.standing = { isAdmin: false, generation, usedGeneration: generation - 1 });

    it('is noted once for each generation, however many come at once', async () => {
      refreshed(1);
      await Promise.all([1, 1, 1, 1].map((generation) => cache.use('ada', 's1', generation)));
      await cache.use('ada', 's1', 1);
      expect([table.noted, table.looks]).toEqual([[1], 1]);
    });

    it('is none of the newest generation when the token is an older one, or of before there were generations', async () => {
      refreshed(2);
      expect(await cache.use('ada', 's1', 1)).toMatchObject({ generation: 2 });
      expect(await cache.use('ada', 's1')).toMatchObject({ generation: 2 });
      expect(table.noted).toEqual([]);
    });

    it('is noted also when the session was looked up before it was refreshed, with one more look', async () => {
      await cache.use('ada', 's1', 0);
      refreshed(1);
      await Promise.all([1, 1, 1].map((generation) => cache.use('ada', 's1', generation)));
      expect([table.noted, table.looks]).toEqual([[1], 2]);
    });

    it('that cannot be noted opens nothing, and is noted the next time', async () => {
      refreshed(1);
      vi.spyOn(table, 'noteUse').mockRejectedValueOnce(new Error('away'));
      await expect(cache.use('ada', 's1', 1)).rejects.toThrow('away');
      expect(await cache.use('ada', 's1', 1)).toMatchObject({ usedGeneration: 1 });
      expect(table.noted).toEqual([1]);
    });
  });
});
