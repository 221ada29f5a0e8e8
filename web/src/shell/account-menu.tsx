import { useClient, useUser } from '@atrium/client/react';
import { LogOut, Settings, ShieldCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { signOut } from '../auth/sign-out.js';
import { Avatar } from '../ui/avatar.js';
import { Menu, MenuItem, type MenuProps, MenuSeparator } from '../ui/menu.js';
import styles from './account-menu.module.css';
import { useDialogs } from './dialogs.js';

export function AccountMenu({ placement }: Pick<MenuProps, 'placement'>) {
  const { t } = useTranslation();
  const client = useClient();
  const dialogs = useDialogs();
  const user = useUser();
  if (!user) return null;
  const trigger = (
    <Button className={styles.button ?? ''} aria-label={`${t('shell.account')}: ${user.displayName}`}>
      <Avatar id={user.id} name={user.displayName} url={user.avatarUrl} size={32} isOwn />
    </Button>
  );
  return (
    <Menu trigger={trigger} label={t('shell.account')} placement={placement}>
      <MenuItem icon={<Settings size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'settings', tab: 'profile' })}>
        {t('settings.title')}
      </MenuItem>
      <MenuItem icon={<ShieldCheck size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'settings', tab: 'security' })}>
        {t('settings.security')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut size={16} aria-hidden />} onAction={() => void signOut(client)}>
        {t('settings.signOut')}
      </MenuItem>
    </Menu>
  );
}
