import type { Place } from '../state/move-patches.js';
import type { Row } from '../state/outline.js';

/** Of a row that may contain something, this much at its upper and lower edge means before and behind it. */
const EDGE = 0.28;

/** Where something comes that is let go over a row. @param ratio how far down in the row, from 0 to 1 */
export function placeInTree(row: Row, ratio: number, mayContain: boolean): Place {
  const inside = (index: number): Place => ({ parent: row.id, index });
  if (row.parent === null) return inside(ratio < EDGE ? 0 : row.children);
  const isBefore = ratio < (mayContain ? EDGE : 0.5);
  if (isBefore) return { parent: row.parent, index: row.index };
  if (mayContain && ratio <= 1 - EDGE) return inside(row.children);
  // Behind an open component lies its first child.
  if (row.isExpanded) return inside(0);
  return { parent: row.parent, index: row.index + 1 };
}

/** How a place is shown in the tree: a line below a row (above the first one: -1), or around the row that it is put into. */
export type TreeMark = { readonly kind: 'line'; readonly after: number; readonly depth: number } | { readonly kind: 'into'; readonly row: number };

export function markInTree(rows: readonly Row[], { parent, index }: Place): TreeMark | null {
  const at = rows.findIndex(({ id }) => id === parent);
  const row = rows[at];
  if (!row) return null;
  if (!row.isExpanded) return { kind: 'into', row: at };
  let after = at;
  let seen = 0;
  for (let i = at + 1; i < rows.length && rows[i]!.depth > row.depth; i++) {
    if (rows[i]!.depth === row.depth + 1 && seen++ === index) break;
    after = i;
  }
  return { kind: 'line', after, depth: row.depth + 1 };
}
