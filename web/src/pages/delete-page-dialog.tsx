import { useClient } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { paths } from '../shell/paths.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { useToast } from '../ui/toast.js';
import type { PageRef } from './page-menu.js';

/** Asks before deleting; afterwards there is still a way back. */
export function DeletePageDialog({ page: { pageId, title }, onClose }: { page: PageRef; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const [path, navigate] = useLocation();
  const isOpen = path === paths.page(pageId);
  const undo = async (): Promise<void> => {
    try {
      await client.pages.restore(pageId);
      toast.show(t('pages.restored', { title }), { kind: 'success' });
      if (isOpen) navigate(paths.page(pageId));
    } catch (error) {
      toast.show(errorText(t, error), { kind: 'error' });
    }
  };
  const remove = async (): Promise<void> => {
    await client.pages.remove(pageId);
    if (isOpen) navigate(paths.pages);
    toast.show(t('pages.deleted', { title }), { action: { label: t('pages.undo'), onPress: () => void undo() } });
  };
  return <ConfirmDialog title={t('pages.deleteTitle')} text={t('pages.deleteConfirm', { title })} confirmLabel={t('pages.deleteAction')} isDanger isOpen onOpenChange={onClose} onConfirm={remove} />;
}
