import { useClient, useUser } from '@atrium/client/react';
import { useEffect } from 'react';

/** Keeps the client connected while somebody is signed in. Signing out ends the connection by itself. */
export function Connected() {
  const client = useClient();
  const userId = useUser()?.id;
  useEffect(() => {
    if (userId !== undefined) void client.connect();
  }, [client, userId]);
  return null;
}
