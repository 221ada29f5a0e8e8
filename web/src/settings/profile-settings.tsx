import { unwrap } from '@atrium/client';
import { useClient, useUser } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { Form } from '../forms/form.js';
import { useForm } from '../forms/use-form.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/text-field.js';
import { useToast } from '../ui/toast.js';
import styles from './settings.module.css';

/** How others see one. */
export function ProfileSettings() {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const user = useUser();
  const form = useForm({
    initial: { displayName: user?.displayName ?? '', avatarUrl: user?.avatarUrl ?? '' },
    required: ['displayName'],
    onSubmit: async ({ displayName, avatarUrl }) => {
      const changed = await unwrap(client.rest.PATCH('/api/v1/users/me', { body: { displayName: displayName.trim(), avatarUrl: avatarUrl.trim() || null } }));
      client.auth.updateUser(changed);
      client.users.learn([{ id: changed.id, username: changed.username, displayName: changed.displayName, avatarUrl: changed.avatarUrl }]);
      toast.show(t('settings.saved'), { kind: 'success' });
    },
  });
  if (!user) return null;
  return (
    <Form error={form.error} errors={form.errors} onSubmit={form.submit}>
      <div className={styles.identity}>
        <Avatar id={user.id} name={form.values.displayName} url={form.values.avatarUrl.trim() || null} size={64} isOwn />
        <div className={styles.words}>
          <span className={styles.name}>{user.email}</span>
          <span className={styles.detail}>{t('settings.username', { username: user.username })}</span>
        </div>
      </div>
      <TextField {...form.field('displayName')} label={t('settings.displayName')} autoComplete="name" />
      <TextField {...form.field('avatarUrl')} type="url" label={t('settings.avatarUrl')} description={t('settings.avatarUrlHint')} placeholder="https://" autoComplete="off" />
      <div className={styles.actions}>
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {t('ui.save')}
        </Button>
      </div>
    </Form>
  );
}
