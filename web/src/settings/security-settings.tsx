import { useClient } from '@atrium/client/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOutEverywhere } from '../auth/sign-out.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { PasswordForm } from './password-form.js';
import { SessionList } from './session-list.js';
import styles from './settings.module.css';

/** The password, and where it is in use. */
export function SecuritySettings() {
  const { t } = useTranslation();
  const client = useClient();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <section className={styles.section}>
        <h3 className={styles.heading}>{t('settings.changePassword')}</h3>
        <PasswordForm />
      </section>
      <section className={styles.section}>
        <div className={styles.everywhere}>
          <h3 className={styles.heading}>{t('settings.sessions')}</h3>
          <Button size="small" onPress={() => setAsking(true)}>
            {t('settings.signOutEverywhere')}
          </Button>
        </div>
        <SessionList />
      </section>
      <ConfirmDialog
        title={t('settings.signOutEverywhere')}
        text={t('settings.signOutEverywhereText')}
        confirmLabel={t('settings.signOut')}
        isDanger
        isOpen={isAsking}
        onOpenChange={setAsking}
        onConfirm={() => signOutEverywhere(client)}
      />
    </>
  );
}
