import { useClient } from '@atrium/client/react';
import { LayoutTemplate, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { usePageSearch } from '../pages/use-page-search.js';
import { useOpenDirect } from '../people/use-open-direct.js';
import { usePeople } from '../people/use-people.js';
import { RoomAvatar } from '../rooms/room-avatar.js';
import { matches, rankOf } from '../rooms/room-filter.js';
import { roomName } from '../rooms/room-name.js';
import { useRoomSearch } from '../rooms/use-room-search.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { Picker } from '../ui/picker.js';
import { paths } from './paths.js';

const SHOWN_ROOMS = 12;
const SHOWN_PAGES = 8;
const SHOWN_PEOPLE = 8;

/** Goes to a room, a page or a person by name. */
export function QuickSwitcher({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, navigate] = useLocation();
  const [query, setQuery] = useState('');
  const rooms = useRoomSearch(query) ?? [];
  const pages = usePageSearch(query).items ?? [];
  const { value: people, isLoading } = usePeople(query, SHOWN_PEOPLE);
  const { openDirect, isOpening } = useOpenDirect(client, onClose);

  const byFit = rooms.toSorted((a, b) => rankOf(query, roomName(t, a)) - rankOf(query, roomName(t, b)));
  const shown = byFit.slice(0, SHOWN_ROOMS);
  // Whom one writes to already is among the rooms.
  const known = new Set(shown.map(({ peer }) => peer?.id));
  const sections = [
    { id: 'rooms', title: t('shell.switcherRooms'), items: shown.map((room) => ({ id: room.id, name: roomName(t, room), avatar: <RoomAvatar room={room} size={28} />, ...(room.peer && { detail: `@${room.peer.username}` }) })) },
    {
      id: 'pages',
      title: t('shell.switcherPages'),
      items: pages
        // What was found before the last letter was typed is shown as far as it still fits.
        .filter(({ title, pageId }) => matches(query, [title, pageId]))
        .slice(0, SHOWN_PAGES)
        .map(({ id, pageId, title }) => ({ id: pageId, name: title, avatar: <Avatar id={id} name={title} size={28} isSquare icon={<LayoutTemplate aria-hidden />} /> })),
    },
    {
      id: 'people',
      title: t('shell.switcherPeople'),
      items: (query.trim() === '' ? [] : (people ?? []))
        .filter(({ id, displayName, username }) => !known.has(id) && matches(query, [displayName, username]))
        .map(({ id, displayName, username, avatarUrl }) => ({ id, name: displayName, detail: `@${username}`, avatar: <Avatar id={id} name={displayName} url={avatarUrl} size={28} /> })),
    },
  ];
  const pick = (id: string, section: string): void => {
    if (section === 'people') return void openDirect(id);
    onClose();
    navigate(section === 'pages' ? paths.page(id) : paths.room(id));
  };
  return (
    <Dialog title={t('shell.switcherTitle')} size="medium" isFlush isOpen onOpenChange={onClose}>
      <Picker
        label={t('shell.switcherHint')}
        placeholder={t('shell.switcherHint')}
        query={query}
        onQueryChange={setQuery}
        sections={sections}
        onPick={pick}
        onClose={onClose}
        isLoading={isLoading || isOpening}
        empty={isLoading ? null : <EmptyState icon={<Search size={22} />} title={t('shell.switcherNothing')} />}
      />
    </Dialog>
  );
}
