import { AtriumError } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Form } from '../forms/form.js';
import { PasswordField } from '../forms/password-field.js';
import { useForm } from '../forms/use-form.js';
import { paths } from '../shell/paths.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Switch } from '../ui/switch.js';
import { TextField } from '../ui/text-field.js';
import { MemberLimitField } from './member-limit-field.js';
import { parseMemberLimit } from './member-limit.js';

const FIELDS = { name: '', password: '', maxMembers: '' };

export function CreateRoomDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, navigate] = useLocation();
  const formId = useId();
  const [isPrivate, setPrivate] = useState(false);
  const form = useForm({
    initial: FIELDS,
    required: ['name'],
    onSubmit: async ({ name, password, maxMembers }) => {
      const limit = parseMemberLimit(maxMembers);
      if (limit === 'invalid') throw new AtriumError('INVALID_INPUT', '', { errors: [{ path: 'maxMembers', message: 'expected int' }] });
      const room = await client.rooms.create({ name: name.trim(), isPrivate, ...(password && { password }), ...(limit !== null && { maxMembers: limit }) });
      onClose();
      navigate(paths.room(room.id));
    },
  });
  const footer = (
    <>
      <Button variant="quiet" onPress={onClose}>
        {t('ui.cancel')}
      </Button>
      <Button type="submit" form={formId} variant="primary" isPending={form.isPending}>
        {t('rooms.createAction')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('rooms.create')} isOpen onOpenChange={onClose} footer={footer}>
      <Form id={formId} error={form.error} errors={form.errors} onSubmit={form.submit}>
        <TextField {...form.field('name')} label={t('rooms.name')} description={t('rooms.nameHint')} autoComplete="off" autoFocus />
        <Switch isSelected={isPrivate} onChange={setPrivate} description={t('rooms.privateHint')}>
          {t('rooms.private')}
        </Switch>
        <PasswordField {...form.field('password')} label={t('rooms.password')} description={t('rooms.passwordHint')} autoComplete="new-password" />
        <MemberLimitField {...form.field('maxMembers')} />
      </Form>
    </Dialog>
  );
}
