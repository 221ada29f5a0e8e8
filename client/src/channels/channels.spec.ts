import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntryView, Position, ResumedChannel } from '../../../src/protocol/entries.js';
import { LIMITS } from '../../../src/protocol/limits.js';
import { AtriumError } from '../errors.js';
import { sent } from '../wire.fixture.js';
import { Channels } from './channels.js';

/** A connection whose answers are given by hand. */
class Wire {
  readonly asked: Position[][] = [];
  private readonly pending: { take: (answers: ResumedChannel[]) => void; resolve: () => void; reject: (error: Error) => void }[] = [];

  readonly request = ((_name: string, { positions }: { positions: Position[] }, take: (answers: ResumedChannel[]) => void) => {
    this.asked.push(positions);
    return new Promise<void>((resolve, reject) => this.pending.push({ take, resolve, reject }));
  }) as never;

  answer(...answers: ResumedChannel[]): void {
    const { take, resolve } = this.pending.shift()!;
    take(answers);
    resolve();
  }

  fail(error: AtriumError): void {
    this.pending.shift()!.reject(error);
  }
}

const on = (channelId: string, seq: number): EntryView => ({ ...sent(seq), channelId });
const complete = (channelId: string, ...seqs: number[]): ResumedChannel => ({ channelId, complete: true, entries: seqs.map((seq) => on(channelId, seq)) });

let wire: Wire;
let channels: Channels;
let heard: string[];

beforeEach(() => {
  vi.useFakeTimers();
  wire = new Wire();
  channels = new Channels(wire);
  heard = [];
});
afterEach(() => vi.useRealTimers());

function follow(channelId: string, seq: number): void {
  channels.follow(channelId, seq, {
    apply: (entry) => heard.push(`${channelId} ${entry.seq}`),
    reset: (lastSeq) => heard.push(`${channelId} reset to ${lastSeq}`),
    refused: ({ code }) => heard.push(`${channelId} ${code}`),
  });
}

describe('catching up', () => {
  it('asks once for all channels, from where each is', async () => {
    follow('a', 3);
    follow('b', 0);
    const done = channels.catchUp();
    expect(wire.asked).toEqual([[{ channelId: 'a', seq: 3 }, { channelId: 'b', seq: 0 }]]);
    wire.answer(complete('a', 4, 5), complete('b'));
    await done;
    expect(heard).toEqual(['a 4', 'a 5']);
  });

  it('asks in pieces that the server takes', async () => {
    for (let i = 0; i < LIMITS.resumeChannels + 1; i++) follow(`c${i}`, 0);
    const done = channels.catchUp();
    wire.answer();
    await vi.advanceTimersByTimeAsync(0);
    wire.answer();
    await done;
    expect(wire.asked.map((positions) => positions.length)).toEqual([LIMITS.resumeChannels, 1]);
  });

  it('takes the answer before what comes live after it, and skips what came before', async () => {
    follow('a', 0);
    const done = channels.catchUp();
    channels.receive(on('a', 3));
    wire.answer(complete('a', 1, 2, 3));
    channels.receive(on('a', 4));
    await done;
    expect(heard).toEqual(['a 1', 'a 2', 'a 3', 'a 4']);
  });

  it('begins anew where too much was missed, and takes what follows', async () => {
    follow('a', 3);
    const done = channels.catchUp();
    wire.answer({ channelId: 'a', reset: true, lastSeq: 5_000 });
    channels.receive(on('a', 5_001));
    await done;
    expect(heard).toEqual(['a reset to 5000', 'a 5001']);
  });

  it('lets go of a channel that is refused', async () => {
    follow('a', 0);
    const done = channels.catchUp();
    wire.answer({ channelId: 'a', error: { code: 'ROOM_NOT_FOUND', message: 'gone' } });
    await done;
    channels.receive(on('a', 1));
    expect(heard).toEqual(['a ROOM_NOT_FOUND']);
    expect(channels.has('a')).toBe(false);
  });

  it('fails when a channel cannot be told now, after it has taken the others', async () => {
    follow('a', 0);
    follow('b', 0);
    const done = channels.catchUp();
    wire.answer({ channelId: 'a', error: { code: 'UNAVAILABLE', message: 'later' } }, complete('b', 1));
    await expect(done).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(heard).toEqual(['b 1']);
    expect(channels.has('a')).toBe(true);
  });

  it('asks for what was followed meanwhile, and for nothing twice', async () => {
    follow('a', 0);
    const first = channels.catchUp();
    wire.answer(complete('a'));
    await first;
    follow('b', 7);
    const second = channels.catchUpNew();
    wire.answer(complete('b'));
    await second;
    expect(wire.asked[1]).toEqual([{ channelId: 'b', seq: 7 }]);
  });

  it('asks again for a channel that was refused and followed anew', async () => {
    follow('a', 3);
    const first = channels.catchUp();
    wire.answer({ channelId: 'a', error: { code: 'ROOM_NOT_FOUND', message: 'gone' } });
    await first;
    follow('a', 9);
    const second = channels.catchUpNew();
    expect(wire.asked[1]).toEqual([{ channelId: 'a', seq: 9 }]);
    wire.answer(complete('a', 10));
    await second;
    expect(heard).toEqual(['a ROOM_NOT_FOUND', 'a 10']);
  });
});

describe('a repair', () => {
  it('fills the hole that a live entry shows', async () => {
    follow('a', 0);
    channels.receive(on('a', 3));
    expect(wire.asked).toEqual([[{ channelId: 'a', seq: 0 }]]);
    wire.answer(complete('a', 1, 2, 3));
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual(['a 1', 'a 2', 'a 3']);
  });

  it('is one request at a time, and the next asks for all that showed meanwhile', async () => {
    for (const id of ['a', 'b', 'c']) follow(id, 0);
    void channels.catchUp();
    wire.answer(complete('a'), complete('b'), complete('c'));
    await vi.advanceTimersByTimeAsync(0);
    channels.receive(on('a', 2));
    channels.receive(on('b', 2));
    channels.receive(on('c', 2));
    channels.receive(on('c', 3));
    expect(wire.asked.slice(1)).toEqual([[{ channelId: 'a', seq: 0 }]]);
    wire.answer(complete('a', 1, 2));
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.asked.slice(2)).toEqual([[{ channelId: 'b', seq: 0 }, { channelId: 'c', seq: 0 }]]);
  });

  it('is tried again until it is answered: no entry may ever come that shows the hole again', async () => {
    follow('a', 0);
    const attempted = channels.repair('a');
    wire.fail(new AtriumError('RATE_LIMITED', 'slower', { retryAfterMs: 2_000 }));
    await attempted;
    await vi.advanceTimersByTimeAsync(1_999);
    expect(wire.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    wire.answer(complete('a', 1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(wire.asked).toHaveLength(2);
    expect(heard).toEqual(['a 1']);
  });

  it('is not tried again once it is stopped', async () => {
    follow('a', 0);
    const attempted = channels.repair('a');
    wire.fail(AtriumError.network());
    await attempted;
    channels.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves alone what is not followed any more', async () => {
    follow('a', 0);
    const attempted = channels.repair('a');
    channels.unfollow('a');
    wire.answer(complete('a', 1));
    await attempted;
    expect(heard).toEqual([]);
  });
});
