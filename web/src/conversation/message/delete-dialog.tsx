import type { TimelineMessage } from '@atrium/client';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { useToast } from '../../ui/toast.js';
import { useScope } from '../scope.js';

/** Asks before a message is deleted. Nobody waits for the server: offline, that could take long. */
export function DeleteDialog({ message, onClose }: { message: TimelineMessage; onClose: () => void }) {
  const { t } = useTranslation();
  const { show } = useToast();
  const { room } = useScope();
  const remove = (): void => {
    room.remove(message.id).catch((error: unknown) => show(t('conversation.message.deleteFailed', { reason: errorText(t, error) }), { kind: 'error' }));
  };
  return (
    <ConfirmDialog
      title={t('conversation.message.deleteTitle')}
      text={t('conversation.message.deleteText')}
      confirmLabel={t('conversation.message.delete')}
      isDanger
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      onConfirm={remove}
    />
  );
}
