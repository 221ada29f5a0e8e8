import { RotateCcw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import styles from './page.module.css';

/** The last resort: says that it is not the reader's fault, and how to go on. */
export function BrokenPage() {
  const { t } = useTranslation();
  return (
    <div className={styles.page} role="alert">
      <EmptyState
        icon={<TriangleAlert size={22} />}
        title={t('shell.brokenTitle')}
        text={t('shell.brokenText')}
        action={
          <Button variant="primary" icon={<RotateCcw size={16} aria-hidden />} onPress={() => location.reload()}>
            {t('shell.reload')}
          </Button>
        }
      />
    </div>
  );
}
