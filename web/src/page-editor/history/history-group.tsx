import { useProfile, useUser } from '@atrium/client/react';
import { EllipsisVertical, RotateCcw, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/avatar.js';
import { Button } from '../../ui/button.js';
import { formatTime } from '../../ui/format.js';
import { IconButton } from '../../ui/icon-button.js';
import { Menu, MenuItem } from '../../ui/menu.js';
import { RelativeTime } from '../../ui/relative-time.js';
import { useMayEdit } from '../editor.js';
import { EntryLines } from './entry-lines.js';
import type { ChangeGroup } from './groups.js';
import styles from './history-panel.module.css';

export interface HistoryGroupProps {
  readonly group: ChangeGroup;
  readonly isViewed: boolean;
  readonly isOwner: boolean;
  readonly nameOf: (id: string) => string;
  readonly onView: () => void;
  readonly onRestore: () => void;
  /** The name is that of whoever did it. */
  readonly onRevert: (name: string) => void;
}

/** What one person did in one go, and what can be done about it. */
export function HistoryGroup({ group, isViewed, isOwner, nameOf, onView, onRestore, onRevert }: HistoryGroupProps) {
  const { t, i18n } = useTranslation();
  const mayEdit = useMayEdit();
  const ownId = useUser()?.id;
  const profile = useProfile(group.actorId ?? '');
  const name = group.actorId === null ? t('editor.history.system') : profile?.displayName || profile?.username || t('editor.history.somebody');
  const isEdit = group.entries[0]!.type === 'op-patch';
  const canRevert = isEdit && group.actorId !== null && mayEdit && (isOwner || group.actorId === ownId);
  return (
    <li className={styles.group} data-viewed={isViewed || undefined}>
      <div className={styles.who}>
        <Avatar id={group.actorId ?? ''} name={name} url={profile?.avatarUrl} size={24} />
        <span className={styles.name}>{name}</span>
        <span className={styles.when}>
          <RelativeTime at={group.until} />
        </span>
      </div>
      <EntryLines group={group} nameOf={nameOf} />
      {isEdit && (
        <div className={styles.actions}>
          <Button size="small" variant="quiet" onPress={onView} aria-label={t('editor.history.viewOf', { name, time: formatTime(group.until, i18n.language) })}>
            {t('editor.history.view')}
          </Button>
          {mayEdit && (
            <Menu
              label={t('editor.history.title')}
              trigger={
                <IconButton label={t('editor.history.actions', { name, time: formatTime(group.until, i18n.language) })} size="small">
                  <EllipsisVertical size={16} aria-hidden />
                </IconButton>
              }
            >
              <MenuItem icon={<RotateCcw size={16} aria-hidden />} onAction={onRestore}>
                {t('editor.history.restore')}
              </MenuItem>
              {canRevert && (
                <MenuItem icon={<Undo2 size={16} aria-hidden />} onAction={() => onRevert(name)}>
                  {t('editor.history.revert')}
                </MenuItem>
              )}
            </Menu>
          )}
        </div>
      )}
    </li>
  );
}
