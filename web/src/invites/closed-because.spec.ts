import { expect, it } from 'vitest';
import { closedBecause } from './closed-because.js';

it('tells links that have ended from those that were used up, and from those that never were', () => {
  expect(closedBecause({ code: 'INVITE_EXPIRED', errors: [{ path: 'expiresAt', message: 'is over' }] })).toBe('expired');
  expect(closedBecause({ code: 'INVITE_EXPIRED', errors: [] })).toBe('expired');
  expect(closedBecause({ code: 'INVITE_EXPIRED', errors: [{ path: 'maxUses', message: 'is reached' }] })).toBe('used');
  expect(closedBecause({ code: 'INVITE_NOT_FOUND', errors: [] })).toBe('unknown');
});
