import { useTranslation } from 'react-i18next';
import { Skeleton } from '../../ui/skeleton.js';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import styles from './timeline.module.css';

/** Widths of lines as people write them. */
const LINES = ['55%', '72%', '38%', '64%', '47%', '80%'];

export function TimelineSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.skeleton} role="status">
      <VisuallyHidden>{t('conversation.timeline.loading')}</VisuallyHidden>
      {LINES.map((width) => (
        <div key={width} className={styles.skeletonRow}>
          <Skeleton width={36} height={36} isRound />
          <div className={styles.skeletonLines}>
            <Skeleton width="8rem" height={12} />
            <Skeleton width={width} height={14} />
          </div>
        </div>
      ))}
    </div>
  );
}
