import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.js';
import { classes } from './classes.js';
import styles from './empty-state.module.css';

/** Something could not be shown: what, and how to try again. */
export function ErrorState({ message, onRetry }: { message: string; onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.state} role="alert">
      <div className={classes(styles.icon, styles.error)} aria-hidden>
        <TriangleAlert size={22} />
      </div>
      <p className={styles.title}>{t('ui.somethingWentWrong')}</p>
      <p className={styles.text}>{message}</p>
      {onRetry && (
        <div className={styles.action}>
          <Button onPress={onRetry}>{t('ui.tryAgain')}</Button>
        </div>
      )}
    </div>
  );
}
