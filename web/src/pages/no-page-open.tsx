import { LayoutTemplate } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state.js';

/** Beside the list of pages, before one is chosen. */
export function NoPageOpen() {
  const { t } = useTranslation();
  return <EmptyState icon={<LayoutTemplate size={22} />} title={t('pages.noneOpenTitle')} text={t('pages.noneOpenText')} />;
}
