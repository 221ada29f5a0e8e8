import { Reply, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.js';
import { useExcerpt } from '../message/excerpt.js';
import { useName } from '../names.js';
import styles from './composer.module.css';
import type { Draft } from './drafts.js';

/** Which message is being answered. */
export function ReplyBar({ message, onCancel }: { message: NonNullable<Draft['replyTo']>; onCancel: () => void }) {
  const { t } = useTranslation();
  const name = useName(message.senderId);
  const excerpt = useExcerpt();
  return (
    <div className={styles.reply}>
      <Reply size={16} aria-hidden />
      <span className={styles.replyWords}>
        <span className={styles.replyName}>{t('conversation.composer.replyingTo', { name })}</span>
        <span className={styles.replyText} dir="auto">
          {excerpt(message.content ?? '')}
        </span>
      </span>
      <IconButton label={t('conversation.composer.cancelReply')} size="small" tooltipPlacement="top" onPress={onCancel}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
