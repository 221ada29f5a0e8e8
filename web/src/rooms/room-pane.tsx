import { useReadable, useRooms } from '@atrium/client/react';
import { DoorOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasStarted } from '../client.js';
import { Conversation } from '../conversation/conversation.js';
import { BackButton } from '../shell/back-button.js';
import { LoadingPage } from '../shell/loading-page.js';
import { EmptyState } from '../ui/empty-state.js';
import styles from './room-entrance.module.css';
import { RoomEntrance } from './room-entrance.js';

/** A room: the conversation for its members, the entrance for everybody else. */
export function RoomPane({ roomId }: { roomId: string }) {
  const rooms = useRooms();
  const isStarted = useReadable(hasStarted);
  if (rooms === null || !isStarted) return <LoadingPage />;
  return <Room key={roomId} roomId={roomId} isMember={rooms.some(({ id }) => id === roomId)} />;
}

function Room({ roomId, isMember }: { roomId: string; isMember: boolean }) {
  const [wasMember, setWasMember] = useState(isMember);
  if (isMember && !wasMember) setWasMember(true);
  if (isMember) return <Conversation roomId={roomId} />;
  return wasMember ? <RoomGone /> : <RoomEntrance roomId={roomId} />;
}

/** Left, deleted, or somebody has removed one, while one was looking at it. */
function RoomGone() {
  const { t } = useTranslation();
  return (
    <>
      <div className={styles.bar}>
        <BackButton />
      </div>
      <EmptyState icon={<DoorOpen size={22} />} title={t('rooms.goneTitle')} text={t('rooms.goneText')} />
    </>
  );
}
