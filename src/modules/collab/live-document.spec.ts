import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Appender } from '../../journal/commit-queue.js';
import type { NewEntry } from '../../journal/entry.js';
import { AppError } from '../../platform/errors/app-error.js';
import type { EntryView } from '../../protocol/entries.js';
import type { CollabDocument, Proposal } from './collab-document.js';
import { LiveDocument } from './live-document.js';

/** A number that is counted up: the least that people can change together. */
class Counter implements CollabDocument {
  version = 0;
  readonly weight = 1;
  follow({ seq }: EntryView): void {
    this.version = seq;
  }
  retract(): void {
    this.version -= 1;
  }
}

/** Pauses are a matter of time alone, so here the clock stands still; test/medium/live-documents.spec.ts has the real journal. */
describe('LiveDocument with many watchers', () => {
  let commits: number[];
  let watchers: number;
  let live: LiveDocument<Counter>;
  const add = (): Promise<number> =>
    live.submit<number>((counter): Proposal<number> => {
      counter.version += 1;
      return { entry: { kind: 'page', channelId: 'channel', type: 'op-patch', actorId: null, opId: String(counter.version) }, answer: ({ seq }) => seq };
    });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    commits = [];
    watchers = 50;
    const appendAt = (seq: number, _entry: NewEntry, caller: Appender) => {
      commits.push(seq);
      queueMicrotask(() => caller.resolve({ seq, ordinal: 0, at: '2026-01-01T00:00:00.000Z', duplicate: false }));
    };
    const refresh = () => Promise.resolve();
    live = new LiveDocument('channel', new Counter(), { appendAt }, { refresh }, { committed: () => undefined, broken: () => undefined, watchers: () => watchers });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('commits what comes after a quiet moment at once, and what follows close behind together', async () => {
    const first = add();
    expect(commits).toEqual([1]);
    const others = [add(), add()];
    await vi.advanceTimersByTimeAsync(10);
    others.push(add());
    expect(commits).toEqual([1]);
    expect(live.isBusy).toBe(true);
    await vi.advanceTimersByTimeAsync(10);
    expect(commits).toEqual([1, 2, 3, 4]);
    expect(await Promise.all([first, ...others])).toEqual([1, 2, 3, 4]);
    await vi.advanceTimersByTimeAsync(20);
    void add();
    expect(commits).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    [10, 4],
    [10_000, 20],
  ])('pauses with %i watchers for %i ms', async (count, pauseMs) => {
    watchers = count;
    await add();
    const second = add();
    await vi.advanceTimersByTimeAsync(pauseMs - 1);
    expect(commits).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await second).toBe(2);
  });

  it('does not pause where few watch', async () => {
    watchers = 4;
    await Promise.all([add(), add(), add()]);
    expect(commits).toEqual([1, 2, 3]);
  });

  it('waits no longer than for as many as share a commit well', async () => {
    await add();
    const others = Array.from({ length: 24 }, add);
    expect(commits).toEqual([1]);
    others.push(add());
    expect(commits).toHaveLength(26);
    await Promise.all(others);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets nobody wait for a pause when the document is gone', async () => {
    await add();
    const second = add();
    live.abandon(AppError.unavailable('The page is gone'));
    await expect(second).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await vi.advanceTimersByTimeAsync(100);
    expect(commits).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
