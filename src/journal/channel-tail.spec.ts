import { describe, expect, it } from 'vitest';
import type { EntryView } from '../protocol/entries.js';
import { ChannelTail } from './channel-tail.js';

const entry = (seq: number): EntryView => ({ channelId: 'c', seq, type: 'note', actorId: null, at: '' });
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const seqs = (entries: EntryView[] | undefined) => entries?.map(({ seq }) => seq);

function tailAt(cursor: number): ChannelTail {
  const tail = new ChannelTail();
  tail.startAt(cursor);
  return tail;
}

describe('the tail of a channel', () => {
  it('lets entries leave in order, each once, whatever the order in which they come', () => {
    const tail = tailAt(0);
    expect([3, 1, 1, 2, 5, 3, 4, 6].map((seq) => seqs(tail.accept(entry(seq))))).toEqual([[], [1], [], [2, 3], [], [], [4, 5], [6]]);
    expect(tail.hasGap).toBe(false);
  });

  it('gathers entries before its position is known, and forgets those that lie before it', () => {
    const tail = new ChannelTail();
    for (const seq of [9, 7, 8, 11]) expect(tail.accept(entry(seq))).toEqual([]);
    expect(tail.hasGap).toBe(false);
    expect(seqs(tail.startAt(7))).toEqual([8, 9]);
    expect(tail.hasGap).toBe(true);
    expect(seqs(tail.accept(entry(10)))).toEqual([10, 11]);
  });

  it('remembers what has left, as far as it goes back', () => {
    const tail = tailAt(10);
    for (const seq of upTo(500)) tail.accept(entry(10 + seq));
    expect(tail.since(510)).toEqual([]);
    expect(seqs(tail.since(500))).toEqual(upTo(10).map((i) => 500 + i));
    expect(tail.since(20)).toBeUndefined();
    expect(tail.since(511)).toBeUndefined();
    expect(tail.recent.length).toBeLessThanOrEqual(128);
  });

  it('knows of a gap after entries that found no room, until the journal was read', () => {
    const tail = tailAt(0);
    for (const seq of upTo(1_500)) tail.accept(entry(seq + 1));
    expect(seqs(tail.accept(entry(1)))).toHaveLength(1_001);
    expect(tail.hasGap).toBe(true);
    tail.beginRepair();
    expect(tail.hasGap).toBe(false);
  });
});
