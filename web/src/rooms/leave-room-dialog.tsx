import { useClient, useRoomState } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { paths } from '../shell/paths.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { roomName } from './room-name.js';

/** Asks before leaving. An owner with others in the room hands it over first: the room's settings say so. */
export function LeaveRoomDialog({ roomId, onClose }: { roomId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, navigate] = useLocation();
  const room = useRoomState(client.room(roomId));
  if (!room) return null;
  const name = roomName(t, room);
  const text = room.role === 'owner' && room.memberCount > 1 ? t('rooms.leaveOwner') : room.memberCount === 1 ? t('rooms.leaveLast', { name }) : t('rooms.leaveConfirm', { name });
  const leave = async (): Promise<void> => {
    await client.rooms.leave(roomId);
    navigate(paths.home);
  };
  return <ConfirmDialog title={t('rooms.leave')} text={text} confirmLabel={t('rooms.leaveAction')} isDanger isOpen onOpenChange={onClose} onConfirm={leave} />;
}
