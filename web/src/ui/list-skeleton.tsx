import { useTranslation } from 'react-i18next';
import { Skeleton } from './skeleton.js';
import { VisuallyHidden } from './visually-hidden.js';
import styles from './list-skeleton.module.css';

/** Uneven, as names and messages are. */
const WIDTHS = ['62%', '48%', '70%', '40%', '56%', '66%', '44%'];

export function ListSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.list} role="status">
      <VisuallyHidden>{t('ui.loading')}</VisuallyHidden>
      {WIDTHS.map((width) => (
        <div key={width} className={styles.row}>
          <Skeleton width={40} height={40} isRound />
          <div className={styles.lines}>
            <Skeleton width={width} height="0.75rem" />
            <Skeleton width="88%" height="0.625rem" />
          </div>
        </div>
      ))}
    </div>
  );
}
