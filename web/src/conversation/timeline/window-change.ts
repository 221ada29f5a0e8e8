import type { Row } from './rows.js';

/** The rows on the screen, and how they came about. */
export interface Shown {
  readonly rows: readonly Row[];
  /** Counts the windows: rows of another one have nothing to do with those before. */
  readonly epoch: number;
  /** Older rows were put before the ones that were there: the list must keep its distance from the end. */
  readonly isPrepended: boolean;
}

/** What is shown after `rows` came. */
export function advance(shown: Shown, rows: readonly Row[]): Shown {
  const [first] = shown.rows;
  if (first === undefined || rows[0]?.key === first.key) return { rows, epoch: shown.epoch, isPrepended: false };
  // Pages are small, so that this is found early, or never in a window that is small as well.
  const index = rows.findIndex(({ key }) => key === first.key);
  if (index > 0) return { rows, epoch: shown.epoch, isPrepended: true };
  return { rows, epoch: shown.epoch + 1, isPrepended: false };
}
