import type { RoomInfo } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { Form } from '../forms/form.js';
import { PasswordField } from '../forms/password-field.js';
import { useForm } from '../forms/use-form.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { isFull } from './is-full.js';

/** Joins a room, by its password if it has one. */
export function JoinForm({ room, onJoined }: { room: Pick<RoomInfo, 'id' | 'hasPassword' | 'maxMembers' | 'memberCount'>; onJoined?: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const form = useForm({
    initial: { password: '' },
    required: room.hasPassword ? ['password'] : [],
    onSubmit: async ({ password }) => {
      await client.rooms.join(room.id, room.hasPassword ? password : undefined);
      onJoined?.();
    },
  });
  if (isFull(room)) return <Banner kind="warning">{t('errors.GROUP_FULL')}</Banner>;
  return (
    <Form error={form.error} errors={form.errors} onSubmit={form.submit}>
      {room.hasPassword && <PasswordField {...form.field('password')} label={t('rooms.password')} autoComplete="off" autoFocus />}
      <Button type="submit" variant="primary" isPending={form.isPending} isFullWidth>
        {t('rooms.join')}
      </Button>
    </Form>
  );
}
