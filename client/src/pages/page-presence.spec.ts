import { expect, it } from 'vitest';
import type { Profile } from '../../../src/protocol/users.js';
import { Value } from '../store.js';
import { PagePresence } from './page-presence.js';

const userOf = (userId: string) => ({ userId, username: userId, displayName: userId, avatarUrl: null });

function presence() {
  const profiles = new Map<string, Value<Profile | null>>();
  const profile = (userId: string): Value<Profile | null> => {
    if (!profiles.has(userId)) profiles.set(userId, new Value<Profile | null>(null));
    return profiles.get(userId)!;
  };
  const learn = (all: Iterable<Profile>): void => {
    for (const each of all) profile(each.id).set(each);
  };
  const page = new PagePresence('page', { request: () => Promise.reject(new Error('not asked')) }, { profile, learn });
  return { page, learn, shown: () => page.users.present.get().map(({ userId }) => userId) };
}

it('shows who was there, and who came since, once it is known who that is', () => {
  const { page, learn, shown } = presence();
  page.users.set([userOf('ada')]);
  page.hear('user-join', { userId: 'bob' });
  expect(shown()).toEqual(['ada']);
  learn([{ id: 'bob', username: 'bob', displayName: 'Bob', avatarUrl: null }]);
  expect(page.users.present.get().at(-1)).toEqual({ ...userOf('bob'), displayName: 'Bob' });
  page.hear('user-join', { userId: 'ada' });
  expect(shown()).toEqual(['ada', 'bob']);
});

it('does not show who has left before that is known', () => {
  const { page, learn, shown } = presence();
  page.hear('user-join', { userId: 'bob' });
  page.hear('user-leave', { userId: 'bob' });
  learn([{ id: 'bob', username: 'bob', displayName: 'Bob', avatarUrl: null }]);
  expect(shown()).toEqual([]);
});

it('takes the cursor away with its user, and all when one has left', () => {
  const { page, shown } = presence();
  page.users.set([userOf('ada'), userOf('bob')]);
  page.hear('cursor-move', { userId: 'bob', connectionId: 'c', x: 1, y: 2, pageId: 'page' } as never);
  expect(page.cursors.others.get()).toEqual([{ userId: 'bob', connectionId: 'c', x: 1, y: 2 }]);
  page.hear('user-leave', { userId: 'bob' });
  expect([shown(), page.cursors.others.get()]).toEqual([['ada'], []]);
  page.clear();
  expect(shown()).toEqual([]);
});
