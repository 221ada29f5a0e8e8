import { unwrap } from '@atrium/client';
import { useClient, useUser } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { Form } from '../forms/form.js';
import { PasswordField } from '../forms/password-field.js';
import { useForm } from '../forms/use-form.js';
import { Button } from '../ui/button.js';
import { useToast } from '../ui/toast.js';
import styles from './settings.module.css';

const EMPTY = { current: '', next: '' };

export function PasswordForm() {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const user = useUser();
  const form = useForm({
    initial: EMPTY,
    required: ['current', 'next'],
    onSubmit: async ({ current, next }) => {
      await unwrap(client.rest.POST('/api/v1/auth/password', { body: { current, next } }));
      form.reset(EMPTY);
      toast.show(t('settings.passwordChanged'), { kind: 'success' });
    },
  });
  return (
    <Form error={form.error} errors={form.errors} onSubmit={form.submit}>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={user?.username ?? ''} readOnly hidden />
      <PasswordField {...form.field('current')} label={t('settings.currentPassword')} autoComplete="current-password" />
      <PasswordField {...form.field('next')} label={t('settings.newPassword')} description={t('settings.newPasswordHint')} autoComplete="new-password" />
      <div className={styles.actions}>
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {t('settings.changePassword')}
        </Button>
      </div>
    </Form>
  );
}
