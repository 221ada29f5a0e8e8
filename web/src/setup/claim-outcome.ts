import type { AtriumError } from '@atrium/client';

/** What a link to become the administrator comes to: `taken` where there is one already. */
export type ClaimOutcome = 'done' | 'used' | 'expired' | 'taken' | 'unknown';

/** Why the link makes nobody an administrator; undefined when another try may. */
export function claimOutcomeOf({ code, errors, message }: Pick<AtriumError, 'code' | 'errors' | 'message'>): Exclude<ClaimOutcome, 'done'> | undefined {
  if (code === 'ALREADY_EXISTS') return 'taken';
  if (code === 'NOT_FOUND' || code === 'INVALID_INPUT') return 'unknown';
  if (code !== 'PERMISSION_DENIED') return undefined;
  return [message, ...errors.map((error) => error.message)].some((text) => text.includes('used')) ? 'used' : 'expired';
}
