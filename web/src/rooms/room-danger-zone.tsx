import { can, type MyRoom, unwrap } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { paths } from '../shell/paths.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { LeaveRoomDialog } from './leave-room-dialog.js';
import styles from './room-danger-zone.module.css';

/** Leaving and deleting a room: each is asked about once more. */
export function RoomDangerZone({ room, onGone }: { room: MyRoom; onGone: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<'leave' | 'delete' | null>(null);
  const mustHandOver = room.role === 'owner' && room.memberCount > 1;
  const remove = async (): Promise<void> => {
    await unwrap(client.rest.DELETE('/api/v1/rooms/{id}', { params: { path: { id: room.id } } }));
    navigate(paths.home);
    onGone();
  };
  return (
    <>
      {can(room.role, 'room:leave', room.kind) && (
        <div className={styles.choice}>
          <p>{mustHandOver ? t('rooms.leaveOwner') : t('rooms.leaveHint')}</p>
          <Button isDisabled={mustHandOver} onPress={() => setAsking('leave')}>
            {t('rooms.leave')}
          </Button>
        </div>
      )}
      {can(room.role, 'room:delete', room.kind) && (
        <div className={styles.choice}>
          <p>{t('rooms.deleteHint')}</p>
          <Button variant="danger" onPress={() => setAsking('delete')}>
            {t('rooms.deleteRoom')}
          </Button>
        </div>
      )}
      {asking === 'leave' && <LeaveRoomDialog roomId={room.id} onClose={() => setAsking(null)} />}
      {asking === 'delete' && (
        <ConfirmDialog
          title={t('rooms.deleteRoom')}
          text={t('rooms.deleteRoomConfirm', { name: room.name })}
          confirmLabel={t('rooms.deleteRoom')}
          isDanger
          isOpen
          onOpenChange={() => setAsking(null)}
          onConfirm={remove}
        />
      )}
    </>
  );
}
