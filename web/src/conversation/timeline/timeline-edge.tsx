import type { Room, TimelineView } from '@atrium/client';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { Banner } from '../../ui/banner.js';
import { Button } from '../../ui/button.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './timeline.module.css';

/** What is above the first message: more of them, or the beginning. It is always of the same height, so that nothing below it moves. */
export function TimelineEdge({ hasBefore, isFailed }: { hasBefore: boolean; isFailed: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={styles.edge} role="listitem">
      {!hasBefore && t('conversation.timeline.beginning')}
      {hasBefore && !isFailed && <Spinner label={t('conversation.timeline.loadingOlder')} />}
    </div>
  );
}

/** A page could not be loaded; nothing more is asked for until somebody says so. */
export function LoadFailed({ room, view }: { room: Room; view: TimelineView }) {
  const { t } = useTranslation();
  const retry = async (): Promise<void> => {
    if (view.hasAfter) await room.timeline.loadAfter();
    await room.timeline.loadBefore();
  };
  return (
    <div className={styles.loadFailed}>
      <Banner
        kind="danger"
        action={
          <Button size="small" isPending={view.loading !== null} onPress={() => void retry()}>
            {t('conversation.timeline.retry')}
          </Button>
        }
      >
        {`${t('conversation.timeline.error')} ${errorText(t, view.error)}`}
      </Banner>
    </div>
  );
}
