import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.js';
import { Tabs } from '../ui/tabs.js';
import { AppearanceSettings } from './appearance-settings.js';
import { PrivacySettings } from './privacy-settings.js';
import { ProfileSettings } from './profile-settings.js';
import { SecuritySettings } from './security-settings.js';

export type SettingsTab = 'profile' | 'appearance' | 'privacy' | 'security';

export function SettingsDialog({ tab = 'profile', onClose }: { tab?: SettingsTab | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const tabs = [
    { id: 'profile', label: t('settings.profile'), content: <ProfileSettings /> },
    { id: 'appearance', label: t('settings.appearance'), content: <AppearanceSettings /> },
    { id: 'privacy', label: t('settings.privacy'), content: <PrivacySettings /> },
    { id: 'security', label: t('settings.security'), content: <SecuritySettings /> },
  ];
  return (
    <Dialog title={t('settings.title')} size="medium" isOpen onOpenChange={onClose}>
      <Tabs label={t('settings.title')} initial={tab} tabs={tabs} />
    </Dialog>
  );
}
