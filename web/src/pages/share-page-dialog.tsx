import { canOnPage } from '@atrium/client';
import { useMyPages } from '@atrium/client/react';
import { ArrowLeft, Link2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InviteLinks } from '../invites/invite-links.js';
import styles from '../people/people-list.module.css';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { AddPageMembers } from './add-page-members.js';
import type { PageRef } from './page-menu.js';
import { PageMembers } from './page-members.js';
import { usePageInvites } from './use-page-invites.js';
import { usePageMembers } from './use-page-members.js';

type View = 'members' | 'add' | 'links';

/** Who may see and change the page; for its owners, how more people get in. */
export function SharePageDialog({ page: given, onClose }: { page: PageRef; onClose: () => void }) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('members');
  const page = useMyPages()?.items.find(({ pageId }) => pageId === given.pageId) ?? given;
  const mayInvite = canOnPage(page.role, 'document:invite');
  const members = usePageMembers(page.pageId);
  const invites = usePageInvites(page.pageId);
  const back = (): void => {
    setView('members');
    members.reload();
  };
  const titles: Record<View, string> = { members: t(mayInvite ? 'pages.shareTitle' : 'pages.membersTitle', { title: page.title }), add: t('pages.addPeople'), links: t('invites.byLink') };
  const footer =
    view === 'members' ? (
      <>
        <Button icon={<Link2 size={16} aria-hidden />} onPress={() => setView('links')}>
          {t('invites.byLink')}
        </Button>
        <Button variant="primary" icon={<UserPlus size={16} aria-hidden />} onPress={() => setView('add')}>
          {t('pages.addPeople')}
        </Button>
      </>
    ) : (
      <Button icon={<ArrowLeft size={16} aria-hidden />} onPress={back}>
        {t('pages.backToMembers')}
      </Button>
    );
  return (
    <Dialog title={titles[view]} size="medium" isFlush isOpen onOpenChange={onClose} {...(mayInvite && { footer })}>
      <div className={styles.dialog}>
        {view === 'members' && <PageMembers page={page} members={members} onLeft={onClose} />}
        {view === 'add' && <AddPageMembers page={page} members={members.items ?? []} />}
        {view === 'links' && <InviteLinks source={invites} />}
      </div>
    </Dialog>
  );
}
