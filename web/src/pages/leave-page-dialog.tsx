import { useClient, useUser } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { paths } from '../shell/paths.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { useToast } from '../ui/toast.js';
import type { PageRef } from './page-menu.js';

export function LeavePageDialog({ page: { pageId, title }, onClose }: { page: PageRef; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const ownId = useUser()?.id ?? '';
  const [path, navigate] = useLocation();
  const leave = async (): Promise<void> => {
    await client.pages.removeMember(pageId, ownId);
    if (path === paths.page(pageId)) navigate(paths.pages);
    toast.show(t('pages.left', { title }), { kind: 'success' });
  };
  return <ConfirmDialog title={t('pages.leaveTitle')} text={t('pages.leaveConfirm', { title })} confirmLabel={t('pages.leaveAction')} isDanger isOpen onOpenChange={onClose} onConfirm={leave} />;
}
