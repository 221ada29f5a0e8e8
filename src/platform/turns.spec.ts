import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Turns } from './turns.js';

/** Until everything that can go on has done so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const gate = () => Promise.withResolvers<void>();

it('keep the order in which was asked, however long the look-ups take and whatever fails', async () => {
  const works = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), fate: fc.constantFrom('acts', 'fails in its turn', 'fails before its turn', 'never takes its turn'), rank: fc.nat(), isAlone: fc.boolean() }));
  await fc.assert(
    fc.asyncProperty(works, async (asked) => {
      const turns = new Turns();
      const acted: Record<string, number[]> = { a: [], b: [] };
      const lookUps = asked.map(gate);
      const answers = asked.map(async ({ key, fate }, index) => {
        const work = turns.run(key, async (turn) => {
          await lookUps[index]!.promise;
          if (fate === 'fails before its turn') throw new Error(fate);
          if (fate === 'never takes its turn') return fate;
          await turn.come;
          acted[key]!.push(index);
          if (fate === 'fails in its turn') throw new Error(fate);
          turn.pass();
          return fate;
        });
        return work.catch((error: Error) => error.message);
      });
      for (const { index, isAlone } of asked.map(({ rank, isAlone }, index) => ({ rank, isAlone, index })).sort((one, other) => one.rank - other.rank)) {
        lookUps[index]!.resolve();
        if (isAlone) await settled();
      }
      expect(await Promise.all(answers)).toEqual(asked.map(({ fate }) => fate));
      for (const key of ['a', 'b']) expect(acted[key]).toEqual(asked.flatMap((one, index) => (one.key === key && /^acts|in its turn/.test(one.fate) ? [index] : [])));
      await settled();
      expect(turns.size).toBe(0);
    }),
  );
});

it('are passed on early, or when the work has ended', async () => {
  const turns = new Turns();
  const ends = [gate(), gate()];
  const begun: string[] = [];
  const work = (name: string, isPassing: boolean, end?: Promise<void>) =>
    turns.run('a', async (turn) => {
      await turn.come;
      begun.push(name);
      if (isPassing) turn.pass();
      await end;
    });
  const works = [work('passes on', true, ends[0]!.promise), work('keeps it', false, ends[1]!.promise), work('waits', false)];
  await settled();
  expect(begun).toEqual(['passes on', 'keeps it']);
  ends[1]!.resolve();
  await works[2];
  expect(begun).toEqual(['passes on', 'keeps it', 'waits']);
  ends[0]!.resolve();
  await Promise.all(works);
});

it('of one key do not wait for those of another', async () => {
  const turns = new Turns();
  const slow = gate();
  const waiting = turns.run('a', () => slow.promise);
  expect(await turns.run('b', async (turn) => turn.come)).toBeUndefined();
  expect(turns.size).toBe(1);
  slow.resolve();
  await waiting;
});
