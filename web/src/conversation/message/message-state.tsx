import type { TimelineMessage } from '@atrium/client';
import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { Button } from '../../ui/button.js';
import { formatDateTime } from '../../ui/format.js';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import { useScope } from '../scope.js';
import type { ReceiptMark } from '../timeline/receipts.js';
import styles from './message-state.module.css';

/** Behind the text: that it was edited, and that something of it is on its way. */
export function InlineState({ message }: { message: TimelineMessage }) {
  const { t, i18n } = useTranslation();
  const { editedAt, deletedAt, status } = message;
  return (
    <>
      {editedAt !== null && deletedAt === null && (
        <span className={styles.edited} title={t('conversation.message.editedAt', { time: formatDateTime(editedAt, i18n.language) })}>
          {t('conversation.message.edited')}
        </span>
      )}
      {status === 'pending' && (
        <span className={styles.pending} title={t('conversation.message.pending')}>
          <Clock size={13} aria-hidden />
          <VisuallyHidden>{t('conversation.message.pending')}</VisuallyHidden>
        </span>
      )}
    </>
  );
}

/** The server refused it: why, and what one can do. */
export function FailedState({ message }: { message: TimelineMessage }) {
  const { t } = useTranslation();
  const { room } = useScope();
  return (
    <div className={styles.failed}>
      <CircleAlert size={16} aria-hidden />
      <span className={styles.reason}>
        {t('conversation.message.failed')}
        {message.error && `: ${errorText(t, message.error)}`}
      </span>
      <Button size="small" onPress={() => room.retry(message.key)}>
        {t('conversation.message.retry')}
      </Button>
      <Button size="small" variant="quiet" onPress={() => room.discard(message.key)}>
        {t('conversation.message.discard')}
      </Button>
    </div>
  );
}

/** Who has read one's own message. */
export function Receipt({ mark, message }: { mark: ReceiptMark; message: TimelineMessage }) {
  const { t } = useTranslation();
  const { showReaders } = useScope();
  if (mark.kind === 'read-by') {
    return (
      <button type="button" className={styles.receipt} onClick={() => showReaders(message)}>
        <CheckCheck size={14} aria-hidden />
        {t('conversation.message.readBy', { count: mark.count })}
      </button>
    );
  }
  const Icon = mark.kind === 'read' ? CheckCheck : Check;
  return (
    <span className={styles.receipt} data-read={mark.kind === 'read' || undefined}>
      <Icon size={14} aria-hidden />
      {t(`conversation.message.${mark.kind}`)}
    </span>
  );
}
