import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Chore } from './chore.js';
import { AtriumError } from './errors.js';

let attempts: { succeed: () => void; fail: (error: Error) => void }[];
let chore: Chore;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  attempts = [];
  chore = new Chore(() => new Promise((succeed, fail) => attempts.push({ succeed, fail })));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('a chore', () => {
  it('begins at once, and is done when its attempt is', async () => {
    let isDone = false;
    void chore.do().then(() => (isDone = true));
    expect(attempts).toHaveLength(1);
    await settled();
    expect(isDone).toBe(false);
    attempts[0]!.succeed();
    await settled();
    expect(isDone).toBe(true);
  });

  it('is done once more for all who ask during an attempt', async () => {
    void chore.do();
    const asked = Promise.all([chore.do(), chore.do(), chore.do()]);
    attempts[0]!.succeed();
    await settled();
    expect(attempts).toHaveLength(2);
    const later = chore.do();
    attempts[1]!.succeed();
    await asked;
    attempts[2]!.succeed();
    await later;
    expect(attempts).toHaveLength(3);
  });

  it('is tried again, with growing pauses, until it succeeds; then they are short again', async () => {
    const first = chore.do();
    attempts[0]!.fail(AtriumError.network());
    await first;
    await vi.advanceTimersByTimeAsync(500);
    attempts[1]!.fail(AtriumError.network());
    await vi.advanceTimersByTimeAsync(999);
    expect(attempts).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    attempts[2]!.succeed();
    await settled();
    void chore.do();
    attempts[3]!.fail(AtriumError.network());
    await vi.advanceTimersByTimeAsync(500);
    expect(attempts).toHaveLength(5);
  });

  it('waits as long as the server asks', async () => {
    void chore.do();
    attempts[0]!.fail(new AtriumError('RATE_LIMITED', 'slower', { retryAfterMs: 7_000 }));
    await vi.advanceTimersByTimeAsync(6_999);
    expect(attempts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempts).toHaveLength(2);
  });

  it('does not wait when it is asked for', async () => {
    void chore.do();
    attempts[0]!.fail(AtriumError.network());
    await settled();
    void chore.do();
    expect(attempts).toHaveLength(2);
    attempts[1]!.succeed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toHaveLength(2);
  });

  it('ends with a refusal', async () => {
    void chore.do();
    attempts[0]!.fail(new AtriumError('ROOM_NOT_FOUND', 'gone'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toHaveLength(1);
  });

  it('ends when it is stopped, during an attempt or a pause, and begins again when asked', async () => {
    void chore.do();
    chore.stop();
    attempts[0]!.fail(AtriumError.network());
    await settled();
    expect(vi.getTimerCount()).toBe(0);
    void chore.do();
    attempts[1]!.fail(AtriumError.network());
    await settled();
    expect(vi.getTimerCount()).toBe(1);
    chore.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that is stopped is not done for those who asked during its attempt', async () => {
    void chore.do();
    const asked = chore.do();
    chore.stop();
    attempts[0]!.succeed();
    await asked;
    expect(attempts).toHaveLength(1);
  });

  it('is settled when no attempt is under way or due', async () => {
    await chore.settled;
    void chore.do();
    void chore.do();
    let isSettled = false;
    void chore.settled.then(() => (isSettled = true));
    attempts[0]!.succeed();
    await settled();
    expect(isSettled).toBe(false);
    attempts[1]!.succeed();
    await settled();
    expect(isSettled).toBe(true);
  });

  it('lets a mistake be seen, and does not repeat it', async () => {
    const seen = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
    void chore.do();
    attempts[0]!.fail(new TypeError('a mistake'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toHaveLength(1);
    expect(seen.mock.calls.map(([thrower]) => thrower)).toHaveLength(1);
    expect(seen.mock.calls[0]![0]).toThrow('a mistake');
  });
});
