import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AtriumError } from '../errors.js';
import type { Block, BlocksApi } from './block-list.js';
import { Users } from './users.js';

const blockOf = (id: string): Block => ({ user: { id, username: id, displayName: id, avatarUrl: null }, blockedAt: '2026-01-01T00:00:00.000Z' });

/** A server whose answers can be held back, and that has two people on a page. */
class Server implements BlocksApi {
  blocked = ['ada', 'bob', 'cleo'];
  asked = 0;
  isAway = false;
  held: (() => void)[] | undefined;

  async list(cursor?: string): Promise<{ items: Block[]; nextCursor: string | null }> {
    this.asked += 1;
    const from = Number(cursor || 0);
    const items = this.blocked.slice(from, from + 2).map(blockOf);
    const nextCursor = from + 2 < this.blocked.length ? String(from + 2) : null;
    if (this.held) await new Promise<void>((resolve) => this.held!.push(resolve));
    if (this.isAway) throw AtriumError.network();
    return { items, nextCursor };
  }
  block(userId: string): Promise<void> {
    if (this.isAway) return Promise.reject(AtriumError.network());
    this.blocked = [...this.blocked, userId];
    return Promise.resolve();
  }
  unblock(userId: string): Promise<void> {
    this.blocked = this.blocked.filter((id) => id !== userId);
    return Promise.resolve();
  }
}

let server: Server;
let users: Users;
beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  users = new Users(() => Promise.resolve([]), server);
  return () => vi.useRealTimers();
});

const later = (ms = 10) => vi.advanceTimersByTimeAsync(ms);
const known = () => (users.blocked.get() === null ? null : [...users.blocked.get()!].sort());

describe('whom one has blocked', () => {
  it('is asked for when somebody looks, page by page, and not before', async () => {
    users.reconnected();
    await later();
    expect(server.asked).toBe(0);
    expect(known()).toBeNull();
    await later();
    expect(known()).toEqual(['ada', 'bob', 'cleo']);
    expect(server.asked).toBe(2);
  });

  it('follows one’s own changes, here and on other devices', async () => {
    expect(known()).toBeNull();
    await later();
    await users.block('dan');
    expect(known()).toEqual(['ada', 'bob', 'cleo', 'dan']);
    const before = users.blocked.get();
    users.hearBlock({ userId: 'dan', blocked: true });
    expect(users.blocked.get()).toBe(before);
    await users.unblock('ada');
    users.hearBlock({ userId: 'bob', blocked: false });
    expect(known()).toEqual(['cleo', 'dan']);
    server.isAway = true;
    await expect(users.block('eve')).rejects.toMatchObject({ code: 'NETWORK' });
    expect(known()).toEqual(['cleo', 'dan']);
  });

  it('is not set back by an answer from before a change', async () => {
    server.held = [];
    expect(known()).toBeNull();
    await later();
    await users.unblock('bob');
    const held = server.held;
    server.held = undefined;
    for (const release of held) release();
    await later();
    expect(known()).toEqual(['ada', 'cleo']);
  });

  it('is asked for again after a failure, and after a reconnect', async () => {
    server.isAway = true;
    expect(known()).toBeNull();
    await later(600_000);
    expect(server.asked).toBe(6);
    server.isAway = false;
    users.reconnected();
    await later();
    expect(known()).toEqual(['ada', 'bob', 'cleo']);
    server.blocked = ['eve'];
    users.reconnected();
    await later();
    expect(known()).toEqual(['eve']);
  });

  it('is forgotten with the user, whose answers are the next one’s no more', async () => {
    server.held = [];
    expect(known()).toBeNull();
    await later();
    users.clear();
    server.blocked = ['zoe'];
    const held = server.held;
    server.held = undefined;
    for (const release of held) release();
    await later();
    expect(known()).toEqual(['zoe']);
  });

  it('comes with names on request, which are then known', async () => {
    const { items, nextCursor } = await users.blocks();
    expect([items.map(({ user }) => user.id), nextCursor]).toEqual([['ada', 'bob'], '2']);
    expect(users.profile('ada').get()).toEqual(blockOf('ada').user);
  });
});
