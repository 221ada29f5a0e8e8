import { FileText, ImageOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ShowImage } from '../../images/show-image.js';
import { useForeignHost } from '../../images/use-foreign-host.js';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import { toHref } from './address.js';
import styles from './attachment.module.css';
import { fileNameOf } from './file-name.js';
import { MessageText } from './message-text.js';

/** The picture of an `image` message, whose content is its address. The place is reserved before it is there, and before somebody asks for it. */
export function Picture({ content, senderName }: { content: string; senderName: string }) {
  const { t } = useTranslation();
  const [isBroken, setBroken] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const href = toHref(content.trim());
  const foreignHost = useForeignHost(href);
  if (href === null) return <MessageText content={content} />;
  const label = t('conversation.message.image', { name: senderName });
  if (foreignHost !== null) {
    return (
      <div className={styles.place}>
        <ShowImage host={foreignHost} label={label} onShow={() => setAsked(true)} />
      </div>
    );
  }
  return (
    // The button that was pressed has gone: the focus goes on to what it has brought.
    <a ref={isAsked ? focus : undefined} className={styles.picture} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {isBroken ? (
        <span className={styles.broken}>
          <ImageOff size={18} aria-hidden />
          {t('conversation.message.imageFailed')}
        </span>
      ) : (
        <img src={href} alt={label} loading="lazy" decoding="async" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
      )}
      <VisuallyHidden>{t('conversation.message.opensInNewTab')}</VisuallyHidden>
    </a>
  );
}

function focus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}

/** The card of a `file` message, whose content is its address. */
export function FileCard({ content }: { content: string }) {
  const { t } = useTranslation();
  const href = toHref(content.trim());
  if (href === null) return <MessageText content={content} />;
  const { hostname } = new URL(href);
  return (
    <a className={styles.file} href={href} target="_blank" rel="noopener noreferrer nofollow">
      <FileText size={22} aria-hidden />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {fileNameOf(href) ?? t('conversation.message.file')}
        </span>
        <span className={styles.host}>{hostname}</span>
      </span>
      <VisuallyHidden>{t('conversation.message.opensInNewTab')}</VisuallyHidden>
    </a>
  );
}
