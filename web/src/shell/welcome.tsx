import { useRooms, useUser } from '@atrium/client/react';
import { Compass, LayoutTemplate, MessageCirclePlus, Sparkles, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { useDialogs } from './dialogs.js';
import { paths } from './paths.js';
import styles from './welcome.module.css';

/** Somebody who has not begun: in no room but the one of everyone. */
export function useIsNew(): boolean {
  return useRooms()?.every(({ kind }) => kind === 'world') ?? false;
}

/** What a new user can begin with. */
export function Welcome() {
  const { t } = useTranslation();
  const user = useUser();
  const dialogs = useDialogs();
  const [, navigate] = useLocation();
  const steps = (
    <div className={styles.steps}>
      <Button variant="primary" icon={<Users size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'create-room' })}>
        {t('rooms.create')}
      </Button>
      <Button icon={<Compass size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'discover' })}>
        {t('rooms.discover')}
      </Button>
      <Button icon={<MessageCirclePlus size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'direct' })}>
        {t('shell.welcome.direct')}
      </Button>
      <Button icon={<LayoutTemplate size={16} aria-hidden />} onPress={() => navigate(paths.pages)}>
        {t('shell.welcome.pages')}
      </Button>
    </div>
  );
  return <EmptyState icon={<Sparkles size={22} />} title={t('shell.welcome.title', { name: user?.displayName ?? '' })} text={t('shell.welcome.text')} action={steps} />;
}
