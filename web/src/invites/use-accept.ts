import { useClient } from '@atrium/client/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../shell/paths.js';

/** Accepts an invite and goes to where it leads. */
export function useAccept(token: string): { accept: () => Promise<void>; isPending: boolean; error: unknown } {
  const { pages } = useClient();
  const [, navigate] = useLocation();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const accept = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      const { kind, id } = await pages.acceptInvite(token);
      navigate(kind === 'room' ? paths.room(id) : kind === 'page' ? paths.page(id) : paths.home, { replace: true });
    } catch (reason) {
      setError(reason);
      setPending(false);
    }
  };
  return { accept, isPending, error };
}
