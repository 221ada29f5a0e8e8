import type { AtriumError } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { Form } from '../forms/form.js';
import { PasswordField } from '../forms/password-field.js';
import { useForm } from '../forms/use-form.js';
import { nextOf, paths, withNext } from '../shell/paths.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { AuthLayout } from './auth-layout.js';
import type { SignInState } from './require-sign-in.js';

const FIELDS = { login: '', password: '' };

export function SignInPage() {
  const { t } = useTranslation();
  const client = useClient();
  const search = useSearch();
  const state = useHistoryState<SignInState | null>();
  const explain = (error: AtriumError): string | undefined => {
    if (error.code === 'UNAUTHENTICATED') return t('auth.wrong');
    return error.code === 'PERMISSION_DENIED' ? t('auth.accountInactive') : undefined;
  };
  const form = useForm({
    initial: FIELDS,
    required: ['login', 'password'],
    explain,
    onSubmit: async ({ login, password }) => void (await client.auth.login({ login: login.trim(), password })),
  });
  return (
    <AuthLayout
      title={t('auth.signInTitle')}
      below={
        <>
          {t('auth.noAccount')} <Link href={withNext(paths.signUp, nextOf(search))}>{t('auth.signUpLink')}</Link>
        </>
      }
    >
      <Form error={form.error} errors={form.errors} onSubmit={form.submit}>
        {state?.hasEnded === true && form.error === null && <Banner>{t('auth.ended')}</Banner>}
        <TextField {...form.field('login')} label={t('auth.login')} autoComplete="username" spellCheck="false" autoFocus />
        <PasswordField {...form.field('password')} label={t('auth.password')} autoComplete="current-password" />
        <Button type="submit" variant="primary" isPending={form.isPending} isFullWidth>
          {t('auth.signIn')}
        </Button>
      </Form>
    </AuthLayout>
  );
}
