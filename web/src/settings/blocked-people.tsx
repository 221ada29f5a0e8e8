import type { Block, Profile } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { ErrorState } from '../ui/error-state.js';
import { Skeleton } from '../ui/skeleton.js';
import { useToast } from '../ui/toast.js';
import { usePages } from '../ui/use-pages.js';
import styles from './settings.module.css';

/** Blocked people, each with a button to unblock them. */
export function BlockedPeople() {
  const { t } = useTranslation();
  const client = useClient();
  const read = useCallback((cursor: string | undefined) => client.users.blocks(cursor), [client]);
  const { items, error, isLoading, hasMore, loadMore, reload } = usePages<Block>(read);
  return (
    <>
      {items === null && error === null && <Skeleton height="3rem" />}
      {error !== null && <ErrorState message={errorText(t, error)} onRetry={items === null ? reload : loadMore} />}
      {items?.length === 0 && <p className={styles.detail}>{t('settings.blockedNone')}</p>}
      <ul aria-busy={isLoading}>
        {items?.map(({ user }) => (
          <BlockedPerson key={user.id} user={user} onUnblocked={reload} />
        ))}
      </ul>
      {hasMore && (
        <Button size="small" isPending={isLoading} onPress={loadMore}>
          {t('settings.moreBlocked')}
        </Button>
      )}
    </>
  );
}

function BlockedPerson({ user, onUnblocked }: { user: Profile; onUnblocked: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const [isPending, setPending] = useState(false);
  const unblock = async (): Promise<void> => {
    setPending(true);
    try {
      await client.users.unblock(user.id);
      toast.show(t('people.unblocked', { name: user.displayName }), { kind: 'success' });
      onUnblocked();
    } catch (error) {
      toast.show(errorText(t, error), { kind: 'error' });
      setPending(false);
    }
  };
  return (
    <li className={styles.session}>
      <Avatar id={user.id} name={user.displayName} url={user.avatarUrl} size={36} />
      <span className={styles.words}>
        <bdi className={styles.name}>{user.displayName}</bdi>
        <span className={styles.detail}>@{user.username}</span>
      </span>
      <Button size="small" isPending={isPending} aria-label={t('people.unblockLabel', { name: user.displayName })} onPress={() => void unblock()}>
        {t('people.unblock')}
      </Button>
    </li>
  );
}
