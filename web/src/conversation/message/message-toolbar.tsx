import type { TimelineMessage } from '@atrium/client';
import { useRoomState, useUser } from '@atrium/client/react';
import { Ellipsis, Pencil, Reply } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.js';
import { useScope } from '../scope.js';
import styles from './message-toolbar.module.css';
import { rightsOn } from './rights.js';

/** The actions one wants most, over the corner of the message. */
export function MessageToolbar({ message }: { message: TimelineMessage }) {
  const { t } = useTranslation();
  const { room, reply, edit, openMenu } = useScope();
  const state = useRoomState(room);
  const user = useUser();
  if (!state || !user) return null;
  const rights = rightsOn(message, state, user);
  return (
    <div className={styles.reach}>
      <div className={styles.toolbar} role="toolbar" aria-label={t('conversation.message.actions')}>
        {rights.reply && (
          <IconButton label={t('conversation.message.reply')} size="small" tooltipPlacement="top" onPress={() => reply(message)}>
            <Reply size={16} aria-hidden />
          </IconButton>
        )}
        {rights.edit && (
          <IconButton label={t('conversation.message.edit')} size="small" tooltipPlacement="top" onPress={() => edit(message.key)}>
            <Pencil size={16} aria-hidden />
          </IconButton>
        )}
        <IconButton
          label={t('conversation.message.moreActions')}
          size="small"
          tooltipPlacement="top"
          aria-haspopup="menu"
          onPress={({ target }) => {
            const { left, bottom } = target.getBoundingClientRect();
            openMenu(message, { x: left, y: bottom + 4 });
          }}
        >
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
