import { classes } from './classes.js';
import styles from './skeleton.module.css';

/** The place of something that is being loaded. Whoever shows it tells of the loading, once. */
export function Skeleton({ width = '100%', height = '1em', isRound = false }: { width?: number | string; height?: number | string; isRound?: boolean }) {
  return <span aria-hidden className={classes(styles.skeleton, isRound && styles.round)} style={{ width, height }} />;
}
