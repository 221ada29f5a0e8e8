import { Compass, MessageCirclePlus, Plus, Search, SquarePen, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDialogs } from '../shell/dialogs.js';
import { ListSidebar } from '../shell/list-sidebar.js';
import { commandKey } from '../shell/use-shortcut.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { IconButton } from '../ui/icon-button.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { RoomList } from './room-list.js';
import { PHONE, useMedia } from '../ui/use-media.js';
import { useIsNew, Welcome } from '../shell/welcome.js';
import { useRoomSearch } from './use-room-search.js';

/** One's rooms, how to find one, and how to get more. */
export function Sidebar({ currentRoomId }: { currentRoomId: string | undefined }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const rooms = useRoomSearch(query);
  // Elsewhere it is beside the list.
  const showsWelcome = [useIsNew(), useMedia(PHONE), query.trim() === ''].every(Boolean);
  return (
    <ListSidebar title={t('rooms.all')} actions={<AddMenu />} searchLabel={t('rooms.searchRooms')} query={query} onQueryChange={setQuery}>
      {rooms === null && <ListSkeleton />}
      {rooms !== null && rooms.length > 0 && <RoomList rooms={rooms} currentRoomId={currentRoomId} />}
      {showsWelcome && <Welcome />}
      {rooms?.length === 0 && (query.trim() === '' ? <NoRooms /> : <NoMatch />)}
    </ListSidebar>
  );
}

function AddMenu() {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const trigger = (
    <IconButton label={t('rooms.add')}>
      <SquarePen size={18} aria-hidden />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} label={t('rooms.add')}>
      <MenuItem icon={<MessageCirclePlus size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'direct' })}>
        {t('rooms.direct')}
      </MenuItem>
      <MenuItem icon={<Users size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'create-room' })}>
        {t('rooms.create')}
      </MenuItem>
      <MenuItem icon={<Compass size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'discover' })}>
        {t('rooms.discover')}
      </MenuItem>
    </Menu>
  );
}

function NoRooms() {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const create = (
    <Button icon={<Plus size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'create-room' })}>
      {t('rooms.create')}
    </Button>
  );
  return <EmptyState icon={<Users size={22} />} title={t('rooms.noRoomsTitle')} text={t('rooms.noRoomsText')} action={create} />;
}

function NoMatch() {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const discover = <Button onPress={() => dialogs.open({ kind: 'discover' })}>{t('rooms.discover')}</Button>;
  return <EmptyState icon={<Search size={22} />} title={t('rooms.noMatch')} text={t('rooms.noMatchText', { keys: commandKey('K') })} action={discover} />;
}
