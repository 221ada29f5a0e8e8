import type { MyRoom, Room } from '@atrium/client';
import { useOnline } from '@atrium/client/react';
import { EllipsisVertical, Lock, LogOut, Settings, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PersonName } from '../people/person-name.js';
import { RoomAvatar } from '../rooms/room-avatar.js';
import { BackButton } from '../shell/back-button.js';
import { useDialogs } from '../shell/dialogs.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu, MenuItem } from '../ui/menu.js';
import styles from './header.module.css';

export interface HeaderProps {
  readonly room: Room;
  readonly state: MyRoom;
  readonly name: string;
  readonly onOpenMembers: () => void;
}

/** Which room this is, who is here, and what one can do with it as a whole. */
export function Header({ room, state, name, onOpenMembers }: HeaderProps) {
  const { t } = useTranslation();
  const online = useOnline(room);
  const isPeerOnline = state.kind === 'direct' && state.peer !== null && online.has(state.peer.id);
  return (
    <header className={styles.header}>
      <BackButton />
      <RoomAvatar room={state} size={36} isOnline={isPeerOnline} />
      <div className={styles.words}>
        <h2 className={styles.name}>
          {state.peer ? <PersonName userId={state.peer.id} name={name} className={styles.nameText} /> : <bdi className={styles.nameText}>{name}</bdi>}
          {state.kind === 'group' && state.isPrivate && (
            <span className={styles.private} role="img" aria-label={t('rooms.privateMark')} title={t('rooms.privateMark')}>
              <Lock size={13} aria-hidden />
            </span>
          )}
        </h2>
        <p className={styles.status}>
          {state.kind === 'direct'
            ? t(isPeerOnline ? 'conversation.online' : 'conversation.offline')
            : `${t('conversation.members_count', { count: state.memberCount })} · ${t('conversation.here_count', { count: online.size })}`}
        </p>
      </div>
      {state.kind !== 'direct' && (
        <IconButton label={t('conversation.members')} onPress={onOpenMembers}>
          <Users size={20} aria-hidden />
        </IconButton>
      )}
      {state.kind === 'group' && <RoomMenu roomId={state.id} />}
    </header>
  );
}

function RoomMenu({ roomId }: { roomId: string }) {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const trigger = (
    <IconButton label={t('conversation.roomMenu')}>
      <EllipsisVertical size={20} aria-hidden />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} label={t('conversation.roomMenu')}>
      <MenuItem icon={<Settings size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'room-settings', roomId })}>
        {t('rooms.settings')}
      </MenuItem>
      <MenuItem icon={<LogOut size={16} aria-hidden />} isDanger onAction={() => dialogs.open({ kind: 'leave-room', roomId })}>
        {t('rooms.leave')}
      </MenuItem>
    </Menu>
  );
}
