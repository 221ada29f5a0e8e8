import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { FrontPage } from '../auth/front-page.js';
import { Spinner } from '../ui/spinner.js';
import { takeAcceptWish } from './accept-wish.js';
import styles from './invite-page.module.css';
import { useAccept } from './use-accept.js';

/** An invite that somebody has wished to accept before signing in or up: now that is done. A registration by it has accepted it already. */
export function WishedInvite({ token, onRefused }: { token: string; onRefused: () => void }) {
  const { t } = useTranslation();
  const { accept, error } = useAccept(token);
  useEffect(() => {
    if (takeAcceptWish(token)) void accept();
    // Once, on coming back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [token]);
  useEffect(() => {
    if (error !== null) onRefused();
  }, [error, onRefused]);
  return (
    <FrontPage title={t('invites.title')} tagline={t('auth.tagline')}>
      <div className={styles.loading}>
        <Spinner size={24} label={t('ui.loading')} />
      </div>
    </FrontPage>
  );
}
