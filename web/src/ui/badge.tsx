import { useTranslation } from 'react-i18next';
import { classes } from './classes.js';
import { formatCount } from './format.js';
import styles from './badge.module.css';

/** How many; nothing for none. `label` says of what, e.g. "3 unread messages". */
export function Badge({ count, label, isQuiet = false }: { count: number; label: string; isQuiet?: boolean }) {
  const { i18n } = useTranslation();
  if (count <= 0) return null;
  return (
    <span role="img" aria-label={label} className={classes(styles.badge, isQuiet && styles.quiet)}>
      {formatCount(count, i18n.language)}
    </span>
  );
}
