import type { RoomInfo } from '@atrium/client';
import { useClient, useRooms } from '@atrium/client/react';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { paths } from '../shell/paths.js';
import { Button } from '../ui/button.js';
import { formatNumber } from '../ui/format.js';
import { useToast } from '../ui/toast.js';
import styles from './discover-dialog.module.css';
import { isFull } from './is-full.js';
import { JoinForm } from './join-form.js';
import { RoomAvatar } from './room-avatar.js';

/** A public room: opens it for members, joins it for others, and asks for its password where there is one. */
export function DiscoverRow({ room, onOpened }: { room: RoomInfo; onOpened: () => void }) {
  const { t, i18n } = useTranslation();
  const [, navigate] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const isMember = useRooms()?.some(({ id }) => id === room.id) ?? false;
  const open = (): void => {
    onOpened();
    navigate(paths.room(room.id));
  };
  const detail =
    room.maxMembers === null
      ? t('rooms.members', { count: room.memberCount })
      : t('rooms.membersOf', { count: room.memberCount, max: formatNumber(room.maxMembers, i18n.language) });
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <RoomAvatar room={room} />
        <span className={styles.words}>
          <span className={styles.name}>
            <span className={styles.nameText}>{room.name}</span>
            {room.hasPassword && <KeyRound size={13} role="img" aria-label={t('rooms.locked')} />}
          </span>
          <span className={styles.detail}>{detail}</span>
        </span>
        {isMember ? (
          <Button size="small" aria-label={t('rooms.openNamed', { name: room.name })} onPress={open}>
            {t('rooms.open')}
          </Button>
        ) : isFull(room) ? (
          <span className={styles.detail}>{t('rooms.full')}</span>
        ) : room.hasPassword ? (
          <Button size="small" variant="primary" aria-expanded={isAsking} aria-label={t('rooms.joinNamed', { name: room.name })} onPress={() => setAsking(!isAsking)}>
            {t('rooms.join')}
          </Button>
        ) : (
          <JoinButton room={room} onJoined={open} />
        )}
      </div>
      {isAsking && !isMember && (
        <div className={styles.entrance}>
          <JoinForm room={room} onJoined={open} />
        </div>
      )}
    </li>
  );
}

function JoinButton({ room, onJoined }: { room: RoomInfo; onJoined: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const [isPending, setPending] = useState(false);
  const join = async (): Promise<void> => {
    setPending(true);
    try {
      await client.rooms.join(room.id);
      onJoined();
    } catch (error) {
      toast.show(errorText(t, error), { kind: 'error' });
    } finally {
      setPending(false);
    }
  };
  return (
    <Button size="small" variant="primary" isPending={isPending} aria-label={t('rooms.joinNamed', { name: room.name })} onPress={() => void join()}>
      {t('rooms.join')}
    </Button>
  );
}
