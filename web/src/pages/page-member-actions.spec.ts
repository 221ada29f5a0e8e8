import type { DocumentMember } from '@atrium/client';
import { describe, expect, it } from 'vitest';
import { actionsOn, needsConfirmation } from './page-member-actions.js';

const member = (id: string, role: DocumentMember['role']) => ({ user: { id, username: id, displayName: id, avatarUrl: null }, role });
const ada = { ownId: 'ada', ownRole: 'owner', isOnlyOwner: false } as const;

describe('what one may do about a member of a page', () => {
  it('is to give them another role or put them out, as an owner', () => {
    expect(actionsOn(member('ben', 'editor'), ada)).toEqual(['viewer', 'owner', 'remove']);
    expect(actionsOn(member('ben', 'owner'), ada)).toEqual(['viewer', 'editor', 'remove']);
  });

  it('is to step down or leave, of oneself, but not as the only owner', () => {
    expect(actionsOn(member('ada', 'owner'), ada)).toEqual(['viewer', 'editor', 'leave']);
    expect(actionsOn(member('ada', 'owner'), { ...ada, isOnlyOwner: true })).toEqual([]);
  });

  it('is nothing but to leave oneself for everybody else', () => {
    const ben = { ownId: 'ben', ownRole: 'editor', isOnlyOwner: false } as const;
    expect(actionsOn(member('ada', 'owner'), ben)).toEqual([]);
    expect(actionsOn(member('ben', 'editor'), ben)).toEqual(['leave']);
  });

  it('is asked about first, if one could not take it back', () => {
    expect(needsConfirmation('viewer', false)).toBe(false);
    expect([needsConfirmation('viewer', true), needsConfirmation('remove', false), needsConfirmation('owner', false)]).toEqual([true, true, true]);
  });
});
