import { markInTree } from '../drag/tree-drop.js';
import { useEditor } from '../editor.js';
import type { Row } from '../state/outline.js';
import { usePart } from '../state/use-part.js';
import styles from './component-tree.module.css';
import { ROW_HEIGHT } from './row-height.js';

/** Where what is dragged would come. */
export function TreeMarks({ rows }: { rows: readonly Row[] }) {
  const { drag } = useEditor();
  const place = usePart(drag, (dragging) => dragging?.place ?? null);
  const mark = place && markInTree(rows, place);
  if (!mark) return null;
  if (mark.kind === 'into') return <div className={styles.into} style={{ transform: `translateY(${mark.row * ROW_HEIGHT}px)`, height: ROW_HEIGHT }} aria-hidden />;
  return <div className={styles.line} style={{ transform: `translateY(${(mark.after + 1) * ROW_HEIGHT - 1}px)`, insetInlineStart: mark.depth * 14 + 8 }} aria-hidden />;
}
