import { describe, expect, it } from 'vitest';
import { message } from './messages.fixture.js';
import { RowBuilder } from './rows.js';
import { advance, type Shown } from './window-change.js';

const rows = (...seqs: number[]) => new RowBuilder().build(seqs.map((seq) => message(seq)), { hasBefore: true, unreadKey: null });
const shown: Shown = { rows: rows(10, 11), epoch: 3, isPrepended: false };

describe('advance', () => {
  it('takes older messages as put before', () => {
    expect(advance(shown, rows(8, 9, 10, 11))).toMatchObject({ epoch: 3, isPrepended: true });
  });

  it('takes newer messages, and changed ones, as the same window', () => {
    expect(advance(shown, rows(10, 11, 12))).toMatchObject({ epoch: 3, isPrepended: false });
    expect(advance(shown, rows(10))).toMatchObject({ epoch: 3, isPrepended: false });
  });

  it('begins another window when nothing is left of the one before', () => {
    expect(advance(shown, rows(90, 91))).toMatchObject({ epoch: 4, isPrepended: false });
  });

  it('goes on from an empty window', () => {
    expect(advance({ ...shown, rows: [] }, rows(1))).toMatchObject({ epoch: 3, isPrepended: false });
  });
});
