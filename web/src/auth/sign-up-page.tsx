import { useClient } from '@atrium/client/react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { nextOf, paths, withNext } from '../shell/paths.js';
import { ErrorState } from '../ui/error-state.js';
import { Spinner } from '../ui/spinner.js';
import { useAsync } from '../ui/use-async.js';
import { errorText } from '../i18n/error-text.js';
import { AuthLayout } from './auth-layout.js';
import { loadRegistrationMode, type RegistrationMode, tokenFor } from './registration.js';
import { NoRegistration } from './no-registration.js';
import { SignUpForm } from './sign-up-form.js';
import styles from './sign-up-page.module.css';

export function SignUpPage() {
  const { t } = useTranslation();
  const client = useClient();
  const search = useSearch();
  const load = useCallback(() => loadRegistrationMode(client), [client]);
  const { value: mode, error, reload } = useAsync<RegistrationMode>(load);
  const next = nextOf(search);
  const token = tokenFor(next);
  // Whoever sets the server up may always register; every other token is an invite.
  const isRefused = token === undefined ? mode === 'invite' || mode === 'closed' : mode === 'closed' && next !== paths.setup;
  return (
    <AuthLayout
      title={t('auth.signUpTitle')}
      below={
        <>
          {t('auth.hasAccount')} <Link href={withNext(paths.signIn, next)}>{t('auth.signIn')}</Link>
        </>
      }
    >
      {error !== null ? (
        <ErrorState message={errorText(t, error)} onRetry={reload} />
      ) : mode === null ? (
        <div className={styles.loading}>
          <Spinner size={24} label={t('ui.loading')} />
        </div>
      ) : isRefused ? (
        <NoRegistration mode={mode === 'invite' ? 'invite' : 'closed'} />
      ) : (
        <SignUpForm mode={mode} token={token} />
      )}
    </AuthLayout>
  );
}
