import { type Receipt, type TimelineMessage, unwrap } from '@atrium/client';
import { useClient, useProfile } from '@atrium/client/react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { Avatar } from '../../ui/avatar.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { ErrorState } from '../../ui/error-state.js';
import { RelativeTime } from '../../ui/relative-time.js';
import { Spinner } from '../../ui/spinner.js';
import { useScope } from '../scope.js';
import styles from './readers-dialog.module.css';

const PAGE_READERS = 50;

/** Who has read a message, the latest readers first. */
export function ReadersDialog({ message, onClose }: { message: TimelineMessage; onClose: () => void }) {
  const { t } = useTranslation();
  const { readers, isLoading, hasMore, error, loadMore } = useReaders(message.seq);
  return (
    <Dialog title={t('conversation.readers.title')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      {readers.length > 0 && (
        <ul className={styles.list}>
          {readers.map((receipt) => (
            <Reader key={receipt.userId} receipt={receipt} />
          ))}
        </ul>
      )}
      {isLoading && <Spinner label={t('conversation.readers.loading')} />}
      {error !== null && <ErrorState message={errorText(t, error)} onRetry={loadMore} />}
      {!isLoading && error === null && readers.length === 0 && <p className={styles.none}>{t('conversation.readers.none')}</p>}
      {!isLoading && error === null && hasMore && <Button onPress={loadMore}>{t('conversation.readers.more')}</Button>}
    </Dialog>
  );
}

function Reader({ receipt: { userId, readAt } }: { receipt: Receipt }) {
  const profile = useProfile(userId);
  return (
    <li className={styles.reader}>
      <Avatar id={userId} name={profile?.displayName ?? ''} url={profile?.avatarUrl} size={32} />
      <bdi className={styles.name}>{profile?.displayName ?? '…'}</bdi>
      {readAt !== null && (
        <span className={styles.time}>
          <RelativeTime at={readAt} />
        </span>
      )}
    </li>
  );
}

function useReaders(seq: number) {
  const { rest } = useClient();
  const { room, ownId } = useScope();
  const [readers, setReaders] = useState<readonly Receipt[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);

  const load = useCallback(
    async (after: string | undefined): Promise<void> => {
      setLoading(true);
      setError(null);
      try {
        const params = { path: { id: room.id, seq }, query: { limit: PAGE_READERS, ...(after !== undefined && { cursor: after }) } };
        const page: { items: Receipt[]; nextCursor: string | null } = await unwrap(rest.GET('/api/v1/rooms/{id}/messages/{seq}/receipts', { params }));
        const others = page.items.filter(({ userId }) => userId !== ownId);
        setReaders((known) => (after === undefined ? others : [...known, ...others]));
        setCursor(page.nextCursor);
      } catch (reason) {
        setError(reason);
      } finally {
        setLoading(false);
      }
    },
    [rest, room, seq, ownId],
  );
  useEffect(() => {
    void load(undefined);
  }, [load]);
  return { readers, isLoading, hasMore: typeof cursor === 'string', error, loadMore: () => void load(cursor ?? undefined) };
}
