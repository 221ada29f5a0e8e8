import type { Room } from '@atrium/client';
import { useRoomState } from '@atrium/client/react';
import { ArrowDown, ArrowUp, CheckCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import styles from './timeline.module.css';

export interface JumpButtonsProps {
  readonly room: Room;
  readonly hasUnreadAbove: boolean;
  readonly isAtEnd: boolean;
  /** Shows the place behind a seq. */
  readonly onToUnread: (seq: number) => void;
  readonly onToEnd: () => void;
}

/** The ways to unread messages that are not on the screen, and past them. */
export function JumpButtons({ room, hasUnreadAbove, isAtEnd, onToUnread, onToEnd }: JumpButtonsProps) {
  const { t } = useTranslation();
  const state = useRoomState(room);
  const unread = state?.unread ?? 0;
  const isAbove = unread > 0 && hasUnreadAbove;

  const toNewest = async (): Promise<void> => {
    await room.timeline.jumpToNewest();
    onToEnd();
  };
  return (
    <>
      {isAbove && (
        <div className={styles.above}>
          <Button size="small" icon={<ArrowUp size={14} aria-hidden />} onPress={() => onToUnread((state?.lastReadSeq ?? 0) + 1)}>
            {t('conversation.timeline.unreadAbove', { count: unread })}
          </Button>
          <MarkAsRead room={room} />
        </div>
      )}
      {!isAtEnd && (
        <div className={styles.below}>
          {unread > 0 ? (
            <>
              {!isAbove && <MarkAsRead room={room} />}
              <Button variant="primary" size="small" icon={<ArrowDown size={14} aria-hidden />} onPress={() => void toNewest()}>
                {t('conversation.timeline.newBelow', { count: unread })}
              </Button>
            </>
          ) : (
            <span className={styles.round}>
              <IconButton label={t('conversation.timeline.jumpToNewest')} tooltipPlacement="left" onPress={() => void toNewest()}>
                <ArrowDown size={18} aria-hidden />
              </IconButton>
            </span>
          )}
        </div>
      )}
    </>
  );
}

function MarkAsRead({ room }: { room: Room }) {
  const { t } = useTranslation();
  return (
    <Button size="small" variant="quiet" icon={<CheckCheck size={14} aria-hidden />} aria-keyshortcuts="Escape" onPress={() => room.markRead()}>
      {t('conversation.timeline.markRead')}
    </Button>
  );
}
