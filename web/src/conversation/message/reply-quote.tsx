import { CornerUpLeft } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import { useName } from '../names.js';
import { useScope } from '../scope.js';
import { useExcerpt } from './excerpt.js';
import type { Original } from './originals.js';
import styles from './reply-quote.module.css';

/** What a message answers, above it; a press leads there. */
export function ReplyQuote({ messageId }: { messageId: string }) {
  const { originals } = useScope();
  const original = useSyncExternalStore(originals.subscribe, () => originals.find(messageId));
  const isUnknown = original === undefined;
  useEffect(() => {
    if (isUnknown) void originals.want(messageId);
  }, [originals, messageId, isUnknown]);
  if (original === undefined || original === 'gone') return <Absent original={original} />;
  return <Quote message={original} />;
}

function Absent({ original }: { original: 'gone' | undefined }) {
  const { t } = useTranslation();
  return (
    <span className={styles.quote}>
      <CornerUpLeft size={14} aria-hidden />
      <span className={styles.text}>{original === 'gone' ? t('conversation.message.replyGone') : '…'}</span>
    </span>
  );
}

function Quote({ message }: { message: Exclude<Original, 'gone' | undefined> }) {
  const { t } = useTranslation();
  const { jumpTo } = useScope();
  const excerpt = useExcerpt();
  const name = useName(message.senderId);
  const isDeleted = message.deletedAt !== null;
  return (
    <button type="button" className={styles.quote} onClick={() => jumpTo(message.seq)}>
      <CornerUpLeft size={14} aria-hidden />
      <VisuallyHidden>{t('conversation.message.inReplyTo')}</VisuallyHidden>
      <bdi className={styles.name}>{name}</bdi>
      <span className={isDeleted ? styles.deleted : styles.text} dir="auto">
        {message.content === null ? t('conversation.message.replyDeleted') : excerpt(message.content)}
      </span>
    </button>
  );
}
