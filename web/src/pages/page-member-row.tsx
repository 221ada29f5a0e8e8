import type { DocumentMember } from '@atrium/client';
import { EllipsisVertical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from '../people/people-list.module.css';
import { Avatar } from '../ui/avatar.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { VisuallyHidden } from '../ui/visually-hidden.js';
import { actionsOn, type Asker, type PageMemberAction } from './page-member-actions.js';

export interface PageMemberRowProps {
  readonly member: DocumentMember;
  readonly asker: Asker;
  readonly isPending: boolean;
  readonly onAction: (action: PageMemberAction) => void;
}

export function PageMemberRow({ member, asker, isPending, onAction }: PageMemberRowProps) {
  const { t } = useTranslation();
  const { user, role, online } = member;
  return (
    <div className={styles.row}>
      <Avatar id={user.id} name={user.displayName} url={user.avatarUrl} size={36} isOnline={online} />
      <div className={styles.words}>
        <span className={styles.nameLine}>
          <bdi className={styles.name}>{user.displayName}</bdi>
          {user.id === asker.ownId && <span className={styles.you}>({t('conversation.people.you')})</span>}
          {online && <VisuallyHidden>{t('pages.isHere')}</VisuallyHidden>}
        </span>
        <span className={styles.username}>@{user.username}</span>
      </div>
      <span className={styles.role}>{t(`pages.role.${role}`)}</span>
      <span className={styles.end}>
        <ActionMenu member={member} asker={asker} isPending={isPending} onAction={onAction} />
      </span>
    </div>
  );
}

/** The button stays while something is under way: it has the focus. */
function ActionMenu({ member, asker, isPending, onAction }: PageMemberRowProps) {
  const { t } = useTranslation();
  const actions = actionsOn(member, asker);
  if (actions.length === 0) return null;
  const label = t('pages.manage', { name: member.user.displayName });
  const isSelf = member.user.id === asker.ownId;
  const nameOf = (action: PageMemberAction): string => {
    if (action === 'leave') return t('pages.leave');
    if (action === 'remove') return t('pages.remove');
    return isSelf ? t(`pages.become.${action}`) : t(`pages.make.${action}`);
  };
  const trigger = (
    <IconButton label={label} size="small" tooltipPlacement="left" isPending={isPending}>
      <EllipsisVertical size={16} aria-hidden />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} label={label}>
      {actions.map((action) => (
        <MenuItem key={action} isDanger={action === 'remove' || action === 'leave'} onAction={() => onAction(action)}>
          {nameOf(action)}
        </MenuItem>
      ))}
    </Menu>
  );
}
