import type { AtriumError } from '@atrium/client';

/** Why an invite opens nothing. The server has one code for those that have ended, and names the field that says which way. */
export function closedBecause({ code, errors }: Pick<AtriumError, 'code' | 'errors'>): 'expired' | 'used' | 'unknown' {
  if (code !== 'INVITE_EXPIRED') return 'unknown';
  return errors.some(({ path }) => path === 'maxUses') ? 'used' : 'expired';
}
