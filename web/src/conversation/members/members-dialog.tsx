import { can, type MyRoom, type Room } from '@atrium/client';
import { ArrowLeft, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { AddPeople } from './add-people.js';
import { MemberList } from './member-list.js';
import styles from './members.module.css';

export interface MembersDialogProps {
  readonly room: Room;
  readonly state: MyRoom;
  readonly onClose: () => void;
}

/** Who is in the room; for those who may, what can be done about it. */
export function MembersDialog({ room, state, onClose }: MembersDialogProps) {
  const { t } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  const mayAdd = can(state.role, 'member:add', state.kind);
  const footer = isAdding ? (
    <Button icon={<ArrowLeft size={16} aria-hidden />} onPress={() => setAdding(false)}>
      {t('conversation.people.backToMembers')}
    </Button>
  ) : (
    <Button variant="primary" icon={<UserPlus size={16} aria-hidden />} onPress={() => setAdding(true)}>
      {t('conversation.people.add')}
    </Button>
  );
  return (
    <Dialog
      title={isAdding ? t('conversation.people.add') : `${t('conversation.people.title')} · ${state.memberCount}`}
      size="medium"
      isFlush
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      {...(mayAdd && { footer })}
    >
      <div className={styles.dialog}>{isAdding ? <AddPeople room={room} /> : <MemberList room={room} state={state} />}</div>
    </Dialog>
  );
}
