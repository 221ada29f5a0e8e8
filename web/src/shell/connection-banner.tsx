import { useClient, useStatus } from '@atrium/client/react';
import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.js';
import { Spinner } from '../ui/spinner.js';
import styles from './connection-banner.module.css';

/** A hiccup shorter than this concerns nobody. */
const PATIENCE_MS = 1_000;

/** Says that what is shown may be old, and offers not to wait. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const client = useClient();
  const status = useStatus();
  const hasLasted = useHasLasted(status !== 'live', PATIENCE_MS);
  // A device that knows that it has no network leaves nothing to wait for.
  const isShown = hasLasted || (status === 'offline' && !navigator.onLine);
  return (
    <div role="status" aria-live="polite">
      {isShown && (
        <div className={styles.banner} data-status={status}>
          {status === 'offline' ? <CloudOff size={16} aria-hidden /> : <Spinner />}
          <span className={styles.text}>{status === 'offline' ? t('shell.offline') : t('shell.connecting')}</span>
          {status === 'offline' && (
            <Button size="small" onPress={() => client.retryNow()}>
              {t('shell.retryNow')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** True once `condition` has been true for so long. */
function useHasLasted(condition: boolean, ms: number): boolean {
  const [hasLasted, setLasted] = useState(false);
  useEffect(() => {
    if (!condition) return;
    const timer = setTimeout(() => setLasted(true), ms);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [condition, ms]);
  return condition && hasLasted;
}
