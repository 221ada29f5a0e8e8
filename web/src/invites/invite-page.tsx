import { AtriumError, type InvitePreview } from '@atrium/client';
import { useClient, useUser } from '@atrium/client/react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FrontPage } from '../auth/front-page.js';
import { errorText } from '../i18n/error-text.js';
import { ErrorState } from '../ui/error-state.js';
import { Spinner } from '../ui/spinner.js';
import { useAsync } from '../ui/use-async.js';
import { isWishedToAccept } from './accept-wish.js';
import { ClosedInvite } from './closed-invite.js';
import { InviteAnswer } from './invite-answer.js';
import styles from './invite-page.module.css';
import { Invited } from './invited.js';
import { WishedInvite } from './wished-invite.js';

/** What a link invites to, for whoever opens it: also before signing in. */
export function InvitePage({ token }: { token: string }) {
  const isSignedIn = useUser() !== null;
  const [isWished, setWished] = useState(() => isWishedToAccept(token));
  const onRefused = useCallback(() => setWished(false), []);
  if (isSignedIn && isWished) return <WishedInvite token={token} onRefused={onRefused} />;
  return <OpenInvite token={token} />;
}

function OpenInvite({ token }: { token: string }) {
  const { t } = useTranslation();
  const { pages } = useClient();
  const load = useCallback(() => pages.previewInvite(token), [pages, token]);
  const { value: preview, error, reload } = useAsync<InvitePreview>(load);
  if (error !== null) {
    const failure = AtriumError.from(error);
    if (failure.isRetryable) {
      return (
        <FrontPage title={t('invites.title')} tagline={t('auth.tagline')}>
          <ErrorState message={errorText(t, failure)} onRetry={reload} />
        </FrontPage>
      );
    }
    return <ClosedInvite token={token} error={failure} />;
  }
  return (
    <FrontPage title={t('invites.title')} tagline={t('auth.tagline')}>
      {preview === null ? (
        <div className={styles.loading}>
          <Spinner size={24} label={t('ui.loading')} />
        </div>
      ) : (
        <div className={styles.invite}>
          <Invited preview={preview} />
          <InviteAnswer token={token} />
        </div>
      )}
    </FrontPage>
  );
}
