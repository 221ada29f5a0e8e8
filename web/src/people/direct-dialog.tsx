import { useClient } from '@atrium/client/react';
import { UserSearch } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { matches } from '../rooms/room-filter.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { Picker } from '../ui/picker.js';
import { useOpenDirect } from './use-open-direct.js';
import { usePeople } from './use-people.js';

const SHOWN = 50;

/** Chooses whom to write to. */
export function DirectDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [query, setQuery] = useState('');
  const { value: people, error, isLoading, reload } = usePeople(query, SHOWN);
  const { openDirect, isOpening } = useOpenDirect(client, onClose);
  // What was found before the last letter was typed is shown as far as it still fits.
  const fitting = (people ?? []).filter(({ displayName, username }) => matches(query, [displayName, username]));
  const items = fitting.map(({ id, displayName, username, avatarUrl }) => ({
    id,
    name: displayName,
    detail: `@${username}`,
    avatar: <Avatar id={id} name={displayName} url={avatarUrl} size={32} />,
  }));
  const empty =
    error !== null ? (
      <ErrorState message={errorText(t, error)} onRetry={reload} />
    ) : isLoading ? null : (
      <EmptyState icon={<UserSearch size={22} />} title={t('people.nobodyTitle')} text={t('people.nobodyText')} />
    );
  return (
    <Dialog title={t('people.directTitle')} isFlush isOpen onOpenChange={onClose}>
      <Picker
        label={t('people.search')}
        placeholder={t('people.searchHint')}
        query={query}
        onQueryChange={setQuery}
        sections={[{ id: 'people', items }]}
        onPick={(id) => void openDirect(id)}
        onClose={onClose}
        isLoading={isLoading || isOpening}
        empty={empty}
      />
    </Dialog>
  );
}
