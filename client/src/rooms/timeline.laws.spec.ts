import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Queued } from '../outbox/outbox.js';
import { Value } from '../store.js';
import { ADA, Journal, ROOM } from '../wire.fixture.js';
import { Pages, settled } from './timeline.fixture.js';
import { Timeline } from './timeline.js';

/** Steps of a room and of a reader in it, in any order. */
const steps = fc.array(
  fc.tuple(fc.constantFrom('send', 'send', 'send', 'edit', 'delete', 'deliver', 'deliver', 'open', 'before', 'after', 'around', 'newest', 'answer', 'answer', 'fail', 'miss'), fc.nat({ max: 1_000 })),
  { minLength: 10, maxLength: 80 },
);

describe('P6', () => {
  it('whatever happens, the timeline ends as a section of what a fresh load gives, and knows its ends', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (todo) => {
        const pages = new Pages();
        const few: typeof pages.read = (query) => pages.read({ ...query, limit: 4 });
        const timeline = new Timeline(few, ROOM, { queued: new Value<readonly Queued[]>([]) }, () => ADA);
        const journal = new Journal();
        let delivered = 0;
        let askedAt: number[] = [];
        const deliver = (): void => void (delivered < journal.seq && timeline.apply(journal.read(++delivered, journal.seq)));
        // The answer is from any time since the question, and the server knows what it has delivered.
        const answer = async (choice: number): Promise<void> => {
          if (!pages.isAsked) return;
          const since = askedAt.shift() ?? journal.seq;
          await pages.answer((query) => journal.page(query, since + (choice % (journal.seq - since + 1))));
        };
        const does: Record<string, (choice: number) => unknown> = {
          send: () => journal.send(),
          edit: (choice) => journal.edit(choice),
          delete: (choice) => journal.delete(choice),
          deliver,
          open: () => void timeline.open(),
          before: () => void timeline.loadBefore(),
          after: () => void timeline.loadAfter(),
          around: (choice) => void timeline.jumpTo(1 + (choice % (journal.seq + 1))),
          newest: () => void timeline.jumpToNewest(),
          answer,
          fail: () => pages.isAsked && (askedAt.shift(), pages.fail()),
          miss: () => {
            delivered = journal.seq;
            timeline.doubt();
          },
        };
        let known = 0;
        for (const [step, choice] of todo) {
          await does[step]!(choice);
          await settled();
          for (; known < pages.asked.length; known++) askedAt.push(journal.seq);
        }
        while (pages.isAsked) await answer(0);
        while (delivered < journal.seq) deliver();
        void timeline.open();
        await settled();
        askedAt = [];
        while (pages.isAsked) await answer(0);
        const { items, hasBefore, hasAfter } = timeline.view.get();
        const all = journal.stateAt(journal.seq);
        const [first, last] = [items[0]?.seq ?? 0, items.at(-1)?.seq ?? 0];
        const shown = items.map(({ key: _key, status: _status, ...stored }) => stored);
        expect(shown).toEqual(all.filter(({ seq }) => seq >= first && (seq <= last || !hasAfter)));
        if (items.length > 0) expect(hasBefore).toBe(all.some(({ seq }) => seq < first));
        if (hasAfter) expect(all.some(({ seq }) => seq > last)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
