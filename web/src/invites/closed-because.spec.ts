import { expect, it } from 'vitest';
import { closedBecause } from './closed-because.js';

it('tells links that have expired from those that were used up, and from those that never were', () => {
  expect(closedBecause({ code: 'INVITE_EXPIRED', message: 'The invite has expired' })).toBe('expired');
  expect(closedBecause({ code: 'INVITE_EXPIRED', message: 'The invite is used up' })).toBe('used');
  expect(closedBecause({ code: 'INVITE_NOT_FOUND', message: 'Invite not found' })).toBe('unknown');
});
