import { can, type MyRoom, type Room } from '@atrium/client';
import { ArrowLeft, Link2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InviteLinks } from '../../invites/invite-links.js';
import styles from '../../people/people-list.module.css';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { AddMembers } from './add-members.js';
import { MemberList } from './member-list.js';
import { useRoomInvites } from './use-room-invites.js';

type View = 'members' | 'add' | 'links';

export interface MembersDialogProps {
  readonly room: Room;
  readonly state: MyRoom;
  readonly initialView: View;
  readonly onClose: () => void;
}

/** Who is in the room; for those who may, what can be done about it. */
export function MembersDialog({ room, state, initialView, onClose }: MembersDialogProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>(initialView);
  const invites = useRoomInvites(state);
  const mayAdd = can(state.role, 'member:add', state.kind);
  const mayInvite = can(state.role, 'room:invite', state.kind);
  const titles: Record<View, string> = { members: `${t('conversation.people.title')} · ${state.memberCount}`, add: t('conversation.people.add'), links: t('invites.byLink') };
  const footer =
    view === 'members' ? (
      <>
        {mayInvite && (
          <Button icon={<Link2 size={16} aria-hidden />} onPress={() => setView('links')}>
            {t('invites.byLink')}
          </Button>
        )}
        {mayAdd && (
          <Button variant="primary" icon={<UserPlus size={16} aria-hidden />} onPress={() => setView('add')}>
            {t('conversation.people.add')}
          </Button>
        )}
      </>
    ) : (
      <Button icon={<ArrowLeft size={16} aria-hidden />} onPress={() => setView('members')}>
        {t('conversation.people.backToMembers')}
      </Button>
    );
  return (
    <Dialog
      title={titles[view]}
      size="medium"
      isFlush
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      {...((mayAdd || mayInvite) && { footer })}
    >
      <div className={styles.dialog}>
        {view === 'members' && <MemberList room={room} state={state} />}
        {view === 'add' && <AddMembers room={room} />}
        {view === 'links' && <InviteLinks source={invites} />}
      </div>
    </Dialog>
  );
}
