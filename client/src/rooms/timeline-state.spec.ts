import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, deleted, edited, entry, history, Journal, message, sent } from '../wire.fixture.js';
import { EMPTY, fromHistory, toMessage, type Window, withEntry, withMessage, withNewer, withOlder } from './timeline-state.js';

const seqsOf = ({ messages }: Window): number[] => messages.map(({ seq }) => seq);
const live = (...seqs: number[]): Window => fromHistory(history(seqs.map((seq) => message(seq)), true));

describe('a message', () => {
  it('is the same from its entry as from REST', () => {
    expect(toMessage(sent(7))).toEqual(message(7));
  });

  it('is put at the end of a live window, and at its place inside', () => {
    expect(seqsOf(withMessage(live(5, 7), message(9)))).toEqual([5, 7, 9]);
    expect(seqsOf(withMessage(live(5, 9), message(7)))).toEqual([5, 7, 9]);
    expect(seqsOf(withMessage(EMPTY, message(1)))).toEqual([1]);
  });

  it('is left out where there would be a hole between it and the window', () => {
    expect(seqsOf(withMessage(live(5, 7), message(2)))).toEqual([5, 7]);
    expect(seqsOf(withMessage({ ...live(5, 7), hasAfter: true }, message(9)))).toEqual([5, 7]);
  });

  it('that was deleted does not come back with an older state of it', () => {
    const gone = withEntry(live(5), deleted(8, 5));
    for (const older of [withMessage(gone, message(5)), withEntry(gone, sent(5)), withEntry(gone, edited(7, 5)), withOlder(gone, history([message(5)]))]) {
      expect(older.messages[0]).toEqual(message(5, { content: null, deletedAt: at(8) }));
    }
  });
});

describe('an edit', () => {
  it('that is older than what is known changes nothing', () => {
    const window = withEntry(withEntry(live(5), edited(9, 5, 'newer')), edited(8, 5, 'older'));
    expect(window.messages[0]).toMatchObject({ content: 'newer', editedAt: at(9) });
  });

  it('of a message that has been deleted since tells its time alone', () => {
    const before = withEntry(live(5), edited(8, 5, null));
    expect(before.messages[0]).toEqual(message(5, { editedAt: at(8) }));
    expect(withEntry(before, deleted(9, 5)).messages[0]).toEqual(message(5, { content: null, editedAt: at(8), deletedAt: at(9) }));
  });

  it('ends with the same, in whatever order and however often they come', () => {
    const seqs = fc.uniqueArray(fc.integer({ min: 10, max: 99 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(seqs, fc.array(fc.nat()), (order, doubles) => {
        const arrivals = [...order, ...doubles.map((n) => order[n % order.length]!)];
        const window = arrivals.reduce((state, seq) => withEntry(state, edited(seq, 5)), live(5));
        const last = Math.max(...order);
        expect(window.messages[0]).toMatchObject({ editedAt: at(last), content: `text 5, edited by ${last}` });
      }),
    );
  });
});

it('the window stays the same object when nothing changes', () => {
  const window = live(5, 7);
  for (const other of [edited(9, 3), deleted(9, 3), entry(9, 'read', { userId: 'bob', lastReadSeq: 7 })]) expect(withEntry(window, other)).toBe(window);
});

describe('pages', () => {
  it('are put before and after, and overlap without doubles', () => {
    const older = withOlder(live(5, 7), history([message(1), message(3), message(5)], false));
    expect(older).toMatchObject({ hasBefore: false, hasAfter: false });
    expect(seqsOf(older)).toEqual([1, 3, 5, 7]);
    const newer = withNewer({ ...live(5, 7), hasAfter: true }, history([message(7), message(9)], true, false));
    expect(newer).toMatchObject({ hasBefore: true, hasAfter: false });
    expect(seqsOf(newer)).toEqual([5, 7, 9]);
  });

  it('that are empty change only what they say of the end', () => {
    expect(withOlder(live(5), history([], false))).toEqual({ ...live(5), hasBefore: false });
  });
});

/** What may happen in a room; the number says to which message. */
const deeds = fc.array(fc.tuple(fc.constantFrom('send', 'send', 'send', 'edit', 'delete'), fc.nat()), { minLength: 1, maxLength: 40 });

function journalOf(done: [string, number][]): Journal {
  const journal = new Journal();
  for (const [deed, choice] of done) journal[deed as 'send' | 'edit' | 'delete'](choice);
  return journal;
}

describe('P6: a page and the entries after it', () => {
  it('give what a fresh load gives, whenever the page and each entry were read, and however often entries come', () => {
    fc.assert(
      fc.property(deeds, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 20 }), fc.infiniteStream(fc.nat()), (done, a, b, limit, choices) => {
        const journal = journalOf(done);
        // The stream may be behind the page: then some entries are in it already.
        const pageAt = a % (journal.seq + 1);
        const position = b % (pageAt + 1);
        const next = (): number => choices.next().value as number;
        let window = fromHistory(journal.page({ limit }, pageAt));
        for (let seq = position + 1; seq <= journal.seq; seq++) {
          // Read when it happened, or at any time since; and perhaps followed by an earlier one again.
          window = withEntry(window, journal.read(seq, seq + (next() % (journal.seq - seq + 1))));
          const again = 1 + (next() % seq);
          if (next() % 3 === 0) window = withEntry(window, journal.read(again, again + (next() % (journal.seq - again + 1))));
        }
        const first = window.messages[0]?.seq ?? 0;
        expect(window.messages).toEqual(journal.stateAt(journal.seq).filter(({ seq }) => seq >= first));
      }),
      { numRuns: 500 },
    );
  });
});
