import { expect, it } from 'vitest';
import { claimOutcomeOf } from './claim-outcome.js';

const outcomeOf = (code: Parameters<typeof claimOutcomeOf>[0]['code'], message = '') => claimOutcomeOf({ code, message, errors: message === '' ? [] : [{ path: 'token', message }] });

it('tells a link that was used from one that has expired, one that is not needed any more and one that never was', () => {
  expect([outcomeOf('PERMISSION_DENIED', 'has been used'), outcomeOf('PERMISSION_DENIED', 'has expired'), outcomeOf('ALREADY_EXISTS'), outcomeOf('NOT_FOUND'), outcomeOf('INVALID_INPUT', 'is too long')]).toEqual(['used', 'expired', 'taken', 'unknown', 'unknown']);
});

it('leaves another try to what may pass', () => {
  for (const code of ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED'] as const) expect(outcomeOf(code)).toBeUndefined();
});
