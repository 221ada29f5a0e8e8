import type { TimelineMessage } from '@atrium/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import { useExcerpt } from '../message/excerpt.js';
import { useName } from '../names.js';

/**
 * Reads new messages out while the reader is at the end. The list itself cannot be a live region: scrolling puts old messages into it.
 */
export function Announcer({ newest, isAtEnd, ownId }: { newest: TimelineMessage | undefined; isAtEnd: boolean; ownId: string }) {
  // What is there at the beginning is no news.
  const [firstSeq] = useState(newest?.seq ?? 0);
  const isNews = newest !== undefined && newest.seq > firstSeq && isAtEnd && newest.content !== null && newest.senderId !== ownId;
  const hasFailed = newest?.status === 'failed';
  return (
    <VisuallyHidden>
      <span role="log" aria-live="polite">
        {isNews && <Announcement message={newest} />}
        {hasFailed && <FailureAnnouncement />}
      </span>
    </VisuallyHidden>
  );
}

function Announcement({ message }: { message: TimelineMessage }) {
  const { t } = useTranslation();
  const name = useName(message.senderId);
  const excerpt = useExcerpt();
  return t('conversation.message.announced', { name, text: excerpt(message.content ?? '', 400) });
}

function FailureAnnouncement() {
  const { t } = useTranslation();
  return t('conversation.message.failed');
}
