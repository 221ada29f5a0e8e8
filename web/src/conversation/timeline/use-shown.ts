import type { TimelineView } from '@atrium/client';
import { useMemo, useState } from 'react';
import { RowBuilder } from './rows.js';
import { advance, type Shown } from './window-change.js';

/** The rows of a timeline, and how they follow from those before. */
export function useShown({ items, hasBefore }: TimelineView, unreadKey: string | null): Shown {
  const [builder] = useState(() => new RowBuilder());
  const rows = useMemo(() => builder.build(items, { hasBefore, unreadKey }), [builder, items, hasBefore, unreadKey]);
  const [shown, setShown] = useState<Shown>({ rows, epoch: 0, isPrepended: false });
  if (shown.rows === rows) return shown;
  // The list must learn in the very same rendering how the rows have changed.
  const next = advance(shown, rows);
  setShown(next);
  return next;
}
