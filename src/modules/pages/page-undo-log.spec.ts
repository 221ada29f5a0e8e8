import { describe, expect, it } from 'vitest';
import { type PastEdit, UndoLog } from './page-undo-log.js';

/** Entries 1, 2, 3 … at as many milliseconds, each by somebody; `2` for an undo of version 2. */
function logOf(...entries: [actorId: string, undoes?: number][]): UndoLog {
  return new UndoLog(entries.map(([actorId, undoes = null], i): PastEdit => ({ version: i + 1, actorId, at: i + 1, undoes })).reverse());
}

describe('what somebody can undo', () => {
  it('is what they did themselves, the newest first', () => {
    expect(logOf(['ada'], ['ben'], ['ada']).ownOf('ada')).toEqual([3, 1]);
  });

  it('is neither what was taken back, by whomever, nor an undo', () => {
    expect(logOf(['ada'], ['ada'], ['ada', 2], ['ben', 1]).ownOf('ada')).toEqual([]);
    expect(logOf(['ada'], ['ada'], ['ada', 2], ['ada']).ownOf('ada')).toEqual([4, 1]);
  });

  it('is there again when the undo was taken back', () => {
    const log = logOf(['ada'], ['ada', 1], ['ben', 2]);
    expect(log.ownOf('ada')).toEqual([1]);
    expect(log.undone).toEqual(new Map([[2, 3]]));
    expect(logOf(['ada'], ['ada', 1], ['ben', 2], ['ben', 3]).ownOf('ada')).toEqual([]);
  });
});

describe('what is left of somebody’s edits in a time', () => {
  it('includes both ends', () => {
    expect(logOf(['ada'], ['ada'], ['ben'], ['ada'], ['ada']).leftOf('ada', 2, 4)).toEqual([4, 2]);
  });

  it('includes an undo of what is older, and no undo of what is in it', () => {
    expect(logOf(['ada'], ['ada'], ['ada', 2], ['ada', 1]).leftOf('ada', 2, 9)).toEqual([4]);
  });

  it('is nothing once it was reverted', () => {
    expect(logOf(['ada'], ['ada'], ['ben', 2], ['ben', 1]).leftOf('ada', 0, 9)).toEqual([]);
  });
});

describe('the id of an undo', () => {
  it('is the same until the undo was taken back', () => {
    const log = logOf(['ada'], ['ada']);
    expect([log.opIdFor(1), log.opIdFor(1), log.opIdFor(2)]).toEqual(['undo 1', 'undo 1', 'undo 2']);
    log.note(2, 3);
    expect(log.opIdFor(2)).toBe('undo 2 after 3');
    expect(logOf(['ada'], ['ada', 1], ['ben', 2]).opIdFor(1)).toBe('undo 1 after 2');
  });
});
