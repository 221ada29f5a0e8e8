import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../platform/config/config.js';
import { LIMITS_BY_NAME, RateLimits } from '../../platform/rate-limit/rate-limits.js';
import { LoginLine, MAX_WAIT_MS, WAITING } from './login-line.js';

const { burst, perSecond } = LIMITS_BY_NAME.loginByAccount;
const TURN_MS = 1_000 / perSecond;

let line: LoginLine;
/** The attempts that were let through or refused, in that order. */
let log: string[];
beforeEach(() => {
  vi.useFakeTimers();
  line = new LoginLine(new RateLimits({ get: () => true } as unknown as Config));
  log = [];
});
afterEach(() => void vi.useRealTimers());

function attempt(address: string, account = 'ada'): void {
  void line.enter(account, address).then(
    () => log.push(address),
    (error: { code: string }) => log.push(`${address}: ${error.code}`),
  );
}
const settled = () => vi.advanceTimersByTimeAsync(0);
const turns = (count: number) => vi.advanceTimersByTimeAsync(count * TURN_MS);

/** Empties the bucket; each of these addresses has had a turn then. */
async function guess(account = 'ada'): Promise<string[]> {
  const bots = Array.from({ length: burst }, (_, n) => `bot${n}`);
  for (const bot of bots) attempt(bot, account);
  await settled();
  expect(log.splice(0)).toEqual(bots);
  return bots;
}

describe('attempts to sign in to one account', () => {
  it('pass at once up to its bucket, and then one by one as it refills', async () => {
    await guess();
    for (const address of ['x', 'y', 'z']) attempt(address);
    await settled();
    expect([log, line.waiting]).toEqual([[], 3]);
    await turns(1);
    expect(log).toEqual(['x']);
    await turns(2);
    expect([log, line.waiting]).toEqual([['x', 'y', 'z'], 0]);
  });

  it('do not wait for those on another', async () => {
    await guess();
    attempt('x');
    attempt('y', 'bob');
    await settled();
    expect(log).toEqual(['y']);
  });

  it('let whoever has not tried yet go before all who have', async () => {
    const bots = await guess();
    for (const bot of bots) attempt(bot);
    attempt('owner');
    await turns(2);
    expect(log).toEqual(['owner', 'bot0']);
  });

  it('let the others go in the order in which they had their last turns', async () => {
    await guess();
    for (const bot of ['bot2', 'bot0', 'bot1']) attempt(bot);
    await turns(1);
    attempt('bot0');
    await turns(3);
    expect(log).toEqual(['bot0', 'bot1', 'bot2', 'bot0']);
  });

  it('do not count when they succeed', async () => {
    for (let n = 0; n < 3 * burst; n++) {
      attempt('owner');
      await settled();
      line.succeeded('ada', 'owner');
    }
    expect(log.splice(0)).toHaveLength(3 * burst);
    await guess();
  });

  it('are refused when their turn does not come in time, and leave nothing behind', async () => {
    await guess();
    for (let n = 0; n < 15; n++) attempt(`x${n}`);
    await vi.advanceTimersByTimeAsync(MAX_WAIT_MS - 1);
    const passed = log.length;
    await vi.advanceTimersByTimeAsync(1);
    expect([passed, log.slice(passed), line.waiting]).toEqual([9, [9, 10, 11, 12, 13, 14].map((n) => `x${n}: RATE_LIMITED`), 0]);
    expect([vi.getTimerCount(), (line as unknown as { lines: Map<string, unknown> }).lines.size]).toEqual([0, 0]);
  });
});

describe('what waits is bounded', () => {
  it('of each address', async () => {
    await guess();
    for (let n = 0; n <= WAITING.perAddress; n++) attempt('x');
    await settled();
    expect([log, line.waiting]).toEqual([['x: RATE_LIMITED'], WAITING.perAddress]);
  });

  it('on each account; whoever has had a turn makes room for whoever has not', async () => {
    const bots = await guess();
    for (let n = 0; n < WAITING.perAccount - 1; n++) attempt(`new${n}`);
    attempt(bots[0]!);
    await settled();
    expect([log, line.waiting]).toEqual([[], WAITING.perAccount]);
    attempt(bots[1]!);
    attempt('owner');
    attempt('too late');
    await settled();
    expect([log, line.waiting]).toEqual([['bot1', 'too late', 'bot0'].map((address) => `${address}: RATE_LIMITED`), WAITING.perAccount]);
  });

  it('in all; the longest line makes room', async () => {
    const accounts = WAITING.inAll / WAITING.perAccount;
    for (let account = 0; account < accounts; account++) {
      await guess(`account${account}`);
      for (let n = 0; n < WAITING.perAccount; n++) attempt(`${account}-${n}`, `account${account}`);
    }
    await guess();
    attempt('owner');
    await settled();
    expect([log.length, log[0], line.waiting]).toEqual([1, expect.stringMatching(/^\d+-\d+: RATE_LIMITED$/), WAITING.inAll]);
    await turns(1);
    expect(log).toContain('owner');
  });
});
