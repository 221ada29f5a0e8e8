import { describe, expect, it } from 'vitest';
import * as server from '../../../src/modules/rooms/rooms.policy.js';
import { can, outranks, ROOM_ACTIONS } from './rights.js';

const ROLES = ['owner', 'admin', 'member'] as const;

describe('the rights in a room', () => {
  for (const kind of ['direct', 'group', 'world'] as const) {
    it(`are those of the server in a ${kind} room`, () => {
      for (const role of ROLES) for (const action of ROOM_ACTIONS) expect(can(role, action, kind), `${role} ${action}`).toBe(server.can(role, action, kind));
    });
  }

  it('rank the roles as the server does', () => {
    for (const role of ROLES) for (const other of ROLES) expect(outranks(role, other)).toBe(server.outranks(role, other));
  });
});
