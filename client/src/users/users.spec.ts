import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../../../src/protocol/users.js';
import { AtriumError } from '../errors.js';
import type { BlocksApi } from './block-list.js';
import { Users } from './users.js';

const profile = (id: string, displayName = id): Profile => ({ id, username: id, displayName, avatarUrl: null });

let asked: string[][];
let fails: boolean;
let users: Users;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  fails = false;
  const readProfiles = (ids: readonly string[]) => {
    asked.push([...ids]);
    return fails ? Promise.reject(AtriumError.network()) : Promise.resolve(ids.filter((id) => id !== 'nobody').map((id) => profile(id)));
  };
  users = new Users(readProfiles, {} as BlocksApi);
});
afterEach(() => vi.useRealTimers());

const later = (ms = 10) => vi.advanceTimersByTimeAsync(ms);

describe('profiles', () => {
  it('are asked for together, each once, when somebody looks', async () => {
    const [ada, bob] = [users.profile('ada'), users.profile('bob')];
    expect(users.profile('ada')).toBe(ada);
    expect(ada.get()).toBeNull();
    await later();
    expect(asked).toEqual([['ada', 'bob']]);
    expect([ada.get(), bob.get()]).toEqual([profile('ada'), profile('bob')]);
    users.profile('bob');
    await later();
    expect(asked).toHaveLength(1);
  });

  it('are asked for in pieces', async () => {
    for (let i = 0; i < 250; i++) users.profile(`user-${i}`);
    await later();
    expect(asked.map((ids) => ids.length)).toEqual([100, 100, 50]);
  });

  it('are null for who does not exist, without another question', async () => {
    const nobody = users.profile('nobody');
    await later(600_000);
    expect(nobody.get()).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('are learned from other answers, too', async () => {
    const ada = users.profile('ada');
    users.learn([profile('ada'), profile('eve')]);
    const before = ada.get();
    users.learn([profile('ada')]);
    expect(ada.get()).toBe(before);
    users.learn([profile('ada', 'Ada L.')]);
    expect(ada.get()).toEqual(profile('ada', 'Ada L.'));
    expect(users.profile('eve').get()).toEqual(profile('eve'));
    await later();
    expect(asked).toEqual([]);
  });

  it('that could not be read are asked for again, a few times, and after a reconnect', async () => {
    fails = true;
    const ada = users.profile('ada');
    await later(600_000);
    expect(asked).toHaveLength(6);
    fails = false;
    users.retry();
    await later();
    expect(ada.get()).toEqual(profile('ada'));
    users.retry();
    await later();
    expect(asked).toHaveLength(7);
  });

  it('are not asked for any more once stopped', async () => {
    users.profile('ada');
    users.stop();
    expect(vi.getTimerCount()).toBe(0);
    await later();
    expect(asked).toEqual([]);
  });
});
