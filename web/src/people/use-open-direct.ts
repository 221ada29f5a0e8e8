import { type AtriumClient, AtriumError } from '@atrium/client';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../i18n/error-text.js';
import { paths } from '../shell/paths.js';
import { useToast } from '../ui/toast.js';

/** Goes to the direct room with somebody, which is made when there is none. */
export function useOpenDirect(client: AtriumClient, onOpened?: () => void): { openDirect: (userId: string) => Promise<void>; isOpening: boolean } {
  const { t } = useTranslation();
  const toast = useToast();
  const [, navigate] = useLocation();
  const [isOpening, setOpening] = useState(false);
  const openDirect = async (userId: string): Promise<void> => {
    setOpening(true);
    try {
      const room = await client.rooms.direct(userId);
      onOpened?.();
      navigate(paths.room(room.id));
    } catch (error) {
      toast.show(refusalText(t, error, client.users.blocked.get()?.has(userId) === true), { kind: 'error' });
    } finally {
      setOpening(false);
    }
  };
  return { openDirect, isOpening };
}

function refusalText(t: TFunction, error: unknown, isBlockedByMe: boolean): string {
  if (AtriumError.from(error).code !== 'PERMISSION_DENIED') return errorText(t, error);
  return t(isBlockedByMe ? 'people.youBlocked' : 'people.cannotWrite');
}
