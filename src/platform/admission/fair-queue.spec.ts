import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue, type FairQueueLimits } from './fair-queue.js';

const LIMITS: FairQueueLimits = { name: 'test', running: 2, runningPerKey: 2, waiting: 10, waitingPerKey: 4, whenFull: 'Too many at the moment' };

/** Work that ends when it is told to. */
class Works {
  readonly started: string[] = [];
  private readonly ends = new Map<string, (failure?: Error) => void>();

  constructor(private readonly queue: FairQueue) {}

  /** @param name its first letter is the key */
  run(name: string): Promise<string> {
    return this.queue.run(name[0]!, () => {
      this.started.push(name);
      return new Promise((resolve, reject) => this.ends.set(name, (failure) => (failure ? reject(failure) : resolve(name))));
    });
  }

  async end(name: string, failure?: Error): Promise<void> {
    await settled();
    this.ends.get(name)!(failure);
    await settled();
  }
}

/** Whatever waits for promises alone has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a fair queue', () => {
  it('runs a few at once, and the others in the order in which they came', async () => {
    const works = new Works(new FairQueue(LIMITS));
    const results = ['a1', 'a2', 'a3', 'a4'].map((name) => works.run(name));
    await Promise.resolve();
    expect(works.started).toEqual(['a1', 'a2']);
    for (const name of ['a2', 'a1', 'a3', 'a4']) await works.end(name);
    expect([works.started, await Promise.all(results)]).toEqual([['a1', 'a2', 'a3', 'a4'], ['a1', 'a2', 'a3', 'a4']]);
  });

  it('lets keys take turns, whoever has asked for most', async () => {
    const works = new Works(new FairQueue(LIMITS));
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'c1']) void works.run(name);
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']) await works.end(name);
    expect(works.started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4', 'a5']);
  });

  it('leaves places to others that one key may not take', async () => {
    const works = new Works(new FairQueue({ ...LIMITS, runningPerKey: 1 }));
    for (const name of ['a1', 'a2', 'b1', 'b2']) void works.run(name);
    await Promise.resolve();
    expect(works.started).toEqual(['a1', 'b1']);
    await works.end('b1');
    expect(works.started).toEqual(['a1', 'b1', 'b2']);
    await works.end('a1');
    expect(works.started).toEqual(['a1', 'b1', 'b2', 'a2']);
  });

  it('refuses at once whoever has too much waiting, and anybody when too much waits in all', async () => {
    const queue = new FairQueue(LIMITS);
    const works = new Works(queue);
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) void works.run(name);
    await expect(works.run('a7')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    for (const name of ['b1', 'b2', 'b3', 'b4', 'c1', 'c2']) void works.run(name);
    await expect(works.run('d1')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'Too many at the moment' });
    expect(queue.waiting).toBe(10);
    await works.end('a1');
    void works.run('d1');
    expect(queue.waiting).toBe(10);
  });

  it('frees the place of work that fails', async () => {
    const works = new Works(new FairQueue({ ...LIMITS, running: 1 }));
    const failing = works.run('a1');
    void works.run('b1');
    await Promise.resolve();
    const refused = expect(failing).rejects.toThrow('boom');
    await works.end('a1', new Error('boom'));
    await refused;
    expect(works.started).toEqual(['a1', 'b1']);
  });

  it('never runs more than it may, never stands still while somebody waits, and forgets keys that are done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 60 }), async (running, runningPerKey, steps) => {
        const queue = new FairQueue({ ...LIMITS, running, runningPerKey });
        const under: { key: string; end: () => void }[] = [];
        const settled: Promise<unknown>[] = [];
        const check = () => {
          expect(under.length).toBeLessThanOrEqual(running);
          for (const key of 'abc') expect(under.filter((work) => work.key === key).length).toBeLessThanOrEqual(runningPerKey);
          if (queue.waiting > 0 && under.length < running) for (const key of 'abc') expect([0, runningPerKey]).toContain(under.filter((work) => work.key === key).length);
        };
        const turn = () => new Promise((resolve) => setImmediate(resolve));
        for (const [key, isEnd] of steps) {
          if (isEnd) under.shift()?.end();
          else settled.push(queue.run(key, () => new Promise<void>((resolve) => under.push({ key, end: resolve }))).catch((error: unknown) => error));
          await turn();
          check();
        }
        for (; under.length > 0; await turn()) under.shift()!.end();
        await Promise.all(settled);
        expect([queue.waiting, (queue as unknown as { lanes: Map<string, unknown> }).lanes.size]).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
  });
});
