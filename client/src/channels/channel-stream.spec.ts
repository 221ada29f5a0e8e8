import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { sent } from '../wire.fixture.js';
import { ChannelStream } from './channel-stream.js';

let taken: number[];
const streamFrom = (seq: number): ChannelStream => new ChannelStream(seq, (entry) => taken.push(entry.seq));
const receive = (stream: ChannelStream, ...seqs: number[]): void => seqs.forEach((seq) => stream.receive(sent(seq)));

beforeEach(() => {
  taken = [];
});

describe('a stream', () => {
  it('takes what follows its position, each once', () => {
    const stream = streamFrom(5);
    receive(stream, 4, 5, 6, 6, 7, 5);
    expect(taken).toEqual([6, 7]);
    expect(stream.seq).toBe(7);
    expect(stream.hasHole).toBe(false);
  });

  it('keeps what comes early until the hole before it is filled', () => {
    const stream = streamFrom(0);
    receive(stream, 1, 4, 3);
    expect(taken).toEqual([1]);
    expect(stream.hasHole).toBe(true);
    receive(stream, 2);
    expect(taken).toEqual([1, 2, 3, 4]);
    expect(stream.hasHole).toBe(false);
  });

  it('keeps a bounded number of early ones', () => {
    const stream = streamFrom(0);
    receive(stream, ...Array.from({ length: 2_000 }, (_, i) => i + 2));
    receive(stream, 1);
    expect(stream.seq).toBe(1_001);
    receive(stream, 1_002);
    expect(stream.seq).toBe(1_002);
  });

  it('begins anew where the state was loaded, with the early ones after it', () => {
    const stream = streamFrom(0);
    receive(stream, 4, 6, 7, 9);
    stream.restart(5);
    expect(taken).toEqual([6, 7]);
    expect(stream.hasHole).toBe(true);
    receive(stream, 8);
    expect(taken).toEqual([6, 7, 8, 9]);
  });

  it('goes back when the server says so', () => {
    const stream = streamFrom(9);
    stream.restart(2);
    receive(stream, 3);
    expect(taken).toEqual([3]);
  });

  it('takes everything once and in order, however it arrives', () => {
    const arrivals = fc.integer({ min: 1, max: 30 }).chain((count) => {
      const all = Array.from({ length: count }, (_, i) => i + 1);
      return fc.tuple(fc.shuffledSubarray(all, { minLength: count }), fc.array(fc.constantFrom(...all)));
    });
    fc.assert(
      fc.property(arrivals, ([order, doubles]) => {
        taken = [];
        receive(streamFrom(0), ...doubles, ...order);
        expect(taken).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});
