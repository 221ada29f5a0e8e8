import type { TimelineMessage } from '@atrium/client';
import { useMembers, useTimeline } from '@atrium/client/react';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer } from 'virtua';
import { errorText } from '../../i18n/error-text.js';
import { ErrorState } from '../../ui/error-state.js';
import { MessageRow } from '../message/message-row.js';
import { useScope } from '../scope.js';
import { Announcer } from './announcer.js';
import { EmptyTimeline } from './empty-timeline.js';
import { JumpButtons } from './jump-buttons.js';
import { type ReceiptMark, receiptMarks } from './receipts.js';
import { LoadFailed, TimelineEdge } from './timeline-edge.js';
import { TimelineSkeleton } from './timeline-skeleton.js';
import styles from './timeline.module.css';
import { findUnreadKey } from './unread.js';
import { useEditingRow } from './use-editing-row.js';
import type { Jump } from './use-jump.js';
import { useOpened } from './use-opened.js';
import { useRowKeys } from './use-row-keys.js';
import { useScrolling } from './use-scrolling.js';
import { useSeen } from './use-seen.js';
import { useShown } from './use-shown.js';
import { useUnreadMark } from './use-unread-mark.js';

/** Rows beyond the screen that are drawn all the same, in pixels. */
const BUFFER_PX = 400;

export interface TimelineProps {
  readonly roomName: string;
  readonly kind: 'direct' | 'group' | 'world';
  /** Where all members are known, so are all readers. */
  readonly showsReceipts: boolean;
  readonly editingKey: string | null;
  readonly jump: Jump;
}

/** The messages of a room, as many as there are, and where the reader stands in them. */
export const Timeline = memo(function Timeline({ roomName, kind, showsReceipts, editingKey, jump }: TimelineProps) {
  const { t } = useTranslation();
  const scope = useScope();
  const { room, ownId } = scope;
  const view = useTimeline(room);
  const isOpened = useOpened(room);
  const mark = useUnreadMark(room);
  const unreadKey = useMemo(() => findUnreadKey(view.items, view.hasBefore, mark, ownId), [view.items, view.hasBefore, mark, ownId]);
  const shown = useShown(view, unreadKey);
  const scrolling = useScrolling(room, view, shown, unreadKey, jump);
  const { hasUnreadAbove, onChanged } = useSeen(room, shown, scrolling);
  const { activeKey, activeIndex, handlers } = useRowKeys(shown, scrolling, scope);
  const editingIndex = useEditingRow(shown, scrolling, editingKey);
  const keepMounted = useMemo(() => [activeIndex, editingIndex].filter((index) => index >= 0).sort((a, b) => a - b), [activeIndex, editingIndex]);
  const marks = useMarks(view.items, kind, showsReceipts);
  const { rows, epoch, isPrepended } = shown;
  const highlightedSeq = jump.target?.seq;

  if (rows.length === 0) {
    if (view.error !== null) return <ErrorState message={errorText(t, view.error)} onRetry={() => void room.timeline.open()} />;
    return isOpened ? <EmptyTimeline roomName={roomName} isDirect={kind === 'direct'} /> : <TimelineSkeleton />;
  }
  return (
    <div className={styles.timeline}>
      <div ref={scrolling.scroller} className={styles.scroller} role="list" aria-label={t('conversation.timeline.label', { room: roomName })} aria-description={t('conversation.timeline.help')} tabIndex={activeKey === null ? 0 : -1} {...handlers}>
        <TimelineEdge hasBefore={view.hasBefore} isFailed={view.error !== null} />
        <Virtualizer
          key={epoch}
          ref={scrolling.list}
          scrollRef={scrolling.scroller}
          data={rows}
          shift={isPrepended}
          bufferSize={BUFFER_PX}
          startMargin={EDGE_PX}
          keepMounted={keepMounted}
          onScroll={both(scrolling.onMoved, onChanged)}
          onResize={both(scrolling.onResize, onChanged)}
        >
          {(row) => (
            <MessageRow
              key={row.key}
              row={row}
              isActive={row.key === activeKey}
              isEditing={row.key === editingKey}
              isHighlighted={row.message.seq === highlightedSeq}
              mark={marks.get(row.key)}
            />
          )}
        </Virtualizer>
        <div className={styles.end} />
      </div>
      {view.error !== null && <LoadFailed room={room} view={view} />}
      <JumpButtons room={room} hasUnreadAbove={hasUnreadAbove} isAtEnd={scrolling.isAtEnd} onToUnread={jump.jumpNear} onToEnd={scrolling.toEnd} />
      <Announcer newest={view.hasAfter ? undefined : view.items.at(-1)} isAtEnd={scrolling.isAtEnd} ownId={ownId} />
    </div>
  );
});

const both = (first: () => void, second: () => void) => (): void => {
  first();
  second();
};

/** The height of `.edge`. */
const EDGE_PX = 56;
const NO_MARKS: ReadonlyMap<string, ReceiptMark> = new Map();

function useMarks(items: readonly TimelineMessage[], kind: TimelineProps['kind'], isWanted: boolean): ReadonlyMap<string, ReceiptMark> {
  const { room, ownId } = useScope();
  const members = useMembers(room);
  return useMemo(() => {
    if (!isWanted || !members || kind === 'world') return NO_MARKS;
    return receiptMarks(items, members.items, ownId, kind);
  }, [items, members, ownId, kind, isWanted]);
}
