import type { Row } from '../state/outline.js';

/** What a key does in the tree: to another row, or opens and closes one. As WAI-ARIA has it for trees. */
export type TreeMove = { readonly kind: 'to'; readonly index: number } | { readonly kind: 'expand' | 'collapse'; readonly id: string };

const PAGE_ROWS = 10;

export function treeMove(key: string, rows: readonly Row[], at: number): TreeMove | null {
  const row = rows[at];
  if (!row) return null;
  const to = (index: number): TreeMove => ({ kind: 'to', index: Math.min(Math.max(index, 0), rows.length - 1) });
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + PAGE_ROWS);
    case 'PageUp':
      return to(at - PAGE_ROWS);
    case 'Home':
      return to(0);
    case 'End':
      return to(rows.length - 1);
    case 'ArrowRight':
      if (row.children > 0 && !row.isExpanded) return { kind: 'expand', id: row.id };
      return row.isExpanded ? to(at + 1) : null;
    case 'ArrowLeft': {
      if (row.isExpanded) return { kind: 'collapse', id: row.id };
      const parent = rows.findIndex(({ id }) => id === row.parent);
      return parent < 0 ? null : to(parent);
    }
    default:
      return null;
  }
}
