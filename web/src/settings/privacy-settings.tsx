import { unwrap, type WhoMayAdd } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { ErrorState } from '../ui/error-state.js';
import { Select } from '../ui/select.js';
import { Skeleton } from '../ui/skeleton.js';
import { useToast } from '../ui/toast.js';
import { useAsync } from '../ui/use-async.js';
import { BlockedPeople } from './blocked-people.js';
import styles from './settings.module.css';

/** Who may contact the user. */
export function PrivacySettings() {
  const { t } = useTranslation();
  return (
    <>
      <WhoMayAddSetting />
      <section className={styles.section} aria-label={t('settings.blocked')}>
        <h3 className={styles.heading}>{t('settings.blocked')}</h3>
        <p className={styles.detail}>{t('settings.blockedText')}</p>
        <BlockedPeople />
      </section>
    </>
  );
}

function WhoMayAddSetting() {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  // What is kept on the device may be of before another device has changed it.
  const load = useCallback(async () => (await unwrap(client.rest.GET('/api/v1/users/me'))).whoMayAdd, [client]);
  const { value: stored, error, reload } = useAsync(load);
  const [chosen, setChosen] = useState<WhoMayAdd | null>(null);
  const choose = async (whoMayAdd: WhoMayAdd): Promise<void> => {
    setChosen(whoMayAdd);
    try {
      client.auth.updateUser(await unwrap(client.rest.PATCH('/api/v1/users/me', { body: { whoMayAdd } })));
      toast.show(t('settings.saved'), { kind: 'success' });
    } catch (reason) {
      setChosen(null);
      reload();
      toast.show(errorText(t, reason), { kind: 'error' });
    }
  };
  const value = chosen ?? stored;
  if (error !== null) return <ErrorState message={errorText(t, error)} onRetry={reload} />;
  if (value === null) return <Skeleton height="4.5rem" />;
  return (
    <Select<WhoMayAdd>
      label={t('settings.whoMayAdd')}
      description={t('settings.whoMayAddText')}
      value={value}
      onChange={(whoMayAdd) => void choose(whoMayAdd)}
      options={[
        { id: 'anyone', label: t('settings.whoMayAddAnyone') },
        { id: 'shared', label: t('settings.whoMayAddShared') },
        { id: 'nobody', label: t('settings.whoMayAddNobody') },
      ]}
    />
  );
}
