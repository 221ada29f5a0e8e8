import { useBlocked, useClient, useProfile, useUser } from '@atrium/client/react';
import { Ban, MessageCircle, Settings } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { ShowImage } from '../images/show-image.js';
import { useForeignHost } from '../images/use-foreign-host.js';
import { useDialogs } from '../shell/dialogs.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { useToast } from '../ui/toast.js';
import styles from './profile-dialog.module.css';
import { useOpenDirect } from './use-open-direct.js';

/** Who somebody is, and what one can do about it. */
export function ProfileDialog({ userId, onClose }: { userId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const dialogs = useDialogs();
  const profile = useProfile(userId);
  const isSelf = useUser()?.id === userId;
  const foreignHost = useForeignHost(profile?.avatarUrl);
  const { openDirect, isOpening } = useOpenDirect(client, onClose);
  const name = profile?.displayName ?? t('rooms.formerUser');
  return (
    <Dialog title={t('people.profile')} isOpen onOpenChange={onClose}>
      <div className={styles.card}>
        <Avatar id={userId} name={name} url={profile?.avatarUrl} size={72} isOwn={isSelf} />
        {foreignHost !== null && !isSelf && <ShowImage host={foreignHost} label={name} />}
        <p className={styles.name}>
          <bdi>{name}</bdi>
        </p>
        {profile && <p className={styles.username}>@{profile.username}</p>}
        <div className={styles.actions}>
          {isSelf ? (
            <Button icon={<Settings size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'settings', tab: 'profile' })}>
              {t('people.editProfile')}
            </Button>
          ) : (
            <>
              <Button variant="primary" icon={<MessageCircle size={16} aria-hidden />} isPending={isOpening} isDisabled={profile === null} onPress={() => void openDirect(userId)}>
                {t('people.message')}
              </Button>
              <BlockButton userId={userId} name={name} onBlocked={onClose} />
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** Blocks the person, or unblocks one who is blocked. */
function BlockButton({ userId, name, onBlocked }: { userId: string; name: string; onBlocked: () => void }) {
  const { t } = useTranslation();
  const { users } = useClient();
  const { show } = useToast();
  const [isPending, setPending] = useState(false);
  const isBlocked = useBlocked()?.has(userId) === true;
  const press = async (): Promise<void> => {
    setPending(true);
    try {
      await (isBlocked ? users.unblock(userId) : users.block(userId));
      show(t(isBlocked ? 'people.unblocked' : 'people.blocked', { name }), { kind: 'success' });
      onBlocked();
    } catch (error) {
      setPending(false);
      show(errorText(t, error), { kind: 'error' });
    }
  };
  return (
    <Button icon={<Ban size={16} aria-hidden />} isPending={isPending} onPress={() => void press()}>
      {t(isBlocked ? 'people.unblock' : 'people.block')}
    </Button>
  );
}
