import type { ExecutionContext } from '@nestjs/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/config.js';
import { LIMITS_BY_NAME, RateLimits } from './rate-limits.js';
import { SearchGuard } from './search-limit.js';

const { burst } = LIMITS_BY_NAME.search;
let guard: SearchGuard;
beforeEach(() => (guard = new SearchGuard(new RateLimits({ get: () => true } as unknown as Config))));

const ask = (userId: string, query: unknown) => guard.canActivate({ switchToHttp: () => ({ getRequest: () => ({ user: { userId }, query }) }) } as unknown as ExecutionContext);
const askOften = (userId: string, query: unknown) => {
  for (let i = 0; i < 2 * burst; i++) ask(userId, query);
};

describe('searches', () => {
  it('are counted by user, and told when to come again', () => {
    expect(() => askOften('ada', { q: 'a' })).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }) as Error);
    expect(ask('ben', { q: 'a' })).toBe(true);
  });

  it('are as many as somebody types', () => {
    for (let i = 0; i < burst; i++) expect(ask('ada', { q: 'a'.repeat(i + 1) })).toBe(true);
  });

  it('are not lists as such', () => {
    for (const query of [{}, { q: '' }, { limit: '10' }, undefined]) expect(() => askOften('ada', query)).not.toThrow();
  });
});
