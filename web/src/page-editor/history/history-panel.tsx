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
import { RestoreDialog } from './restore-dialog.js';
import { useHistory } from './use-history.js';

export interface HistoryPanelProps {
  readonly onClose: () => void;
}

type Wanted = { readonly kind: 'restore'; readonly group: ChangeGroup } | { readonly kind: 'revert'; readonly group: ChangeGroup; readonly name: string };

/** Who did what and when; to look at the page as it was, and to go back to it. */
export function HistoryPanel({ onClose }: HistoryPanelProps) {
  const { t } = useTranslation();
  const { page, past } = useEditor();
  const viewed = useReadable(past);
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
            onView={() => past.set(viewed?.version === group.version ? null : group)}
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
      {wanted?.kind === 'restore' && <RestoreDialog version={wanted.group.version} onClose={() => setWanted(null)} />}
      {wanted?.kind === 'revert' && <RevertDialog {...wanted} onClose={() => setWanted(null)} />}
    </div>
  );
}

function RevertDialog({ group, name, onClose }: { group: ChangeGroup; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const { page, past } = useEditor();
  const revert = async (): Promise<void> => {
    const { undone } = await client.pages.revert(page.id, { userId: group.actorId!, since: group.since, until: group.until });
    toast.show(t('editor.history.reverted', { count: undone.length }), { kind: 'success' });
    past.set(null);
  };
  const confirm = { confirmLabel: t('editor.history.revertAction'), onConfirm: revert };
  return <ConfirmDialog isOpen onOpenChange={onClose} title={t('editor.history.revert')} text={t('editor.history.revertConfirm', { name })} {...confirm} />;
}
