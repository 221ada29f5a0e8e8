import { type MyRoom, outranks } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InviteSource } from '../../invites/invite-source.js';

/** Invites to a room: as members, and as admins by those who stand above them. */
export function useRoomInvites({ id, role }: Pick<MyRoom, 'id' | 'role'>): InviteSource<'admin' | 'member'> {
  const { t } = useTranslation();
  const { api } = useClient();
  return useMemo(
    () => ({
      roles: [{ id: 'member' as const, label: t('conversation.people.member') }, ...(outranks(role, 'admin') ? [{ id: 'admin' as const, label: t('conversation.people.admin') }] : [])],
      create: (order) => api.invite(id, order),
      list: (cursor) => api.invites(id, cursor),
    }),
    [api, id, role, t],
  );
}
