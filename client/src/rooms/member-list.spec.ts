import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Member } from '../../../src/protocol/rooms.js';
import type { Profile } from '../../../src/protocol/users.js';
import { AtriumError } from '../errors.js';
import { at, entry } from '../wire.fixture.js';
import { MemberList } from './member-list.js';

interface Page {
  items: Member[];
  nextCursor: string | null;
}

const profile = (id: string): Profile => ({ id, username: id, displayName: id, avatarUrl: null });
const member = (id: string, change: Partial<Member> = {}): Member => ({ user: profile(id), role: 'member', joinedAt: at(0), mutedUntil: null, lastReadSeq: 0, online: false, ...change });
const page = (ids: string[], nextCursor: string | null = null): Page => ({ items: ids.map((id) => member(id)), nextCursor });

let asked: (string | undefined)[];
let pages: { resolve: (page: Page) => void; reject: (error: Error) => void }[];
let profiles: Map<string, (profile: Profile | null) => void>;
let list: MemberList;

beforeEach(() => {
  asked = [];
  pages = [];
  profiles = new Map();
  list = new MemberList(
    (cursor) => {
      asked.push(cursor);
      return new Promise((resolve, reject) => pages.push({ resolve, reject }));
    },
    (userId) => new Promise((resolve) => profiles.set(userId, resolve)),
    (userId) => userId === 'here',
  );
});

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

async function answer(given: Page): Promise<void> {
  await settled();
  pages.shift()!.resolve(given);
  await settled();
}

async function loaded(...given: Page[]): Promise<void> {
  for (const each of given) {
    void list.loadMore();
    await answer(each);
  }
}

const ids = () => list.view.get()?.items.map(({ user }) => user.id);
const of = (id: string) => list.view.get()!.items.find(({ user }) => user.id === id);
const joined = (seq: number, userId: string) => entry(seq, 'member-joined', { userId, role: 'member' });
const left = (seq: number, userId: string) => entry(seq, 'member-left', { userId, reason: 'left' });

describe('pages', () => {
  it('follow one another, each asked for once, until there are no more', async () => {
    expect(list.view.get()).toBeNull();
    void list.loadMore();
    void list.loadMore();
    await answer(page(['ada', 'bob'], 'next'));
    expect(list.view.get()).toMatchObject({ hasMore: true });
    await loaded(page(['bob', 'eve']));
    expect(ids()).toEqual(['ada', 'bob', 'eve']);
    expect(list.view.get()!.hasMore).toBe(false);
    await list.loadMore();
    expect(asked).toEqual([undefined, 'next']);
  });

  it('that fail are the caller’s to ask for again', async () => {
    const failed = expect(list.loadMore()).rejects.toMatchObject({ code: 'NETWORK' });
    await settled();
    pages.shift()!.reject(AtriumError.network());
    await failed;
    await loaded(page(['ada']));
    expect(ids()).toEqual(['ada']);
  });

  it('are read afresh, as many as are shown', async () => {
    await loaded(page(['ada', 'bob'], 'one'), page(['eve'], 'two'));
    void list.reload();
    await answer(page(['ada', 'fay'], 'one'));
    await answer(page(['eve', 'gus'], 'two'));
    expect(ids()).toEqual(['ada', 'fay', 'eve', 'gus']);
    expect(asked.slice(2)).toEqual([undefined, 'one']);
  });

  it('are not read afresh when none was read', async () => {
    await list.reload();
    expect(asked).toEqual([]);
  });
});

describe('entries', () => {
  it('change who is shown', async () => {
    await loaded(page(['ada', 'bob']));
    list.apply(entry(1, 'member-updated', { userId: 'bob', role: 'admin', mutedUntil: at(9) }));
    list.apply(entry(2, 'read', { userId: 'bob', lastReadSeq: 7 }));
    list.setOnline('bob', true);
    expect(of('bob')).toEqual(member('bob', { role: 'admin', mutedUntil: at(9), lastReadSeq: 7, online: true }));
    list.apply(left(3, 'bob'));
    expect(ids()).toEqual(['ada']);
  });

  it('bring new members to the end, as the server would list them', async () => {
    await loaded(page(['ada']));
    list.apply(joined(8, 'here'));
    profiles.get('here')!(profile('here'));
    await settled();
    expect(of('here')).toEqual(member('here', { joinedAt: at(8), lastReadSeq: 7, online: true }));
  });

  it('bring nobody while there are pages to load', async () => {
    await loaded(page(['ada'], 'next'));
    list.apply(joined(8, 'eve'));
    await settled();
    expect(profiles.size).toBe(0);
  });

  it('bring nobody back who has left before it was known who it is', async () => {
    await loaded(page(['ada']));
    list.apply(joined(8, 'eve'));
    list.apply(left(9, 'eve'));
    profiles.get('eve')!(profile('eve'));
    await settled();
    expect(ids()).toEqual(['ada']);
  });

  it('that cannot be shown make the list be read afresh', async () => {
    await loaded(page(['ada']));
    list.apply(joined(8, 'eve'));
    profiles.get('eve')!(null);
    await answer(page(['ada', 'eve']));
    expect(ids()).toEqual(['ada', 'eve']);
  });
});

describe('a page that is older than the entries that came meanwhile', () => {
  it('does not bring back who has left, nor leave out who has come', async () => {
    void list.loadMore();
    await settled();
    list.apply(left(8, 'bob'));
    list.apply(joined(9, 'eve'));
    await answer(page(['ada', 'bob']));
    profiles.get('eve')!(profile('eve'));
    await settled();
    expect(ids()).toEqual(['ada', 'eve']);
  });

  it('may be newer, too', async () => {
    void list.loadMore();
    await settled();
    list.apply(joined(9, 'eve'));
    await answer(page(['ada', 'eve']));
    profiles.get('eve')?.(profile('eve'));
    await settled();
    expect(ids()).toEqual(['ada', 'eve']);
  });
});

it('stopping ends the attempts to read it afresh', async () => {
  vi.useFakeTimers();
  await loaded(page(['ada']));
  void list.reload();
  await settled();
  pages.shift()!.reject(AtriumError.network());
  await settled();
  expect(vi.getTimerCount()).toBe(1);
  list.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
