import type { PageState, Readable } from '@atrium/client';
import { useClient, useReadable, useRooms } from '@atrium/client/react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { roomName } from '../rooms/room-name.js';
import { useUnread } from '../rooms/use-unread.js';
import { formatCount } from '../ui/format.js';
import { useUnreadMarks } from './use-unread-marks.js';

const NO_PAGE: Readable<PageState | null> = { get: () => null, subscribe: () => () => undefined };

/** "(3) General – Atrium": what is open, and how much waits elsewhere. */
export function useDocumentTitle({ roomId, pageId }: { roomId: string | undefined; pageId: string | undefined }): void {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const page = useReadable(pageId === undefined ? NO_PAGE : client.page(pageId).state);
  const room = useRooms()?.find(({ id }) => id === roomId);
  const unread = useUnread();
  useUnreadMarks(unread);
  const title = titleOf(page?.title ?? (room && roomName(t, room)), unread > 0 ? formatCount(unread, i18n.language) : undefined);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

export function titleOf(open: string | undefined, unread: string | undefined): string {
  return `${unread === undefined ? '' : `(${unread}) `}${open ? `${open} – ` : ''}Atrium`;
}
