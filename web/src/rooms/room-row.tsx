import type { MyRoom } from '@atrium/client';
import { useProfile, useUser } from '@atrium/client/react';
import { Lock, VolumeX } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useMuted } from '../conversation/composer/use-muted.js';
import { useExcerpt } from '../conversation/message/excerpt.js';
import { paths } from '../shell/paths.js';
import { Badge } from '../ui/badge.js';
import { formatDateTime, formatShort } from '../ui/format.js';
import type { LinkRow } from '../ui/link-list.js';
import { useTakenFocus } from '../ui/use-taken-focus.js';
import { VisuallyHidden } from '../ui/visually-hidden.js';
import { RoomAvatar } from './room-avatar.js';
import { roomName } from './room-name.js';
import { previewOf } from './room-preview.js';
import styles from './room-row.module.css';

/** A room in the list. */
export const RoomRow = memo(function RoomRow({ room, isCurrent, isTabStop, takesFocus }: LinkRow & { room: MyRoom }) {
  const { t, i18n } = useTranslation();
  const link = useTakenFocus<HTMLAnchorElement>(takesFocus);
  const activeAt = room.lastMessage?.createdAt ?? room.createdAt;
  return (
    <Link
      ref={link}
      href={paths.room(room.id)}
      className={styles.row}
      data-row={room.id}
      data-unread={room.unread > 0 || undefined}
      aria-current={isCurrent ? 'page' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      draggable={false}
    >
      <RoomAvatar room={room} />
      <span className={styles.body}>
        <span className={styles.line}>
          <span className={styles.name} dir="auto">
            {roomName(t, room)}
          </span>
          <Marks room={room} />
          <time className={styles.time} dateTime={activeAt} title={formatDateTime(activeAt, i18n.language)}>
            {formatShort(activeAt, i18n.language)}
          </time>
        </span>
        <span className={styles.line}>
          <span className={styles.preview}>{room.lastMessage ? <Preview room={room} message={room.lastMessage} /> : t('rooms.noMessages')}</span>
          <Badge count={room.unread} label={t('rooms.unread', { count: room.unread })} />
        </span>
      </span>
    </Link>
  );
});

function Marks({ room }: { room: MyRoom }): ReactNode {
  const { t } = useTranslation();
  const isMuted = useMuted(room.mutedUntil) !== null;
  return (
    <>
      {room.kind === 'direct' && <VisuallyHidden>{t('rooms.directMark')}</VisuallyHidden>}
      {room.kind === 'group' && room.isPrivate && (
        <span className={styles.mark} role="img" aria-label={t('rooms.privateMark')} title={t('rooms.privateMark')}>
          <Lock size={12} aria-hidden />
        </span>
      )}
      {isMuted && (
        <span className={styles.mark} role="img" aria-label={t('rooms.muted')} title={t('rooms.muted')}>
          <VolumeX size={13} aria-hidden />
        </span>
      )}
    </>
  );
}

/** Who said it, except where it could only be the other one. */
function Preview({ room, message }: { room: MyRoom; message: NonNullable<MyRoom['lastMessage']> }) {
  const { t } = useTranslation();
  const isOwn = useUser()?.id === message.senderId;
  const sender = useProfile(message.senderId);
  const excerpt = useExcerpt();
  const text = previewOf(t, excerpt, message);
  const isSaid = message.type !== 'system' && message.deletedAt === null;
  const name = isOwn ? t('rooms.you') : room.kind === 'direct' ? undefined : sender?.displayName;
  return isSaid && name !== undefined ? (
    <>
      <span className={styles.sender}>{t('rooms.says', { name })}</span>
      {text}
    </>
  ) : (
    <>{text}</>
  );
}
