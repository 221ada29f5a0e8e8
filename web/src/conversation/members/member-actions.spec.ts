import type { Member, RoomRole } from '@atrium/client';
import { describe, expect, it } from 'vitest';
import { actionsOn, choicesAbout } from './member-actions.js';

const NOW = Date.parse('2026-05-05T10:00:00.000Z');

function member(role: RoomRole, mutedUntil: string | null = null): Member {
  return { user: { id: 'bob', username: 'bob', displayName: 'Bob', avatarUrl: null }, role, joinedAt: '2026-05-05T09:00:00.000Z', mutedUntil, lastReadSeq: 0, online: true };
}

const by = (role: RoomRole, kind: 'group' | 'direct' | 'world' = 'group') => ({ role, kind });

describe('actionsOn', () => {
  it('gives an owner everything', () => {
    expect(actionsOn(member('member'), by('owner'), 'me', NOW)).toEqual(['makeAdmin', 'handOver', 'muteHour', 'muteDay', 'muteForEver', 'kick', 'ban']);
    expect(actionsOn(member('admin'), by('owner'), 'me', NOW)).toContain('makeMember');
  });

  it('lets an admin keep order among members, not among admins', () => {
    expect(actionsOn(member('member'), by('admin'), 'me', NOW)).toEqual(['muteHour', 'muteDay', 'muteForEver', 'kick', 'ban']);
    expect(actionsOn(member('admin'), by('admin'), 'me', NOW)).toEqual([]);
    expect(actionsOn(member('owner'), by('admin'), 'me', NOW)).toEqual([]);
  });

  it('offers to lift a mute while there is one', () => {
    expect(actionsOn(member('member', '2026-05-05T10:00:01.000Z'), by('admin'), 'me', NOW)).toEqual(['unmute', 'kick', 'ban']);
    expect(actionsOn(member('member', '2026-05-05T09:59:59.000Z'), by('admin'), 'me', NOW)).toContain('muteHour');
  });

  it('offers nothing to members, about oneself, or where nobody governs', () => {
    expect(actionsOn(member('member'), by('member'), 'me', NOW)).toEqual([]);
    expect(actionsOn(member('member'), by('owner'), 'bob', NOW)).toEqual([]);
    expect(actionsOn(member('member'), by('owner', 'direct'), 'me', NOW)).toEqual([]);
  });
});

describe('choicesAbout', () => {
  it('lets everybody block anybody else, in whatever role and room, once it is known whom one has blocked', () => {
    for (const kind of ['group', 'direct', 'world'] as const) {
      expect(choicesAbout(member('owner'), by('member', kind), 'me', new Set())).toEqual(['block']);
      expect(choicesAbout(member('owner'), by('member', kind), 'me', new Set(['bob']))).toEqual(['unblock']);
      expect(choicesAbout(member('owner'), by('member', kind), 'me', null)).toEqual([]);
    }
    expect(choicesAbout(member('member'), by('admin'), 'me', new Set()).at(-1)).toBe('block');
    expect(choicesAbout(member('member'), by('member'), 'bob', new Set())).toEqual([]);
  });
});
