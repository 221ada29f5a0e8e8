import { useClient, useReadable } from '@atrium/client/react';
import { History as HistoryIcon, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/error-text.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ErrorState } from '../../ui/error-state.js';
import { IconButton } from '../../ui/icon-button.js';
import { Spinner } from '../../ui/spinner.js';
import { useToast } from '../../ui/toast.js';
import { useEditor } from '../editor.js';
import { type ChangeGroup, groupsOf } from './groups.js';
import { HistoryGroup } from './history-group.js';
import styles from './history-panel.module.css';
import { namesOf } from './names.js';
import { useHistory } from './use-history.js';

export interface HistoryPanelProps {
  /** The version that is shown instead of the present. */
  readonly viewed: ChangeGroup | null;
  readonly onView: (group: ChangeGroup | null) => void;
  readonly onClose: () => void;
}

type Wanted = { readonly kind: 'restore'; readonly group: ChangeGroup } | { readonly kind: 'revert'; readonly group: ChangeGroup; readonly name: string };

/** Who did what and when; to look at the page as it was, and to go back to it. */
export function HistoryPanel({ viewed, onView, onClose }: HistoryPanelProps) {
  const { t } = useTranslation();
  const { page } = useEditor();
  const { changes, error, hasMore, isLoading, loadMore, reload } = useHistory();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const schema = useReadable(page.view)?.schema;
  const groups = useMemo(() => groupsOf(changes ?? []), [changes]);
  const nameOf = useMemo(() => namesOf(t, schema, (changes ?? []).flatMap(({ patches }) => patches ?? [])), [t, schema, changes]);
  const isOwner = useReadable(page.state)?.role === 'owner';
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <h3 className={styles.title}>{t('editor.history.title')}</h3>
        <IconButton label={t('editor.history.close')} size="small" onPress={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {changes === null && error !== null && <ErrorState message={errorText(t, error)} onRetry={reload} />}
      {changes === null && error === null && (
        <div className={styles.loading}>
          <Spinner size={20} label={t('ui.loading')} />
        </div>
      )}
      {changes?.length === 0 && <EmptyState icon={<HistoryIcon size={22} />} title={t('editor.history.empty')} />}
      <ol className={styles.groups}>
        {groups.map((group) => (
          <HistoryGroup
            key={group.entries.at(-1)!.version}
            group={group}
            isViewed={viewed?.version === group.version}
            isOwner={isOwner}
            nameOf={nameOf}
            onView={() => onView(viewed?.version === group.version ? null : group)}
            onRestore={() => setWanted({ kind: 'restore', group })}
            onRevert={(name) => setWanted({ kind: 'revert', group, name })}
          />
        ))}
      </ol>
      {hasMore && (
        <div className={styles.more}>
          <Button size="small" isPending={isLoading} onPress={loadMore}>
            {t('editor.history.loadMore')}
          </Button>
        </div>
      )}
      {wanted && <Confirm wanted={wanted} onClose={() => setWanted(null)} onDone={() => onView(null)} />}
    </div>
  );
}

function Confirm({ wanted, onClose, onDone }: { wanted: Wanted; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const { page } = useEditor();
  const { group } = wanted;
  const restore = async (): Promise<void> => {
    await client.pages.restore(page.id, group.version);
    toast.show(t('editor.history.restored'), { kind: 'success' });
    onDone();
  };
  const revert = async (): Promise<void> => {
    const { undone } = await client.pages.revert(page.id, { userId: group.actorId!, since: group.since, until: group.until });
    toast.show(t('editor.history.reverted', { count: undone.length }), { kind: 'success' });
    onDone();
  };
  const common = { isOpen: true, onOpenChange: onClose };
  return wanted.kind === 'restore' ? (
    <ConfirmDialog {...common} title={t('editor.history.restore')} text={t('editor.history.restoreConfirm')} confirmLabel={t('editor.history.restoreAction')} onConfirm={restore} />
  ) : (
    <ConfirmDialog {...common} title={t('editor.history.revert')} text={t('editor.history.revertConfirm', { name: wanted.name })} confirmLabel={t('editor.history.revertAction')} onConfirm={revert} />
  );
}
