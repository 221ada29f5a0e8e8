import { type Member, type MyRoom, unwrap } from '@atrium/client';
import { useClient, useMembers } from '@atrium/client/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { Spinner } from '../ui/spinner.js';
import { useToast } from '../ui/toast.js';
import styles from './hand-over.module.css';

/** The owner makes another member the owner. */
export function HandOver({ room }: { room: MyRoom }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const handle = client.room(room.id);
  const members = useMembers(handle);
  const [chosen, setChosen] = useState<Member | null>(null);
  if (!members) return <Spinner label={t('ui.loading')} />;
  const others = members.items.filter(({ role }) => role !== 'owner');
  const handOver = async ({ user }: Member): Promise<void> => {
    await unwrap(client.rest.PUT('/api/v1/rooms/{id}/members/{userId}', { params: { path: { id: room.id, userId: user.id } }, body: { role: 'owner' } }));
    toast.show(t('rooms.handedOver', { person: user.displayName }), { kind: 'success' });
  };
  const loadMore = (): void => void handle.members.loadMore().catch((error: unknown) => toast.show(errorText(t, error), { kind: 'error' }));
  return (
    <>
      <p>{t('rooms.handOverText')}</p>
      {others.length === 0 && !members.hasMore && <EmptyState title={t('rooms.noOtherMembers')} />}
      <ul className={styles.members}>
        {others.map((member) => (
          <li key={member.user.id} className={styles.member}>
            <Avatar id={member.user.id} name={member.user.displayName} url={member.user.avatarUrl} size={32} isOnline={member.online} />
            <span className={styles.name}>{member.user.displayName}</span>
            <Button size="small" aria-label={t('rooms.handOverTo', { person: member.user.displayName })} onPress={() => setChosen(member)}>
              {t('rooms.handOverAction')}
            </Button>
          </li>
        ))}
      </ul>
      {members.hasMore && <Button onPress={loadMore}>{t('rooms.moreMembers')}</Button>}
      {chosen && (
        <ConfirmDialog
          title={t('rooms.handOver')}
          text={t('rooms.handOverConfirm', { person: chosen.user.displayName, name: room.name })}
          confirmLabel={t('rooms.handOverAction')}
          isOpen
          onOpenChange={() => setChosen(null)}
          onConfirm={() => handOver(chosen)}
        />
      )}
    </>
  );
}
