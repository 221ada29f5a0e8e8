import type { RefObject } from 'react';
import { classes } from '../../ui/classes.js';
import type { Elements } from './elements.js';
import styles from './outlines.module.css';

/** Between a component and its frame. */
const GAP_PX = 2;
export interface FrameProps {
  readonly elements: Elements;
  readonly content: RefObject<HTMLElement | null>;
  readonly id: string;
  readonly kind: 'hovered' | 'selected' | 'others' | 'added' | 'changed';
  /** A class that brings one. */
  readonly colour?: string;
  readonly label?: string | undefined;
  /** What is left of the label where there is no place for it; without, it goes. */
  readonly initial?: string | undefined;
}

/** A frame around a component, as it lies now. */
export function Frame({ elements, content, id, kind, colour, label, initial }: FrameProps) {
  const box = elements.boxOf(id);
  const origin = content.current?.getBoundingClientRect();
  if (!box || !origin) return null;
  const [left, top] = [box.left - origin.left - GAP_PX, box.top - origin.top - GAP_PX];
  const style = { transform: `translate(${left}px, ${top}px)`, width: box.right - box.left + 2 * GAP_PX, height: box.bottom - box.top + 2 * GAP_PX };
  return (
    <div className={classes(styles.frame, styles[kind], colour)} style={style} data-frame={id}>
      {label !== undefined && label !== '' && (
        <span className={styles.label} data-tag={kind === 'others' ? 'end' : 'start'} data-initial={initial}>
          {label}
        </span>
      )}
    </div>
  );
}
