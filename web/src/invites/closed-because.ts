import type { AtriumError } from '@atrium/client';

/** Why an invite opens nothing. The server has one code for those that have ended, and says in words which way. */
export function closedBecause({ code, message }: Pick<AtriumError, 'code' | 'message'>): 'expired' | 'used' | 'unknown' {
  if (code !== 'INVITE_EXPIRED') return 'unknown';
  return /used up/.test(message) ? 'used' : 'expired';
}
