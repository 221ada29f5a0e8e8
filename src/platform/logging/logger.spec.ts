import { expect, it } from 'vitest';
import { loggedPath } from './logger.js';

it('logs paths without queries, and without what opens a door', () => {
  expect(loggedPath('/api/v1/rooms?token=secret')).toBe('/api/v1/rooms');
  expect(loggedPath('/api/v1/invites/Zk1vR0pQd2x0b2tlbm9mMzJyYW5kb21ieXRlc2hlcmU?x=1')).toBe('/api/v1/invites/[redacted]');
  expect(loggedPath('/api/v1/invites/Zk1vR0pQd2x0b2tlbm9mMzJyYW5kb21ieXRlc2hlcmU/accept')).toBe('/api/v1/invites/[redacted]/accept');
  expect(loggedPath('/invite/%5Ak1vR0pQd2x0b2tlbm9mMzJyYW5kb21ieXRlc2hlcmU')).toBe('/invite/[redacted]');
  expect(loggedPath('/api/v1/invites/019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77')).toBe('/api/v1/invites/019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77');
  expect(loggedPath('/api/v1/rooms/world/invite')).toBe('/api/v1/rooms/world/invite');
});
