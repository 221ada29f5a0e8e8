import { AtriumError } from '@atrium/client';
import { useUser } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { paths, withNext } from '../shell/paths.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { wishToAccept } from './accept-wish.js';
import styles from './invite-page.module.css';
import { useAccept } from './use-accept.js';

/** What one can answer to an invite. Who is not signed in does that first, and is in on coming back (`WishedInvite`). */
export function InviteAnswer({ token }: { token: string }) {
  const { t } = useTranslation();
  const user = useUser();
  const [path, navigate] = useLocation();
  const { accept, isPending, error } = useAccept(token);
  const goAndAccept = (path: string): void => {
    wishToAccept(token);
    navigate(path);
  };
  if (!user) {
    return (
      <div className={styles.answer}>
        <Button variant="primary" isFullWidth onPress={() => goAndAccept(withNext(paths.signUp, path))}>
          {t('invites.signUp')}
        </Button>
        <Button isFullWidth onPress={() => goAndAccept(withNext(paths.signIn, path))}>
          {t('invites.signIn')}
        </Button>
        <p className={styles.hint}>{t('invites.signInHint')}</p>
      </div>
    );
  }
  return (
    <div className={styles.answer}>
      {error !== null && <Banner kind="danger">{AtriumError.from(error).code === 'PERMISSION_DENIED' ? t('invites.keptOut') : errorText(t, error)}</Banner>}
      <Button variant="primary" isFullWidth isPending={isPending} onPress={() => void accept()}>
        {t('invites.accept')}
      </Button>
      <p className={styles.hint}>
        {t('invites.signedInAs', { name: user.displayName })} <Link href={paths.home}>{t('invites.notNow')}</Link>
      </p>
    </div>
  );
}
