import type { Room, TimelineView } from '@atrium/client';
import { useRoomState } from '@atrium/client/react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import styles from './timeline.module.css';
import type { UnreadMark } from './unread.js';

export interface JumpButtonsProps {
  readonly room: Room;
  readonly view: TimelineView;
  readonly mark: UnreadMark | null;
  readonly isAtEnd: boolean;
  readonly onToUnread: () => void;
  readonly onToEnd: () => void;
}

/** The ways to where something new is that cannot be seen. */
export function JumpButtons({ room, view, mark, isAtEnd, onToUnread, onToEnd }: JumpButtonsProps) {
  const { t } = useTranslation();
  const [unreadAtFirst] = useState(room.state.get()?.unread ?? 0);
  const [isDone, setDone] = useState(false);
  const unread = useRoomState(room)?.unread ?? 0;
  const firstSeq = view.items[0]?.seq ?? 0;
  const isAbove = !isDone && unreadAtFirst > 0 && mark !== null && view.hasBefore && mark.readSeq < firstSeq;

  const toNewest = async (): Promise<void> => {
    await room.timeline.jumpToNewest();
    onToEnd();
  };
  return (
    <>
      {isAbove && (
        <div className={styles.above}>
          <Button
            size="small"
            icon={<ArrowUp size={14} aria-hidden />}
            onPress={() => {
              setDone(true);
              onToUnread();
            }}
          >
            {t('conversation.timeline.unreadAbove', { count: unreadAtFirst })}
          </Button>
        </div>
      )}
      {!isAtEnd && (
        <div className={styles.below}>
          {unread > 0 ? (
            <Button variant="primary" icon={<ArrowDown size={16} aria-hidden />} onPress={() => void toNewest()}>
              {t('conversation.timeline.newBelow', { count: unread })}
            </Button>
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
