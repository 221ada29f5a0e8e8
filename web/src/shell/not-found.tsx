import { MapPinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { EmptyState } from '../ui/empty-state.js';
import { paths } from './paths.js';

export function NotFound() {
  const { t } = useTranslation();
  return <EmptyState icon={<MapPinOff size={22} />} title={t('shell.notFoundTitle')} text={t('shell.notFoundText')} action={<Link href={paths.home}>{t('shell.toHome')}</Link>} />;
}
