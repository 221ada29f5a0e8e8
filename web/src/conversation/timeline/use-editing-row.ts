import { useEffect, useMemo } from 'react';
import type { Scrolling } from './use-scrolling.js';
import type { Shown } from './window-change.js';

/** Brings the message that is being changed onto the screen, from wherever the change was begun. Returns its index, -1 for none. */
export function useEditingRow({ rows }: Shown, { list, isAtEnd, toEnd }: Scrolling, editingKey: string | null): number {
  const index = useMemo(() => (editingKey === null ? -1 : rows.findLastIndex(({ key }) => key === editingKey)), [rows, editingKey]);
  useEffect(() => {
    if (editingKey === null || index < 0) return;
    if (isAtEnd && index === rows.length - 1) toEnd();
    else list.current?.scrollToIndex(index, { align: 'nearest' });
    // Once, when it begins: afterwards the reader may scroll on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [editingKey, list]);
  return index;
}
