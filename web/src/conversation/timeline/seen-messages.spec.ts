import { describe, expect, it } from 'vitest';
import { DWELL_MS, type InSight, SeenMessages } from './seen-messages.js';

/** The messages of a room have the even seqs: what is between them are other entries. */
const sight = (from: number, to: number): InSight[] => {
  const messages: InSight[] = [];
  for (let seq = from; seq <= to; seq += 2) messages.push({ seq, after: seq - 2 });
  return messages;
};

/** Looks long enough at each of the sights, one after the other. */
function watch(seen: SeenMessages, ...sights: InSight[][]): void {
  let nowMs = 1_000;
  for (const each of sights) {
    seen.look(each, nowMs);
    nowMs += DWELL_MS;
    seen.look(each, nowMs);
  }
}

describe('SeenMessages', () => {
  it('moves the position to the last message in sight, and no further', () => {
    const seen = new SeenMessages();
    watch(seen, sight(12, 20));
    expect(seen.positionFrom(10)).toBe(20);
  });

  it('counts nothing that was in sight for a moment only', () => {
    const seen = new SeenMessages();
    expect(seen.look(sight(12, 20), 0)).toBe(true);
    seen.look(sight(22, 30), DWELL_MS - 1);
    seen.look(sight(12, 20), DWELL_MS);
    expect(seen.positionFrom(10)).toBe(10);
    expect(seen.look(sight(12, 20), 2 * DWELL_MS)).toBe(false);
    expect(seen.positionFrom(10)).toBe(20);
  });

  it('begins to count anew when nobody looks for a while', () => {
    const seen = new SeenMessages();
    seen.look(sight(12, 20), 0);
    seen.look([], DWELL_MS / 2);
    seen.look(sight(12, 20), DWELL_MS);
    expect(seen.positionFrom(10)).toBe(10);
  });

  it('stays before a gap until what is in it was seen, from either side', () => {
    const seen = new SeenMessages();
    watch(seen, sight(12, 20), sight(80, 100));
    expect(seen.positionFrom(10)).toBe(20);
    watch(seen, sight(40, 78));
    expect(seen.positionFrom(20)).toBe(20);
    watch(seen, sight(22, 38));
    expect(seen.positionFrom(20)).toBe(100);
  });

  it('takes a position between two messages, where another entry is', () => {
    const seen = new SeenMessages();
    watch(seen, sight(12, 20));
    expect(seen.positionFrom(11)).toBe(20);
    expect(seen.positionFrom(9)).toBe(9);
  });

  it('goes on from where the position has got to by itself', () => {
    const seen = new SeenMessages();
    watch(seen, sight(80, 100));
    expect(seen.positionFrom(90)).toBe(100);
    expect(seen.positionFrom(100)).toBe(100);
    expect(seen.positionFrom(120)).toBe(120);
  });

  it('counts each message by itself while the list moves slowly', () => {
    const seen = new SeenMessages();
    seen.look(sight(12, 20), -DWELL_MS);
    // Five messages in sight, one more every 100 ms: each is there for 500 ms.
    for (let step = 0; step < 40; step++) seen.look(sight(12 + 2 * step, 20 + 2 * step), step * 100);
    expect(seen.positionFrom(10)).toBe(92);
  });

  it('leaves a gap where the list moved too fast', () => {
    const seen = new SeenMessages();
    for (let step = 0; step < 40; step++) seen.look(sight(12 + 10 * step, 20 + 10 * step), step * 16);
    expect(seen.positionFrom(10)).toBe(10);
  });

  it('remembers a bounded number of runs', () => {
    const seen = new SeenMessages();
    for (let i = 0; i < 200; i++) watch(seen, [{ seq: 10 * i + 2, after: 10 * i }]);
    expect(seen.positionFrom(0)).toBe(0);
    expect(seen.positionFrom(1_990)).toBe(1_992);
  });
});
