import { useClient } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { Form } from '../forms/form.js';
import { PasswordField } from '../forms/password-field.js';
import { useForm } from '../forms/use-form.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { register, type RegistrationMode } from './registration.js';

const FIELDS = { username: '', displayName: '', email: '', password: '' };

/** @param token as of `tokenFor` */
export function SignUpForm({ mode, token }: { mode: RegistrationMode; token: string | undefined }) {
  const { t } = useTranslation();
  const client = useClient();
  const form = useForm({
    initial: FIELDS,
    required: ['username', 'email', 'password'],
    onSubmit: async ({ username, displayName, email, password }) => {
      const name = displayName.trim();
      await register(client, { username: username.trim(), email: email.trim(), password, ...(name && { displayName: name }) }, mode, token);
    },
  });
  return (
    <Form error={form.error} errors={form.errors} onSubmit={form.submit}>
      <TextField {...form.field('username')} label={t('auth.username')} description={t('auth.usernameHint')} autoComplete="username" spellCheck="false" autoFocus />
      <TextField {...form.field('displayName')} label={t('auth.displayName')} description={t('auth.displayNameHint')} autoComplete="name" />
      <TextField {...form.field('email')} type="email" label={t('auth.email')} autoComplete="email" />
      <PasswordField {...form.field('password')} label={t('auth.password')} description={t('auth.passwordHint')} autoComplete="new-password" />
      <Button type="submit" variant="primary" isPending={form.isPending} isFullWidth>
        {t('auth.signUp')}
      </Button>
    </Form>
  );
}
