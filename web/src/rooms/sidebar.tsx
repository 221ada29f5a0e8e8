import { Compass, MessageCirclePlus, Plus, Search, SquarePen, Users, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountMenu } from '../shell/account-menu.js';
import { useDialogs } from '../shell/dialogs.js';
import { commandKey } from '../shell/use-shortcut.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { TextField } from '../ui/text-field.js';
import { RoomList } from './room-list.js';
import { RoomListSkeleton } from './room-list-skeleton.js';
import styles from './sidebar.module.css';
import { useRoomSearch } from './use-room-search.js';

/** One's rooms, how to find one, and how to get more. */
export function Sidebar({ currentRoomId }: { currentRoomId: string | undefined }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const rooms = useRoomSearch(query);
  const list = useRef<HTMLElement>(null);

  const enterList = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && query !== '') return setQuery('');
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    const stop = list.current?.querySelector<HTMLElement>('[data-room][tabindex="0"]');
    event.preventDefault();
    if (event.key === 'ArrowDown') stop?.focus();
    else if (query.trim() !== '') stop?.click();
  };

  return (
    <nav ref={list} aria-label={t('rooms.all')} className={styles.sidebar}>
      <header className={styles.header}>
        <span className={styles.phoneOnly}>
          <AccountMenu placement="bottom start" />
        </span>
        <h2 className={styles.title}>{t('rooms.all')}</h2>
        <AddMenu />
      </header>
      <div className={styles.search} onKeyDown={enterList}>
        <TextField
          type="search"
          label={t('rooms.searchRooms')}
          isLabelHidden
          placeholder={t('rooms.searchRooms')}
          value={query}
          onChange={setQuery}
          icon={<Search size={16} aria-hidden />}
          autoComplete="off"
          end={query !== '' && <ClearButton onPress={() => setQuery('')} />}
        />
      </div>
      {rooms === null && <RoomListSkeleton />}
      {rooms !== null && rooms.length > 0 && <RoomList rooms={rooms} currentRoomId={currentRoomId} />}
      {rooms?.length === 0 && (query.trim() === '' ? <NoRooms /> : <NoMatch />)}
    </nav>
  );
}

function ClearButton({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <IconButton label={t('ui.clear')} size="small" onPress={onPress}>
      <X size={14} aria-hidden />
    </IconButton>
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
