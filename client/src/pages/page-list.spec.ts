import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageSummary } from '../../../src/protocol/pages.js';
import { AtriumError } from '../errors.js';
import { at } from '../wire.fixture.js';
import { PageList } from './page-list.js';

interface Asked {
  cursor: string | undefined;
  resolve: (answer: { items: PageSummary[]; nextCursor: string | null }) => void;
  reject: (error: Error) => void;
}

const summary = (pageId: string, changedAt: number, change: Partial<PageSummary> = {}): PageSummary => ({
  pageId,
  id: `id-${pageId}`,
  title: pageId,
  version: 0,
  role: 'owner',
  creatorId: 'ada',
  workspaceId: null,
  createdAt: at(0),
  updatedAt: at(changedAt),
  deletedAt: null,
  ...change,
});

let asked: Asked[];
let list: PageList;

beforeEach(() => {
  vi.useRealTimers();
  asked = [];
  list = new PageList((cursor) => new Promise((resolve, reject) => asked.push({ cursor, resolve, reject })));
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const answer = async (items: PageSummary[], nextCursor: string | null = null): Promise<void> => {
  asked.shift()!.resolve({ items, nextCursor });
  await settled();
};
const shown = () => list.view.get()?.items.map(({ pageId }) => pageId);

describe('the list of pages', () => {
  it('is read only when somebody asks for it', async () => {
    list.added();
    await list.reconnected();
    expect(asked).toEqual([]);
    void list.refresh();
    await answer([summary('b', 2), summary('a', 1)]);
    expect(shown()).toEqual(['b', 'a']);
    expect(list.view.get()?.hasMore).toBe(false);
  });

  it('goes on page by page, each page once', async () => {
    void list.refresh();
    await answer([summary('d', 4), summary('c', 3)], 'after-c');
    void list.loadMore();
    void list.loadMore();
    expect(asked.map(({ cursor }) => cursor)).toEqual(['after-c']);
    await answer([summary('c', 3), summary('b', 2)], 'after-b');
    expect(shown()).toEqual(['d', 'c', 'b']);
    expect(list.view.get()?.hasMore).toBe(true);
  });

  it('keeps what was loaded beyond the beginning when that is read again, but for what has moved', async () => {
    void list.refresh();
    await answer([summary('d', 4), summary('c', 3)], 'after-c');
    void list.loadMore();
    await answer([summary('b', 2), summary('a', 1)], 'after-a');
    list.added();
    await answer([summary('new', 6), summary('b', 5)], 'after-b');
    expect(shown()).toEqual(['new', 'b', 'd', 'c', 'a']);
    void list.loadMore();
    expect(asked[0]?.cursor).toBe('after-a');
  });

  it('shows a new title and another role at once, and takes out what is gone', async () => {
    void list.refresh();
    await answer([summary('b', 2), summary('a', 1)]);
    list.changed({ pageId: 'a', title: 'Renamed', role: 'viewer' });
    expect(list.view.get()?.items[1]).toMatchObject({ title: 'Renamed', role: 'viewer' });
    await answer([summary('a', 3, { title: 'Renamed', role: 'viewer' }), summary('b', 2)]);
    expect(shown()).toEqual(['a', 'b']);
    list.changed({ pageId: 'b', title: 'b', role: null });
    expect(shown()).toEqual(['a']);
  });

  it('does not bring back what went while an answer was on its way', async () => {
    void list.refresh();
    await answer([summary('a', 1)]);
    void list.refresh();
    list.changed({ pageId: 'a', title: 'a', role: null });
    await answer([summary('a', 1)]);
    await answer([]);
    expect(shown()).toEqual([]);
  });

  it('says why it is not there, and that this is over', async () => {
    void list.refresh();
    asked.shift()!.reject(new AtriumError('PERMISSION_DENIED', 'No'));
    await settled();
    expect(list.error.get()?.code).toBe('PERMISSION_DENIED');
    void list.refresh();
    await answer([]);
    expect(list.error.get()).toBeNull();
  });

  it('shows nobody what another one asked for', async () => {
    void list.refresh();
    list.clear();
    await answer([summary('a', 1)]);
    expect(list.view.get()).toBeNull();
  });
});
