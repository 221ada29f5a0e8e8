import { AtriumError, type DocumentMember } from '@atrium/client';
import { useClient, useUser } from '@atrium/client/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import list from '../people/people-list.module.css';
import { paths } from '../shell/paths.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { ErrorState } from '../ui/error-state.js';
import { Spinner } from '../ui/spinner.js';
import { useToast } from '../ui/toast.js';
import type { Pages } from '../ui/use-pages.js';
import { needsConfirmation, type PageMemberAction, perform } from './page-member-actions.js';
import { PageMemberRow } from './page-member-row.js';
import type { PageRef } from './page-menu.js';
import styles from './page-members.module.css';

interface Asked {
  readonly action: PageMemberAction;
  readonly member: DocumentMember;
}

/** Who may see and change the page, with what one may do about each. */
export function PageMembers({ page, members, onLeft }: { page: PageRef; members: Pages<DocumentMember>; onLeft: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const ownId = useUser()?.id ?? '';
  const [path, navigate] = useLocation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [pendingId, setPendingId] = useState<string>();
  const { items, error, isLoading, hasMore, loadMore, reload } = members;
  const isOnlyOwner = page.role === 'owner' && !hasMore && items?.filter(({ role }) => role === 'owner').length === 1;

  /** @throws AtriumError */
  const act = async ({ action, member }: Asked): Promise<void> => {
    await perform(client, page.pageId, member.user.id, action);
    if (action !== 'leave') return reload();
    onLeft();
    if (path === paths.page(page.pageId)) navigate(paths.pages);
    toast.show(t('pages.left', { title: page.title }), { kind: 'success' });
  };
  const choose = async (action: PageMemberAction, member: DocumentMember): Promise<void> => {
    if (needsConfirmation(action, member.user.id === ownId)) return setAsked({ action, member });
    setPendingId(member.user.id);
    try {
      await act({ action, member });
    } catch (reason) {
      toast.show(isLastOwner(reason, member) ? t('pages.lastOwner') : errorText(t, reason), { kind: 'error' });
    } finally {
      setPendingId(undefined);
    }
  };

  return (
    <div className={list.scroller} aria-busy={isLoading}>
      {isOnlyOwner && items.length > 1 && (
        <div className={styles.banner}>
          <Banner>{t('pages.onlyOwner')}</Banner>
        </div>
      )}
      {items === null && isLoading && (
        <div className={list.note}>
          <Spinner label={t('ui.loading')} />
        </div>
      )}
      {error !== null && <ErrorState message={errorText(t, error)} onRetry={items === null ? reload : loadMore} />}
      <ul aria-label={t('pages.members')}>
        {items?.map((member) => (
          <li key={member.user.id}>
            <PageMemberRow member={member} asker={{ ownId, ownRole: page.role, isOnlyOwner }} isPending={pendingId === member.user.id} onAction={(action) => void choose(action, member)} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <div className={list.note}>
          <Button size="small" isPending={isLoading} onPress={loadMore}>
            {t('pages.loadMore')}
          </Button>
        </div>
      )}
      {asked && <Confirm asked={asked} title={page.title} isSelf={asked.member.user.id === ownId} onClose={() => setAsked(null)} onConfirm={() => act(asked)} />}
    </div>
  );
}

interface ConfirmProps {
  asked: Asked;
  /** Of the page. */
  title: string;
  isSelf: boolean;
  onClose: () => void;
  onConfirm: () => Promise<void>;
}

function Confirm({ asked: { action, member }, title, isSelf, onClose, onConfirm }: ConfirmProps) {
  const { t } = useTranslation();
  const name = member.user.displayName;
  const words =
    action === 'leave'
      ? { title: t('pages.leaveTitle'), text: t('pages.leaveConfirm', { title }), confirmLabel: t('pages.leaveAction') }
      : action === 'remove'
        ? { title: t('pages.removeTitle', { name }), text: t('pages.removeConfirm', { name, title }), confirmLabel: t('pages.removeAction') }
        : isSelf
          ? { title: t('pages.stepDownTitle'), text: t('pages.stepDownConfirm'), confirmLabel: t(`pages.become.${action}`) }
          : { title: t('pages.makeOwnerTitle', { name }), text: t('pages.makeOwnerConfirm', { name }), confirmLabel: t('pages.make.owner') };
  return <ConfirmDialog {...words} isDanger={action !== 'owner'} isOpen onOpenChange={onClose} onConfirm={onConfirm} explain={(reason) => (isLastOwner(reason, member) ? t('pages.lastOwner') : undefined)} />;
}

/** The one thing that owners may not do to an owner. */
function isLastOwner(reason: unknown, { role }: DocumentMember): boolean {
  return role === 'owner' && AtriumError.from(reason).code === 'PERMISSION_DENIED';
}
