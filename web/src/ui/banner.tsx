import { CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './banner.module.css';
import { classes } from './classes.js';

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, danger: TriangleAlert };

export type BannerKind = keyof typeof ICONS;

/** A sentence that concerns everything around it. A `danger` is read out at once; the others when there is time. */
export function Banner({ kind = 'info', action, children }: { kind?: BannerKind; action?: ReactNode; children: ReactNode }) {
  const Icon = ICONS[kind];
  return (
    <div className={classes(styles.banner, styles[kind])} role={kind === 'danger' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden />
      <span className={styles.text}>{children}</span>
      {action}
    </div>
  );
}
