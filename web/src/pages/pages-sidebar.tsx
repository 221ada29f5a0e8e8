import { Ellipsis, FilePlus2, LayoutTemplate, Plus, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { useDialogs } from '../shell/dialogs.js';
import { ListSidebar } from '../shell/list-sidebar.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { IconButton } from '../ui/icon-button.js';
import { LinkList } from '../ui/link-list.js';
import { ListSkeleton } from '../ui/list-skeleton.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { PageRow } from './page-row.js';
import styles from './pages-sidebar.module.css';
import { usePageSearch } from './use-page-search.js';

/** One's pages, how to find one, and how to get more. */
export function PagesSidebar({ currentPageId }: { currentPageId: string | undefined }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const { items: pages, error, isLoading, hasMore, loadMore, reload } = usePageSearch(query, currentPageId);
  const currentId = pages?.find(({ pageId }) => pageId === currentPageId)?.id;
  return (
    <ListSidebar title={t('pages.all')} actions={<Actions />} searchLabel={t('pages.search')} query={query} onQueryChange={setQuery}>
      {isLoading && !pages?.length && <ListSkeleton />}
      {pages !== null && pages.length > 0 && (
        <LinkList items={pages} currentId={currentId} onNearEnd={hasMore ? loadMore : undefined} end={hasMore && <More isLoading={isLoading} onPress={loadMore} />}>
          {(page, row) => <PageRow page={page} {...row} />}
        </LinkList>
      )}
      {error !== null && <ErrorState message={errorText(t, error)} onRetry={pages === null ? reload : loadMore} />}
      {pages?.length === 0 && !isLoading && error === null && (query.trim() === '' ? <NoPages /> : <NoMatch />)}
    </ListSidebar>
  );
}

function Actions() {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const trigger = (
    <IconButton label={t('pages.more')}>
      <Ellipsis size={18} aria-hidden />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} label={t('pages.more')}>
        <MenuItem icon={<Trash2 size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'deleted-pages' })}>
          {t('pages.deletedTitle')}
        </MenuItem>
      </Menu>
      <IconButton label={t('pages.new')} onPress={() => dialogs.open({ kind: 'new-page' })}>
        <FilePlus2 size={18} aria-hidden />
      </IconButton>
    </>
  );
}

/** The rest comes by itself when somebody scrolls there; for a list that has nothing to scroll, by this. */
function More({ isLoading, onPress }: { isLoading: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.more}>
      <Button size="small" isPending={isLoading} onPress={onPress}>
        {t('pages.loadMore')}
      </Button>
    </div>
  );
}

function NoPages() {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const create = (
    <Button icon={<Plus size={16} aria-hidden />} onPress={() => dialogs.open({ kind: 'new-page' })}>
      {t('pages.new')}
    </Button>
  );
  return <EmptyState icon={<LayoutTemplate size={22} />} title={t('pages.noPagesTitle')} text={t('pages.noPagesText')} action={create} />;
}

function NoMatch() {
  const { t } = useTranslation();
  return <EmptyState icon={<Search size={22} />} title={t('pages.noMatch')} text={t('pages.noMatchText')} />;
}
