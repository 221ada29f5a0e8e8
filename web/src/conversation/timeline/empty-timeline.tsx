import { can, type CreatedInvite } from '@atrium/client';
import { useClient, useRoomState } from '@atrium/client/react';
import { Link2, MessageCircle, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { EXPIRY_SECONDS } from '../../invites/choices.js';
import { NewLink } from '../../invites/new-link.js';
import { Button } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { useToast } from '../../ui/toast.js';
import { useScope } from '../scope.js';
import styles from './empty-timeline.module.css';

export function EmptyTimeline({ roomName, isDirect }: { roomName: string; isDirect: boolean }) {
  const { t } = useTranslation();
  const { room } = useScope();
  const state = useRoomState(room);
  const mayInvite = state !== null && can(state.role, 'room:invite', state.kind);
  return (
    <EmptyState
      icon={<MessageCircle size={22} />}
      title={t('conversation.timeline.empty')}
      text={isDirect ? t('conversation.timeline.emptyDirect', { name: roomName }) : t(mayInvite ? 'conversation.timeline.emptyInvite' : 'conversation.timeline.emptyHint')}
      action={mayInvite && <Invitation />}
    />
  );
}

/** A room begins with people in it. */
function Invitation() {
  const { t } = useTranslation();
  const { api } = useClient();
  const { room, showMembers } = useScope();
  const { show } = useToast();
  const [invite, setInvite] = useState<CreatedInvite | null>(null);
  const [isPending, setPending] = useState(false);
  const create = async (): Promise<void> => {
    setPending(true);
    try {
      setInvite(await api.invite(room.id, { role: 'member', expiresIn: EXPIRY_SECONDS.week }));
    } catch (error) {
      show(errorText(t, error), { kind: 'error' });
    } finally {
      setPending(false);
    }
  };
  return (
    <div className={styles.invitation}>
      {invite ? (
        <div className={styles.link}>
          <NewLink invite={invite} />
        </div>
      ) : (
        <Button variant="primary" icon={<Link2 size={16} aria-hidden />} isPending={isPending} onPress={() => void create()}>
          {t('invites.byLink')}
        </Button>
      )}
      <Button icon={<UserPlus size={16} aria-hidden />} onPress={() => showMembers('add')}>
        {t('conversation.people.add')}
      </Button>
    </div>
  );
}
