import { AtriumError, unwrap, type User } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { type ClaimOutcome, claimOutcomeOf } from './claim-outcome.js';
import styles from './setup.module.css';
import { forgetSetupToken } from './setup-token.js';

/** The one button of the page, for whoever is signed in. */
export function ClaimForm({ token, user, onOutcome }: { token: string; user: User; onOutcome: (outcome: ClaimOutcome) => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AtriumError | null>(null);
  const claim = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await unwrap(client.rest.POST('/api/v1/auth/claim-admin', { body: { token } }));
      client.auth.updateUser(await unwrap(client.rest.GET('/api/v1/users/me')));
      forgetSetupToken();
      onOutcome('done');
    } catch (reason) {
      const failure = AtriumError.from(reason);
      const outcome = claimOutcomeOf(failure);
      if (outcome !== undefined) {
        forgetSetupToken();
        return onOutcome(outcome);
      }
      setError(failure);
      setPending(false);
    }
  };
  return (
    <div className={styles.setup}>
      <p>{t('setup.rights')}</p>
      {error && <Banner kind="danger">{errorText(t, error)}</Banner>}
      <Button variant="primary" isFullWidth isPending={isPending} onPress={() => void claim()}>
        {t('setup.claim')}
      </Button>
      <p className={styles.hint}>{t('setup.signedInAs', { name: user.displayName })}</p>
    </div>
  );
}
