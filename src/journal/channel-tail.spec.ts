import { describe, expect, it } from 'vitest';
import type { EntryView } from '../protocol/entries.js';
import { ChannelTail } from './channel-tail.js';
import { TailMemory } from './tail-memory.js';

const entry = (seq: number): EntryView => ({ channelId: 'c', seq, type: 'note', actorId: null, at: '' });
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const seqs = (entries: EntryView[] | undefined) => entries?.map(({ seq }) => seq);

const BYTES = 100;
let memory = new TailMemory();
const newTail = () => new ChannelTail(memory);

function tailAt(cursor: number): ChannelTail {
  const tail = newTail();
  tail.startAt(cursor);
  return tail;
}

describe('the tail of a channel', () => {
  it('lets entries leave in order, each once, whatever the order in which they come', () => {
    const tail = tailAt(0);
    expect([3, 1, 1, 2, 5, 3, 4, 6].map((seq) => seqs(tail.accept(entry(seq), BYTES)))).toEqual([[], [1], [], [2, 3], [], [], [4, 5], [6]]);
    expect(tail.hasGap).toBe(false);
  });

  it('gathers entries before its position is known, and forgets those that lie before it', () => {
    const tail = newTail();
    for (const seq of [9, 7, 8, 11]) expect(tail.accept(entry(seq), BYTES)).toEqual([]);
    expect(tail.hasGap).toBe(false);
    expect(seqs(tail.startAt(7))).toEqual([8, 9]);
    expect(tail.hasGap).toBe(true);
    expect(seqs(tail.accept(entry(10), BYTES))).toEqual([10, 11]);
  });

  it('remembers what has left, as far as it goes back', () => {
    const tail = tailAt(10);
    for (const seq of upTo(500)) tail.accept(entry(10 + seq), BYTES);
    expect(tail.since(510)).toEqual([]);
    expect(seqs(tail.since(500))).toEqual(upTo(10).map((i) => 500 + i));
    expect(tail.since(20)).toBeUndefined();
    expect(tail.since(511)).toBeUndefined();
    expect(tail.recent.length).toBeLessThanOrEqual(128);
  });

  it('knows of a gap after entries that found no room, until the journal was read', () => {
    const tail = tailAt(0);
    for (const seq of upTo(1_500)) tail.accept(entry(seq + 1), BYTES);
    expect(seqs(tail.accept(entry(1), BYTES))).toHaveLength(1_001);
    expect(tail.hasGap).toBe(true);
    tail.beginRepair();
    expect(tail.hasGap).toBe(false);
  });

  it('remembers no more than so many bytes, and nothing of an entry that is larger alone', () => {
    memory = new TailMemory();
    const tail = tailAt(0);
    for (const seq of upTo(10)) tail.accept(entry(seq), 300_000);
    expect([seqs(tail.recent), memory.bytes]).toEqual([[8, 9, 10], 900_000]);
    tail.accept(entry(11), 5_000_000);
    expect([tail.recent, memory.bytes]).toEqual([[], 0]);
    tail.accept(entry(12), BYTES);
    expect([seqs(tail.since(11)), tail.since(10)]).toEqual([[12], undefined]);
  });

  it('drops large entries that come early, and knows of it', () => {
    const tail = tailAt(0);
    for (const seq of [3, 4, 5, 6, 7]) tail.accept(entry(seq), 1_000_000);
    expect(tail.accept(entry(2), 1_000_000)).toEqual([]);
    expect(seqs(tail.accept(entry(1), BYTES))).toEqual([1]);
    expect([tail.cursor, tail.hasGap]).toEqual([1, true]);
  });

  it('forgets first where nothing has happened for longest, when all channels together remember too much', () => {
    memory = new TailMemory(250);
    const [one, two, three] = [tailAt(0), tailAt(0), tailAt(0)];
    one.accept(entry(1), BYTES);
    two.accept(entry(1), BYTES);
    one.accept(entry(2), 50);
    three.accept(entry(1), BYTES);
    expect([one, two, three].map((tail) => seqs(tail.recent))).toEqual([[1, 2], [], [1]]);
    expect(memory.bytes).toBe(250);
    three.forget();
    expect(memory.bytes).toBe(150);
  });
});
