import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

/** Work that ends when it is told to. */
function gate() {
  const started: number[] = [];
  const finish: ((outcome?: Error) => void)[] = [];
  const work = (n: number) => () =>
    new Promise<number>((resolve, reject) => {
      started.push(n);
      finish[n] = (outcome) => (outcome ? reject(outcome) : resolve(n));
    });
  return { started, finish, work };
}

describe('Turnstile', () => {
  it('runs a few at once, and the others in order of arrival', async () => {
    const turnstile = new Turnstile(2, 10);
    const { started, finish, work } = gate();
    const results = [0, 1, 2, 3].map((n) => turnstile.pass(work(n)));
    await Promise.resolve();
    expect([started, turnstile.waiting]).toEqual([[0, 1], 2]);
    finish[1]!();
    expect(await results[1]).toBe(1);
    expect([started, turnstile.waiting]).toEqual([[0, 1, 2], 1]);
    finish[0]!();
    await results[0];
    expect(started).toEqual([0, 1, 2, 3]);
    finish[2]!();
    finish[3]!();
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3]);
  });

  it('refuses at once when too many wait, and lets people in again afterwards', async () => {
    const turnstile = new Turnstile(1, 1);
    const { finish, work } = gate();
    const [running, waiting] = [turnstile.pass(work(0)), turnstile.pass(work(1))];
    await expect(turnstile.pass(work(2))).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterMs: 1000 } });
    finish[0]!();
    await running;
    finish[1]!();
    await waiting;
    const again = turnstile.pass(work(3));
    await Promise.resolve();
    finish[3]!();
    expect(await again).toBe(3);
  });

  it('frees the place of work that fails', async () => {
    const turnstile = new Turnstile(1, 1);
    const { finish, work } = gate();
    const failing = turnstile.pass(work(0));
    const next = turnstile.pass(work(1));
    await Promise.resolve();
    finish[0]!(new Error('boom'));
    await expect(failing).rejects.toThrow('boom');
    finish[1]!();
    expect(await next).toBe(1);
  });
});
