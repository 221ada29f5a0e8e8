import type { AtriumClient } from '@atrium/client';

let isWanted = false;

/** Signs this device out. When the server cannot be told, its session ends by its own time. */
export async function signOut(client: AtriumClient): Promise<void> {
  isWanted = true;
  await client.auth.logout().catch(() => undefined);
}

/** @throws AtriumError when the server cannot be told: then nothing has happened */
export async function signOutEverywhere(client: AtriumClient): Promise<void> {
  isWanted = true;
  try {
    await client.auth.logoutEverywhere();
  } catch (error) {
    isWanted = false;
    throw error;
  }
}

/** Whether the sign-out that was just noticed was this person's wish, on this page. Asking ends the wish. */
export function takeSignOutWish(): boolean {
  const was = isWanted;
  isWanted = false;
  return was;
}
