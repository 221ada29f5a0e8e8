import { useClient } from '@atrium/client/react';
import { Compass, Search } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { Spinner } from '../ui/spinner.js';
import { TextField } from '../ui/text-field.js';
import { useDebounced } from '../ui/use-debounced.js';
import { usePages } from '../ui/use-pages.js';
import styles from './discover-dialog.module.css';
import { DiscoverRow } from './discover-row.js';

const TYPING_MS = 200;

/** Public rooms, and ways into them. */
export function DiscoverDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [query, setQuery] = useState('');
  const wanted = useDebounced(query.trim(), TYPING_MS);
  const read = useCallback((cursor: string | undefined) => client.api.discover(wanted, cursor), [client, wanted]);
  const { items, error, isLoading, hasMore, loadMore, reload } = usePages(read);
  return (
    <Dialog title={t('rooms.discover')} size="medium" isFlush isOpen onOpenChange={onClose}>
      <div className={styles.search}>
        <TextField
          type="search"
          label={t('rooms.discoverSearch')}
          isLabelHidden
          placeholder={t('rooms.discoverSearch')}
          value={query}
          onChange={setQuery}
          icon={isLoading ? <Spinner /> : <Search size={16} aria-hidden />}
          autoComplete="off"
          autoFocus
        />
      </div>
      <div className={styles.results} aria-busy={isLoading}>
        {error !== null && <ErrorState message={errorText(t, error)} onRetry={reload} />}
        {error === null && items?.length === 0 && <Nothing isSearch={wanted !== ''} />}
        {items !== null && items.length > 0 && (
          <ul>
            {items.map((room) => (
              <DiscoverRow key={room.id} room={room} onOpened={onClose} />
            ))}
          </ul>
        )}
        {hasMore && error === null && (
          <div className={styles.more}>
            <Button onPress={loadMore} isPending={isLoading}>
              {t('rooms.loadMore')}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Nothing({ isSearch }: { isSearch: boolean }) {
  const { t } = useTranslation();
  return <EmptyState icon={<Compass size={22} />} title={t('rooms.discoverEmptyTitle')} text={isSearch ? t('rooms.discoverEmptyText') : t('rooms.discoverNoneText')} />;
}
