import { useClient } from '@atrium/client/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InviteSource } from '../invites/invite-source.js';

/** Invites to a page. Nobody becomes an owner by a link. */
export function usePageInvites(pageId: string): InviteSource<'editor' | 'viewer'> {
  const { t } = useTranslation();
  const { pages } = useClient();
  return useMemo(
    () => ({
      roles: [
        { id: 'editor', label: t('pages.role.editor') },
        { id: 'viewer', label: t('pages.role.viewer') },
      ],
      create: (order) => pages.invite(pageId, order),
      list: (cursor) => pages.invites(pageId, cursor),
    }),
    [pages, pageId, t],
  );
}
