import { useClient } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { useToast } from '../../ui/toast.js';
import { useEditor } from '../editor.js';

interface RestoreDialogProps {
  readonly version: number;
  /** What to ask; by default, whether the page shall be what it was then. */
  readonly question?: string;
  readonly onClose: () => void;
}

/** Asks whether the page shall be what it was; then the present is shown, which it is. */
export function RestoreDialog({ version, question, onClose }: RestoreDialogProps) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const { page, past } = useEditor();
  const restore = async (): Promise<void> => {
    await client.pages.restore(page.id, version);
    toast.show(t('editor.history.restored'), { kind: 'success' });
    past.set(null);
  };
  return <ConfirmDialog isOpen onOpenChange={onClose} title={t('editor.history.restore')} text={question ?? t('editor.history.restoreConfirm')} confirmLabel={t('editor.history.restoreAction')} onConfirm={restore} />;
}
