import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import { DialogsContext, type OpenDialog } from './dialogs.js';

const CreateRoomDialog = lazy(async () => ({ default: (await import('../rooms/create-room-dialog.js')).CreateRoomDialog }));
const DiscoverDialog = lazy(async () => ({ default: (await import('../rooms/discover-dialog.js')).DiscoverDialog }));
const DirectDialog = lazy(async () => ({ default: (await import('../people/direct-dialog.js')).DirectDialog }));
const ProfileDialog = lazy(async () => ({ default: (await import('../people/profile-dialog.js')).ProfileDialog }));
const QuickSwitcher = lazy(async () => ({ default: (await import('./quick-switcher.js')).QuickSwitcher }));
const RoomSettingsDialog = lazy(async () => ({ default: (await import('../rooms/room-settings-dialog.js')).RoomSettingsDialog }));
const LeaveRoomDialog = lazy(async () => ({ default: (await import('../rooms/leave-room-dialog.js')).LeaveRoomDialog }));
const NewPageDialog = lazy(async () => ({ default: (await import('../pages/new-page-dialog.js')).NewPageDialog }));
const SharePageDialog = lazy(async () => ({ default: (await import('../pages/share-page-dialog.js')).SharePageDialog }));
const RenamePageDialog = lazy(async () => ({ default: (await import('../pages/rename-page-dialog.js')).RenamePageDialog }));
const DeletePageDialog = lazy(async () => ({ default: (await import('../pages/delete-page-dialog.js')).DeletePageDialog }));
const LeavePageDialog = lazy(async () => ({ default: (await import('../pages/leave-page-dialog.js')).LeavePageDialog }));
const DeletedPagesDialog = lazy(async () => ({ default: (await import('../pages/deleted-pages-dialog.js')).DeletedPagesDialog }));
const SettingsDialog = lazy(async () => ({ default: (await import('../settings/settings-dialog.js')).SettingsDialog }));

/** Shows one dialog at a time; each is loaded when it is first needed. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<OpenDialog | null>(null);
  const close = useCallback(() => setShown(null), []);
  const dialogs = useMemo(() => ({ open: setShown, close }), [close]);
  return (
    <DialogsContext value={dialogs}>
      {children}
      <Suspense fallback={null}>{shown && <Shown dialog={shown} onClose={close} />}</Suspense>
    </DialogsContext>
  );
}

function Shown({ dialog, onClose }: { dialog: OpenDialog; onClose: () => void }): ReactNode {
  switch (dialog.kind) {
    case 'create-room':
      return <CreateRoomDialog onClose={onClose} />;
    case 'discover':
      return <DiscoverDialog onClose={onClose} />;
    case 'direct':
      return <DirectDialog onClose={onClose} />;
    case 'profile':
      return <ProfileDialog userId={dialog.userId} onClose={onClose} />;
    case 'switcher':
      return <QuickSwitcher onClose={onClose} />;
    case 'room-settings':
      return <RoomSettingsDialog roomId={dialog.roomId} onClose={onClose} />;
    case 'leave-room':
      return <LeaveRoomDialog roomId={dialog.roomId} onClose={onClose} />;
    case 'new-page':
      return <NewPageDialog onClose={onClose} />;
    case 'share-page':
      return <SharePageDialog page={dialog.page} onClose={onClose} />;
    case 'rename-page':
      return <RenamePageDialog page={dialog.page} onClose={onClose} />;
    case 'delete-page':
      return <DeletePageDialog page={dialog.page} onClose={onClose} />;
    case 'leave-page':
      return <LeavePageDialog page={dialog.page} onClose={onClose} />;
    case 'deleted-pages':
      return <DeletedPagesDialog onClose={onClose} />;
    case 'settings':
      return <SettingsDialog tab={dialog.tab} onClose={onClose} />;
  }
}
