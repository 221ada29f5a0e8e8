import { canOnPage, type PageSummary } from '@atrium/client';
import { useProfile, useUser } from '@atrium/client/react';
import { Eye, LayoutTemplate } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { paths } from '../shell/paths.js';
import { Avatar } from '../ui/avatar.js';
import type { LinkRow } from '../ui/link-list.js';
import { RelativeTime } from '../ui/relative-time.js';
import { useTakenFocus } from '../ui/use-taken-focus.js';
import { PageMenu } from './page-menu.js';
import styles from './page-row.module.css';

/** A page in the list. */
export const PageRow = memo(function PageRow({ page, isCurrent, isTabStop, takesFocus }: LinkRow & { page: PageSummary }) {
  const { t } = useTranslation();
  const link = useTakenFocus<HTMLAnchorElement>(takesFocus);
  return (
    <div className={styles.row} data-current={isCurrent || undefined}>
      <Link ref={link} href={paths.page(page.pageId)} className={styles.link} data-row={page.id} aria-current={isCurrent ? 'page' : undefined} tabIndex={isTabStop ? 0 : -1} draggable={false}>
        <Avatar id={page.id} name={page.title} size={36} isSquare icon={<LayoutTemplate aria-hidden />} />
        <span className={styles.body}>
          <span className={styles.line}>
            <span className={styles.title} dir="auto">
              {page.title}
            </span>
            {!canOnPage(page.role, 'document:edit') && (
              <span className={styles.mark} role="img" aria-label={t('pages.viewOnly')} title={t('pages.viewOnly')}>
                <Eye size={13} aria-hidden />
              </span>
            )}
          </span>
          <span className={styles.detail}>
            <Creator userId={page.creatorId} /> · <RelativeTime at={page.updatedAt} />
          </span>
        </span>
      </Link>
      <span className={styles.menu}>
        <PageMenu page={page} size="small" excludeFromTabOrder={!isTabStop} />
      </span>
    </div>
  );
});

/** Who has made it. */
function Creator({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const isOwn = useUser()?.id === userId;
  const creator = useProfile(userId);
  return <bdi>{isOwn ? t('pages.byYou') : (creator?.displayName ?? '…')}</bdi>;
}
