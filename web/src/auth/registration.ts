import { AtriumError, type AtriumClient, type Register, unwrap } from '@atrium/client';
import { isWishedToAccept } from '../invites/accept-wish.js';
import { findSetupToken } from '../setup/setup-token.js';
import { paths } from '../shell/paths.js';

/** Who may register: `invite` is whoever has an invite to a room or page. */
export type RegistrationMode = 'open' | 'invite' | 'closed';

export async function loadRegistrationMode(client: AtriumClient): Promise<RegistrationMode> {
  return (await unwrap(client.rest.GET('/api/v1/auth/registration'))).mode;
}

/**
 * What lets somebody register who goes on to this page: the invite that they have wished to accept in this tab, or the link by which they
 * become the administrator. An invite that stands in an address alone does not count: somebody may have made that up.
 */
export function tokenFor(next: string): string | undefined {
  if (next === paths.setup) return findSetupToken() ?? undefined;
  const token = /^\/invite\/([^/?#]+)$/.exec(next)?.[1];
  return token !== undefined && isWishedToAccept(token) ? token : undefined;
}

const OPENS_NOTHING = new Set(['INVITE_NOT_FOUND', 'INVITE_EXPIRED', 'GROUP_FULL']);

/**
 * Registers, by the token if there is one. Where nobody needs an invite, one that opens nothing does not keep anybody from registering:
 * the page of the invite will say what is wrong with it.
 */
export async function register(client: AtriumClient, body: Register, mode: RegistrationMode, token: string | undefined): Promise<void> {
  if (token === undefined) return void (await client.auth.register(body));
  try {
    await client.auth.register({ ...body, inviteToken: token });
  } catch (error) {
    if (mode !== 'open' || !OPENS_NOTHING.has(AtriumError.from(error).code)) throw error;
    await client.auth.register(body);
  }
}
