import type { RefObject } from 'react';
import { markOnCanvas } from '../drag/canvas-drop.js';
import { useEditor } from '../editor.js';
import { usePart } from '../state/use-part.js';
import { layoutOf } from './canvas-layout.js';
import styles from './drop-mark.module.css';

/** Where what is dragged would come. */
export function DropMark({ content }: { content: RefObject<HTMLElement | null> }) {
  const editor = useEditor();
  const place = usePart(editor.drag, (drag) => drag?.place ?? null);
  const origin = content.current?.getBoundingClientRect();
  const mark = place && markOnCanvas(layoutOf(editor), place);
  if (!mark || !origin) return null;
  const { left, top, right, bottom } = mark.box;
  return <div className={styles.mark} data-kind={mark.kind} style={{ transform: `translate(${left - origin.left}px, ${top - origin.top}px)`, width: right - left, height: bottom - top }} aria-hidden />;
}
