import { AtriumError, can, type MyRoom, unwrap } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../forms/form.js';
import { PasswordField } from '../forms/password-field.js';
import { useForm } from '../forms/use-form.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { Switch } from '../ui/switch.js';
import { TextField } from '../ui/text-field.js';
import { useToast } from '../ui/toast.js';
import { MemberLimitField } from './member-limit-field.js';
import { parseMemberLimit } from './member-limit.js';
import styles from './room-form.module.css';
import { roomChanges } from './room-changes.js';

/** Name, privacy, password and limit of a room. Whoever may not change them sees them. */
export function RoomForm({ room }: { room: MyRoom }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const [isPrivate, setPrivate] = useState(room.isPrivate);
  const mayChange = can(room.role, 'room:update', room.kind);
  const update = (body: ReturnType<typeof roomChanges>) => unwrap(client.rest.PATCH('/api/v1/rooms/{id}', { params: { path: { id: room.id } }, body }));
  const form = useForm({
    initial: { name: room.name ?? '', password: '', maxMembers: room.maxMembers?.toString() ?? '' },
    required: ['name'],
    onSubmit: async ({ name, password, maxMembers }) => {
      const limit = parseMemberLimit(maxMembers);
      if (limit === 'invalid') throw new AtriumError('INVALID_INPUT', '', { errors: [{ path: 'maxMembers', message: 'expected int' }] });
      const changes = roomChanges(room, { name, password, isPrivate, maxMembers: limit });
      if (Object.keys(changes).length > 0) await update(changes);
      form.change('password', '');
      toast.show(t('rooms.saved'), { kind: 'success' });
    },
  });
  const removal = useForm({
    initial: {},
    onSubmit: async () => {
      await update({ password: null });
      toast.show(t('rooms.passwordRemoved'), { kind: 'success' });
    },
  });
  return (
    <Form error={form.error ?? removal.error} errors={form.errors} onSubmit={form.submit}>
      {!mayChange && <Banner>{t('rooms.settingsReadOnly')}</Banner>}
      <TextField {...form.field('name')} label={t('rooms.name')} isReadOnly={!mayChange} autoComplete="off" />
      <Switch isSelected={mayChange ? isPrivate : room.isPrivate} onChange={setPrivate} isDisabled={!mayChange} description={t('rooms.privateHint')}>
        {t('rooms.private')}
      </Switch>
      {mayChange && (
        <div className={styles.password}>
          <PasswordField
            {...form.field('password')}
            label={room.hasPassword ? t('rooms.passwordNew') : t('rooms.password')}
            description={room.hasPassword ? t('rooms.passwordKeep') : t('rooms.passwordHint')}
            autoComplete="new-password"
          />
          {room.hasPassword && (
            <Button size="small" isPending={removal.isPending} onPress={() => void removal.submit()}>
              {t('rooms.passwordRemove')}
            </Button>
          )}
        </div>
      )}
      <MemberLimitField {...form.field('maxMembers')} isReadOnly={!mayChange} />
      {mayChange && (
        <div className={styles.actions}>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {t('rooms.save')}
          </Button>
        </div>
      )}
    </Form>
  );
}
