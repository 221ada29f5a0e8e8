import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import type { Housekeeping } from '../../platform/housekeeping/housekeeping.js';
import { type Estate, Succession } from './succession.js';
import type { UsersRepository } from './users.repository.js';

/** Things by owner, in memory. */
class Things implements Estate {
  passedOn: string[] = [];
  broken: string | undefined;
  constructor(
    readonly kind: string,
    readonly owned: Map<string, string[]>,
  ) {}
  findOrphaned(userId: string, limit: number): Promise<string[]> {
    return Promise.resolve((this.owned.get(userId) ?? []).filter((id) => !this.passedOn.includes(id)).slice(0, limit));
  }
  passOn(id: string): Promise<void> {
    if (id === this.broken) return Promise.reject(new Error('locked'));
    this.passedOn.push(id);
    return Promise.resolve();
  }
}

const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${String(i).padStart(4, '0')}`);

let inactive: string[];
let chores: (() => Promise<void>)[];
let succession: Succession;
beforeEach(() => {
  inactive = [];
  chores = [];
  const users = { listInactive: (after: string | null, limit: number) => Promise.resolve(inactive.filter((id) => after === null || id > after).slice(0, limit)) };
  const housekeeping = { every: (_ms: number, _failure: string, work: () => Promise<void>) => chores.push(work) };
  succession = new Succession(users as unknown as UsersRepository, housekeeping as unknown as Housekeeping);
});
afterEach(() => vi.restoreAllMocks());

describe('succession', () => {
  it('passes on what the user owns, of every kind, and of nobody else', async () => {
    const [rooms, pages] = [new Things('room', new Map([['ada', ['r1', 'r2']], ['bob', ['r3']]])), new Things('page', new Map([['ada', ['p1']]]))];
    for (const estate of [rooms, pages]) succession.register(estate);
    await succession.settle('ada');
    expect([rooms.passedOn, pages.passedOn]).toEqual([['r1', 'r2'], ['p1']]);
  });

  it('answers after some of many, and goes on with the rest by itself', async () => {
    const rooms = new Things('room', new Map([['ada', many('room', 120)]]));
    succession.register(rooms);
    await succession.settle('ada');
    expect(rooms.passedOn.length).toBeLessThan(120);
    await vi.waitFor(() => expect(rooms.passedOn).toHaveLength(120));
  });

  it('says what failed, and makes it good at the next sweep', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const [rooms, pages] = [new Things('room', new Map([['ada', ['r1']]])), new Things('page', new Map([['ada', ['p1']]]))];
    rooms.broken = 'r1';
    for (const estate of [rooms, pages]) succession.register(estate);
    await succession.settle('ada');
    expect(warn.mock.calls[0]![0]).toMatchObject({ userId: 'ada', kind: 'room' });
    expect(pages.passedOn).toEqual(['p1']);
    rooms.broken = undefined;
    inactive = ['ada'];
    await chores[0]!();
    expect(rooms.passedOn).toEqual(['r1']);
  });

  it('looks at all inactive users in rounds, some at a time', async () => {
    inactive = many('user', 120);
    const rooms = new Things('room', new Map(inactive.map((id) => [id, [`room of ${id}`]])));
    succession.register(rooms);
    const counts: number[] = [];
    for (let round = 0; round < 3; round++) {
      await chores[0]!();
      counts.push(rooms.passedOn.length);
    }
    expect(counts).toEqual([50, 100, 120]);
    // The next round begins at the first one.
    rooms.passedOn = [];
    await chores[0]!();
    expect(rooms.passedOn[0]).toBe('room of user-0000');
  });
});
