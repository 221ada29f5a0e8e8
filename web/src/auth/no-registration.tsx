import { LockKeyhole, Mail } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state.js';

const ICONS = { invite: Mail, closed: LockKeyhole };

/** Why one cannot create an account here, and what one can do instead. */
export function NoRegistration({ mode }: { mode: 'invite' | 'closed' }) {
  const { t } = useTranslation();
  const Icon = ICONS[mode];
  return <EmptyState icon={<Icon size={22} />} title={t(`auth.registration.${mode}`)} text={t(`auth.registrationText.${mode}`)} />;
}
