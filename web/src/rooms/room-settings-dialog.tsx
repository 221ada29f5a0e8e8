import { can, type MyRoom } from '@atrium/client';
import { useClient, useRoomState } from '@atrium/client/react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.js';
import { Tabs } from '../ui/tabs.js';
import { HandOver } from './hand-over.js';
import { RoomDangerZone } from './room-danger-zone.js';
import { RoomForm } from './room-form.js';

/** What can be changed about a room, by those who may. */
export function RoomSettingsDialog({ roomId, onClose }: { roomId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const room = useRoomState(client.room(roomId));
  // Left, deleted, or removed from it: there is nothing to set any more.
  useEffect(() => {
    if (!room) onClose();
  }, [room, onClose]);
  if (!room) return null;
  const tabs = [
    { id: 'room', label: t('rooms.general'), content: <RoomForm room={room} /> },
    ...(canHandOver(room) ? [{ id: 'owner', label: t('rooms.owner'), content: <HandOver room={room} /> }] : []),
    { id: 'leave', label: t('rooms.dangerZone'), content: <RoomDangerZone room={room} onGone={onClose} /> },
  ];
  return (
    <Dialog title={room.name ?? ''} size="medium" isOpen onOpenChange={onClose}>
      <Tabs label={t('rooms.settings')} tabs={tabs} />
    </Dialog>
  );
}

function canHandOver(room: MyRoom): boolean {
  return can(room.role, 'member:set-role', room.kind) && room.memberCount > 1;
}
