import type { AddedPage, AddedRoom } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useToast } from '../ui/toast.js';
import { paths } from './paths.js';

/** Says that somebody has brought one into a room, or has shared a page, and leads there. */
export function useAddedToasts(): void {
  const { t } = useTranslation();
  const client = useClient();
  const { show } = useToast();
  const [, navigate] = useLocation();
  useEffect(() => {
    const tell = (text: string, path: string): void => show(text, { action: { label: t('shell.added.open'), onPress: () => navigate(path) } });
    const nameOf = async (userId: string): Promise<string> => (await client.api.findProfile(userId))?.displayName ?? t('rooms.formerUser');
    const toldOfRoom = async ({ roomId, kind, name, addedBy }: AddedRoom): Promise<void> => {
      const by = await nameOf(addedBy);
      tell(kind === 'direct' ? t('shell.added.direct', { by }) : t('shell.added.room', { by, name }), paths.room(roomId));
    };
    const toldOfPage = async ({ pageId, title, addedBy }: AddedPage): Promise<void> => {
      if (addedBy !== undefined) tell(t('shell.added.page', { by: await nameOf(addedBy), name: title }), paths.page(pageId));
    };
    const stops = [client.rooms.onAdded((added) => void toldOfRoom(added)), client.onPageAdded((added) => void toldOfPage(added))];
    return () => stops.forEach((stop) => stop());
  }, [client, navigate, show, t]);
}
