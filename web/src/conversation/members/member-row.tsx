import type { Member, MyRoom } from '@atrium/client';
import { useBlocked } from '@atrium/client/react';
import { EllipsisVertical, VolumeX } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { PersonName } from '../../people/person-name.js';
import { Avatar } from '../../ui/avatar.js';
import { formatDateTime } from '../../ui/format.js';
import { IconButton } from '../../ui/icon-button.js';
import { Menu, MenuItem } from '../../ui/menu.js';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import { choicesAbout, isMutedAt, type MemberAction } from './member-actions.js';
import styles from '../../people/people-list.module.css';

export interface MemberRowProps {
  readonly member: Member;
  readonly state: MyRoom;
  readonly ownId: string;
  readonly isOnline: boolean;
  readonly isPending: boolean;
  readonly onAction: (action: MemberAction, member: Member) => void;
}

export const MemberRow = memo(function MemberRow({ member, state, ownId, isOnline, isPending, onAction }: MemberRowProps) {
  const { t, i18n } = useTranslation();
  const { user, role, mutedUntil } = member;
  return (
    <div className={styles.row}>
      <Avatar id={user.id} name={user.displayName} url={user.avatarUrl} size={36} isOnline={isOnline} />
      <div className={styles.words}>
        <span className={styles.nameLine}>
          <PersonName userId={user.id} name={user.displayName} className={styles.name} />
          {user.id === ownId && <span className={styles.you}>({t('conversation.people.you')})</span>}
          {isOnline && <VisuallyHidden>{t('conversation.online')}</VisuallyHidden>}
        </span>
        <span className={styles.username}>@{user.username}</span>
      </div>
      {mutedUntil !== null && isMutedAt(member, Date.now()) && (
        <span className={styles.muted} title={mutedUntil.startsWith('9999-') ? undefined : formatDateTime(mutedUntil, i18n.language)}>
          <VolumeX size={14} aria-hidden />
          {t('conversation.people.muted')}
        </span>
      )}
      {role !== 'member' && <span className={styles.role}>{t(`conversation.people.${role}`)}</span>}
      <span className={styles.end}>
        <ActionMenu member={member} state={state} ownId={ownId} isPending={isPending} onAction={onAction} />
      </span>
    </div>
  );
});

/** The button stays while something is under way: it has the focus. */
function ActionMenu({ member, state, ownId, isPending, onAction }: Omit<MemberRowProps, 'isOnline'>) {
  const { t } = useTranslation();
  const actions = choicesAbout(member, state, ownId, useBlocked());
  if (actions.length === 0) return null;
  const label = t('conversation.people.manage', { name: member.user.displayName });
  const trigger = (
    <IconButton label={label} size="small" tooltipPlacement="left" isPending={isPending}>
      <EllipsisVertical size={16} aria-hidden />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} label={label}>
      {actions.map((action) => (
        <MenuItem key={action} isDanger={action === 'kick' || action === 'ban' || action === 'block'} onAction={() => onAction(action, member)}>
          {t(`conversation.people.${action}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
