import type { PageSummary } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { LayoutTemplate, Trash2, Undo2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { paths } from '../shell/paths.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { formatRelative } from '../ui/format.js';
import { Spinner } from '../ui/spinner.js';
import { useToast } from '../ui/toast.js';
import { usePages } from '../ui/use-pages.js';
import styles from './deleted-pages-dialog.module.css';

/** One's own pages that were deleted, and the way back for each. */
export function DeletedPagesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { pages } = useClient();
  const read = useCallback((cursor: string | undefined) => pages.list({ deleted: true }, cursor), [pages]);
  const { items, error, isLoading, hasMore, loadMore, reload } = usePages<PageSummary>(read);
  return (
    <Dialog title={t('pages.deletedTitle')} size="medium" isOpen onOpenChange={onClose}>
      {items === null && isLoading && <Spinner label={t('ui.loading')} />}
      {error !== null && <ErrorState message={errorText(t, error)} onRetry={items === null ? reload : loadMore} />}
      {items?.length === 0 && <EmptyState icon={<Trash2 size={22} />} title={t('pages.deletedNone')} text={t('pages.deletedNoneText')} />}
      {items !== null && items.length > 0 && (
        <ul className={styles.list} aria-label={t('pages.deletedTitle')}>
          {items.map((page) => (
            <DeletedPage key={page.id} page={page} onRestored={reload} onOpen={onClose} />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button isPending={isLoading} onPress={loadMore}>
          {t('pages.loadMore')}
        </Button>
      )}
    </Dialog>
  );
}

function DeletedPage({ page, onRestored, onOpen }: { page: PageSummary; onRestored: () => void; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const { pages } = useClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  const [isPending, setPending] = useState(false);
  const { pageId, title } = page;
  const restore = async (): Promise<void> => {
    setPending(true);
    try {
      await pages.restore(pageId);
      const open = (): void => {
        onOpen();
        navigate(paths.page(pageId));
      };
      toast.show(t('pages.restored', { title }), { kind: 'success', action: { label: t('pages.open'), onPress: open } });
      onRestored();
    } catch (error) {
      setPending(false);
      toast.show(errorText(t, error), { kind: 'error' });
    }
  };
  return (
    <li className={styles.page}>
      <Avatar id={page.id} name={title} size={32} isSquare icon={<LayoutTemplate aria-hidden />} />
      <span className={styles.words}>
        <bdi className={styles.title}>{title}</bdi>
        {page.deletedAt !== null && (
          <span className={styles.detail}>{t('pages.deletedAt', { when: formatRelative(page.deletedAt, i18n.language) })}</span>
        )}
      </span>
      <Button size="small" icon={<Undo2 size={14} aria-hidden />} isPending={isPending} aria-label={t('pages.restoreNamed', { title })} onPress={() => void restore()}>
        {t('pages.restore')}
      </Button>
    </li>
  );
}
