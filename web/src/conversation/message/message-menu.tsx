import type { TimelineMessage } from '@atrium/client';
import { useRoomState, useTimeline, useUser } from '@atrium/client/react';
import { CheckCheck, CircleUserRound, Copy, Link, Pencil, Reply, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { Menu, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useDialogs } from '../../shell/dialogs.js';
import { copy } from '../../ui/copy.js';
import menuStyles from '../../ui/menu.module.css';
import { MenuItem, MenuSeparator } from '../../ui/menu.js';
import { useToast } from '../../ui/toast.js';
import { useScope } from '../scope.js';
import { linkTo } from './link-to.js';
import styles from './message-menu.module.css';
import { rightsOn } from './rights.js';

export interface OpenMenu {
  readonly message: TimelineMessage;
  readonly point: { readonly x: number; readonly y: number };
}

/** Everything one can do with a message, at the point where it was asked for. */
export function MessageMenu({ menu: { message: opened, point }, onClose }: { menu: OpenMenu; onClose: () => void }) {
  const { t } = useTranslation();
  const { show } = useToast();
  const dialogs = useDialogs();
  const { room, reply, edit, confirmDelete, showReaders } = useScope();
  const anchor = useRef<HTMLSpanElement>(null);
  const state = useRoomState(room);
  const user = useUser();
  // As it is by now: it may be sent, changed or deleted while the menu is open.
  const message = useTimeline(room).items.find(({ key }) => key === opened.key) ?? opened;
  if (!state || !user) return null;
  const rights = rightsOn(message, state, user);
  const copyAndTell = (text: string): void => {
    copy(text).then(
      () => show(t('conversation.message.copied'), { kind: 'success' }),
      () => show(t('conversation.message.copyFailed'), { kind: 'error' }),
    );
  };
  return (
    <>
      <span ref={anchor} className={styles.anchor} style={{ left: point.x, top: point.y }} />
      <Popover triggerRef={anchor} aria-label={t('conversation.message.actions')} isOpen onOpenChange={onClose} className={menuStyles.popover ?? ''} placement="bottom start" offset={0}>
        <Menu className={menuStyles.menu ?? ''} aria-label={t('conversation.message.actions')} onClose={onClose} autoFocus="first">
          {rights.reply && (
            <MenuItem icon={<Reply size={16} aria-hidden />} onAction={() => reply(message)}>
              {t('conversation.message.reply')}
            </MenuItem>
          )}
          {rights.edit && (
            <MenuItem icon={<Pencil size={16} aria-hidden />} onAction={() => edit(message.key)}>
              {t('conversation.message.edit')}
            </MenuItem>
          )}
          {rights.copyText && (
            <MenuItem icon={<Copy size={16} aria-hidden />} onAction={() => copyAndTell(message.content ?? '')}>
              {t('conversation.message.copyText')}
            </MenuItem>
          )}
          {rights.copyLink && (
            <MenuItem icon={<Link size={16} aria-hidden />} onAction={() => copyAndTell(linkTo(room.id, message.seq))}>
              {t('conversation.message.copyLink')}
            </MenuItem>
          )}
          {rights.readers && (
            <MenuItem icon={<CheckCheck size={16} aria-hidden />} onAction={() => showReaders(message)}>
              {t('conversation.message.readers')}
            </MenuItem>
          )}
          <MenuItem icon={<CircleUserRound size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'profile', userId: message.senderId })}>
            {t('people.profile')}
          </MenuItem>
          {rights.delete && <MenuSeparator />}
          {rights.delete && (
            <MenuItem icon={<Trash2 size={16} aria-hidden />} isDanger onAction={() => confirmDelete(message)}>
              {t('conversation.message.delete')}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </>
  );
}
