import { describe, expect, it } from 'vitest';
import { audit, type Channel, type Delivery, type Findings, isClean, type Ledger } from './support/ledger.js';

/** Ten entries of which the last is no message, three readers from three positions, and every message was acknowledged. */
function intactRun(): { ledger: Ledger; channel: Channel } {
  const entries: Delivery[] = Array.from({ length: 10 }, (_, i) => (i < 9 ? { seq: i + 1, opId: `op-${i + 1}`, content: `text ${i + 1}` } : { seq: 10 }));
  const copy = (from: number) => entries.slice(from).map((entry) => ({ ...entry }));
  return {
    ledger: {
      sends: entries.slice(0, 9).map(({ seq, opId, content }) => ({ opId: opId!, content: content!, channelId: 'c', outcome: 'ok', seq })),
      streams: [0, 4, 10].map((from) => ({ reader: `from ${from}`, channelId: 'c', from, deliveries: copy(from) })),
    },
    channel: { channelId: 'c', entries: copy(0), history: copy(0).slice(0, 9) },
  };
}

function findingsAfter(damage: (run: ReturnType<typeof intactRun>) => void): string[] {
  const run = intactRun();
  damage(run);
  const findings: Findings = audit(run.ledger, [run.channel]);
  return Object.entries(findings)
    .filter(([, found]) => found.length > 0)
    .map(([name]) => name);
}

const swap = (list: Delivery[], i: number) => void ([list[i], list[i + 1]] = [list[i + 1]!, list[i]!]);

describe('the checker of the fault runs', () => {
  it('finds nothing in an intact run', () => {
    const { ledger, channel } = intactRun();
    expect(isClean(audit(ledger, [channel]))).toBe(true);
  });

  it.each<[what: string, finding: string, damage: (run: ReturnType<typeof intactRun>) => void]>([
    ['an acknowledged entry that is gone', 'ackedButMissing', ({ channel }) => void channel.entries.splice(4, 1)],
    ['an acknowledged entry at another seq', 'ackedButMissing', ({ ledger }) => void (ledger.sends[3]!.seq = 5)],
    ['an acknowledged entry with another content', 'ackedButMissing', ({ channel }) => void (channel.entries[3]!.content = 'other')],
    ['a refused send that is stored', 'failedButStored', ({ ledger }) => void (ledger.sends[3]!.outcome = 'fail')],
    ['a send that nobody decided', 'undecided', ({ ledger }) => void (ledger.sends[3]!.outcome = 'unknown')],
    ['an operation that is stored twice', 'storedTwice', ({ channel }) => void channel.entries.push({ seq: 11, opId: 'op-1', content: 'text 1' })],
    ['a hole in the journal', 'seqHoles', ({ channel }) => void channel.entries.splice(9, 1, { seq: 11 })],
    ['two entries whose seqs are swapped', 'seqHoles', ({ channel }) => swap(channel.entries, 2)],
    ['a delivery that is missing', 'deliveryGaps', ({ ledger }) => void ledger.streams[0]!.deliveries.splice(5, 1)],
    ['the last delivery that is missing', 'deliveryGaps', ({ ledger }) => void ledger.streams[1]!.deliveries.pop()],
    ['a delivery that came twice', 'deliveredTwice', ({ ledger }) => void ledger.streams[0]!.deliveries.splice(5, 0, { ...ledger.streams[0]!.deliveries[5]! })],
    ['two deliveries that are swapped', 'inversions', ({ ledger }) => swap(ledger.streams[1]!.deliveries, 2)],
    ['a delivery from before the position', 'inversions', ({ ledger }) => void ledger.streams[1]!.deliveries.push({ seq: 2, opId: 'op-2', content: 'text 2' })],
    ['a delivery with another content', 'divergences', ({ ledger }) => void (ledger.streams[0]!.deliveries[2]!.content = 'other')],
    ['a delivery that is not in the journal', 'divergences', ({ ledger }) => void ledger.streams[2]!.deliveries.push({ seq: 11, opId: 'ghost', content: 'boo' })],
    ['a history without one of the messages', 'divergences', ({ channel }) => void channel.history.splice(1, 1)],
  ])('turns red at %s', (_what, finding, damage) => {
    expect(findingsAfter(damage)).toContain(finding);
  });
});
