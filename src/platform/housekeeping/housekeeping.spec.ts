import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Config } from '../config/config.js';
import { Housekeeping } from './housekeeping.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const housekeepingOf = (role: string) => new Housekeeping({ hasRole: (asked: string) => asked === role } as unknown as Config);

it('does each thing at its time, until the node stops', async () => {
  const housekeeping = housekeepingOf('worker');
  const done: string[] = [];
  for (const [name, everyMs] of [['often', 10], ['rarely', 25]] as const) housekeeping.every(everyMs, name, () => Promise.resolve(void done.push(name)));
  housekeeping.onApplicationBootstrap();
  await vi.advanceTimersByTimeAsync(30);
  expect(done).toEqual(['often', 'often', 'rarely', 'often']);
  housekeeping.onModuleDestroy();
  expect(vi.getTimerCount()).toBe(0);
});

it('says in the log what could not be done, and does it the next time', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const housekeeping = housekeepingOf('worker');
  const error = new Error('no database');
  const work = vi.fn().mockRejectedValueOnce(error).mockResolvedValue(undefined);
  housekeeping.every(10, 'old things could not be deleted', work);
  housekeeping.onApplicationBootstrap();
  await vi.advanceTimersByTimeAsync(20);
  expect(work).toHaveBeenCalledTimes(2);
  expect(warn.mock.calls).toEqual([[{ err: error }, 'old things could not be deleted']]);
  housekeeping.onModuleDestroy();
});

it('does nothing on a node that is no worker', () => {
  const housekeeping = housekeepingOf('web');
  housekeeping.every(10, 'never', () => Promise.reject(new Error('never')));
  housekeeping.onApplicationBootstrap();
  expect(vi.getTimerCount()).toBe(0);
});
