import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Turns } from './turns.js';

/** Until everything that can go on has done so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const gate = () => Promise.withResolvers<void>();

it('keep the order in which they were taken, however long the look-ups take, and whatever becomes of them', async () => {
  const works = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), fate: fc.constantFrom('passes on when it has acted', 'passes on at its end', 'never acts'), rank: fc.nat(), isAlone: fc.boolean() }));
  await fc.assert(
    fc.asyncProperty(works, async (asked) => {
      const turns = new Turns();
      const acted: Record<string, number[]> = { a: [], b: [] };
      const lookUps = asked.map(gate);
      const works = asked.map(async ({ key, fate }, index) => {
        const turn = turns.take(key);
        try {
          await lookUps[index]!.promise;
          if (fate === 'never acts') return;
          await turn.come;
          acted[key]!.push(index);
          if (fate === 'passes on when it has acted') turn.pass();
          await settled();
        } finally {
          turn.pass();
        }
      });
      for (const { index, isAlone } of asked.map(({ rank, isAlone }, index) => ({ rank, isAlone, index })).sort((one, other) => one.rank - other.rank)) {
        lookUps[index]!.resolve();
        if (isAlone) await settled();
      }
      await Promise.all(works);
      for (const key of ['a', 'b']) expect(acted[key]).toEqual(asked.flatMap((one, index) => (one.key === key && one.fate !== 'never acts' ? [index] : [])));
      expect(turns.size).toBe(0);
    }),
  );
});

it('come when those before have passed on, and not when somebody later has', async () => {
  const turns = new Turns();
  const [first, second, third] = [turns.take('a'), turns.take('a'), turns.take('a')];
  expect(first.come).toBeUndefined();
  let hasCome = false;
  void third.come!.then(() => (hasCome = true));
  second.pass();
  await settled();
  expect(hasCome).toBe(false);
  first.pass();
  first.pass();
  await settled();
  expect(hasCome).toBe(true);
  expect(third.come).toBeUndefined();
  expect(turns.size).toBe(1);
  third.pass();
  expect(turns.size).toBe(0);
});

it('of one key do not wait for those of another', () => {
  const turns = new Turns();
  const first = turns.take('a');
  expect([turns.isFree('a'), turns.isFree('b')]).toEqual([false, true]);
  expect(turns.take('b').come).toBeUndefined();
  expect(turns.take('a').come).toBeDefined();
  first.pass();
  expect(turns.isFree('a')).toBe(false);
});
