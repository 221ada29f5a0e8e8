import { useTranslation } from 'react-i18next';
import { Spinner } from '../ui/spinner.js';
import styles from './page.module.css';

export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <div className={styles.page}>
      <Spinner size={24} label={t('shell.loadingPage')} />
    </div>
  );
}
