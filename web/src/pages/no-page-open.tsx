import { LayoutTemplate, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDialogs } from '../shell/dialogs.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';

/** Beside the list of pages, before one is chosen. */
export function NoPageOpen() {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const create = (
    <Button icon={<Plus size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'new-page' })}>
      {t('pages.new')}
    </Button>
  );
  return <EmptyState icon={<LayoutTemplate size={22} />} title={t('pages.noneOpenTitle')} text={t('pages.noneOpenText')} action={create} />;
}
