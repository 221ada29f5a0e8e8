import type { Profile, TimelineMessage } from '@atrium/client';
import { useProfile } from '@atrium/client/react';
import { Megaphone } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { PersonName } from '../../people/person-name.js';
import { Avatar } from '../../ui/avatar.js';
import { classes } from '../../ui/classes.js';
import { formatDateTime, formatDay, formatTime } from '../../ui/format.js';
import type { ReceiptMark } from '../timeline/receipts.js';
import type { Row } from '../timeline/rows.js';
import { FileCard, Picture } from './attachment.js';
import { useExcerpt } from './excerpt.js';
import { MessageEditor } from './message-editor.js';
import styles from './message-row.module.css';
import { FailedState, InlineState, Receipt } from './message-state.js';
import { MessageText } from './message-text.js';
import { MessageToolbar } from './message-toolbar.js';
import { ReplyQuote } from './reply-quote.js';
import { useRowPointer } from './use-row-pointer.js';

export interface MessageRowProps {
  readonly row: Row;
  /** Where the keyboard is, or comes back to. */
  readonly isActive: boolean;
  readonly isEditing: boolean;
  /** Somebody has just jumped to it. */
  readonly isHighlighted: boolean;
  readonly mark: ReceiptMark | undefined;
}

/** One message, with the day and the divider that begin before it. */
export const MessageRow = memo(function MessageRow({ row, isActive, isEditing, isHighlighted, mark }: MessageRowProps) {
  const { message, isHead, startsDay, startsUnread } = row;
  const profile = useProfile(message.senderId);
  const { hasToolbar, ...pointer } = useRowPointer(message);
  const label = useLabel(message, profile);
  const isSystem = message.type === 'system';
  return (
    <>
      {startsDay && <DayLabel at={message.createdAt} />}
      {startsUnread && <UnreadDivider />}
      <div
        {...pointer}
        role="listitem"
        aria-label={label}
        data-key={row.key}
        data-seq={message.seq}
        tabIndex={isActive ? 0 : -1}
        className={classes(styles.row, isHead && styles.head, isSystem && styles.system, isHighlighted && styles.highlighted, message.status === 'failed' && styles.failed)}
      >
        <Gutter row={row} profile={profile} />
        <div className={styles.content}>
          {isHead && <Head message={message} profile={profile} />}
          {message.replyTo !== null && message.deletedAt === null && <ReplyQuote messageId={message.replyTo} />}
          {isEditing ? <MessageEditor message={message} /> : <Body message={message} profile={profile} />}
          {message.status === 'failed' && <FailedState message={message} />}
          {mark && !isEditing && <Receipt mark={mark} message={message} />}
        </div>
        {hasToolbar && !isEditing && <MessageToolbar message={message} />}
      </div>
    </>
  );
});

/** What a screen reader says of the message on the way past. */
function useLabel(message: TimelineMessage, profile: Profile | null): string {
  const { t, i18n } = useTranslation();
  const excerpt = useExcerpt();
  const { content, status, editedAt, createdAt } = message;
  const text = content === null ? t('conversation.message.deleted') : excerpt(content, 400);
  const states = [
    status === 'pending' && t('conversation.message.pending'),
    status === 'failed' && t('conversation.message.failed'),
    editedAt !== null && content !== null && t('conversation.message.edited'),
  ];
  return [profile?.displayName, formatTime(createdAt, i18n.language), text, ...states].filter(Boolean).join(', ');
}

function Gutter({ row: { message, isHead }, profile }: { row: Row; profile: Profile | null }) {
  const { i18n } = useTranslation();
  if (message.type === 'system') {
    return (
      <div className={styles.gutter}>
        <Megaphone size={18} aria-hidden />
      </div>
    );
  }
  return (
    <div className={styles.gutter}>
      {isHead ? (
        <Avatar id={message.senderId} name={profile?.displayName ?? ''} url={profile?.avatarUrl} size={36} />
      ) : (
        <time className={styles.sideTime} dateTime={message.createdAt} title={formatDateTime(message.createdAt, i18n.language)}>
          {formatTime(message.createdAt, i18n.language)}
        </time>
      )}
    </div>
  );
}

function Head({ message, profile }: { message: TimelineMessage; profile: Profile | null }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={styles.headLine}>
      {/* By the keyboard, the menu of the message leads there. */}
      <PersonName userId={message.senderId} name={profile?.displayName ?? ''} className={styles.name} isTabStop={false} />
      {message.type === 'system' && <span className={styles.notice}>{t('conversation.message.system')}</span>}
      <time className={styles.time} dateTime={message.createdAt} title={formatDateTime(message.createdAt, i18n.language)}>
        {formatTime(message.createdAt, i18n.language)}
      </time>
    </div>
  );
}

function Body({ message, profile }: { message: TimelineMessage; profile: Profile | null }) {
  const { t } = useTranslation();
  const { content, type } = message;
  if (content === null) return <p className={styles.deleted}>{t('conversation.message.deleted')}</p>;
  return (
    <div className={classes(styles.body, message.status === 'pending' && styles.pending)}>
      {type === 'image' && <Picture content={content} senderName={profile?.displayName ?? ''} />}
      {type === 'file' && <FileCard content={content} />}
      {type === 'text' || type === 'system' ? <MessageText content={content} end={<InlineState message={message} />} /> : <InlineState message={message} />}
    </div>
  );
}

function DayLabel({ at }: { at: string }) {
  const { i18n } = useTranslation();
  return (
    <div className={styles.day} role="listitem">
      <time dateTime={at}>{formatDay(at, i18n.language)}</time>
    </div>
  );
}

function UnreadDivider() {
  const { t } = useTranslation();
  return (
    <div className={styles.unread} role="listitem">
      <span>{t('conversation.timeline.unread')}</span>
    </div>
  );
}
