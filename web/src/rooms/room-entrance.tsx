import { AtriumError, type RoomInfo, unwrap } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { DoorClosed } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { BackButton } from '../shell/back-button.js';
import { LoadingPage } from '../shell/loading-page.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { useAsync } from '../ui/use-async.js';
import { JoinForm } from './join-form.js';
import { RoomAvatar } from './room-avatar.js';
import styles from './room-entrance.module.css';

/** For who came to a room by its address without being a member. */
export function RoomEntrance({ roomId }: { roomId: string }) {
  const client = useClient();
  const load = useCallback(() => unwrap<RoomInfo>(client.rest.GET('/api/v1/rooms/{id}', { params: { path: { id: roomId } } })), [client, roomId]);
  const { value: room, error, reload } = useAsync(load);
  return (
    <>
      <div className={styles.bar}>
        <BackButton />
      </div>
      {error !== null ? <Failed roomId={roomId} error={error} onRetry={reload} /> : room === null ? <LoadingPage /> : <Entrance room={room} />}
    </>
  );
}

/** A private room does not show itself, but opens to who has its password. */
function Failed({ roomId, error, onRetry }: { roomId: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const { isRetryable } = AtriumError.from(error);
  if (isRetryable) return <ErrorState message={errorText(t, error)} onRetry={onRetry} />;
  const entrance = <JoinForm room={{ id: roomId, hasPassword: true, maxMembers: null, memberCount: 0 }} />;
  return <EmptyState icon={<DoorClosed size={22} />} title={t('rooms.closedTitle')} text={t('rooms.closedText')} action={<div className={styles.form}>{entrance}</div>} />;
}

function Entrance({ room }: { room: RoomInfo }) {
  const { t } = useTranslation();
  return (
    <div className={styles.entrance}>
      <RoomAvatar room={room} size={64} />
      <h2 className={styles.name}>{room.name}</h2>
      <p className={styles.text}>{t('rooms.joinText')}</p>
      <p className={styles.text}>{t('rooms.members', { count: room.memberCount })}</p>
      <div className={styles.form}>
        <JoinForm room={room} />
      </div>
    </div>
  );
}
