import type { Member } from '@atrium/client';
import { describe, expect, it } from 'vitest';
import { message } from './messages.fixture.js';
import { receiptMarks } from './receipts.js';

function member(id: string, lastReadSeq: number): Member {
  return { user: { id, username: id, displayName: id, avatarUrl: null }, role: 'member', joinedAt: '2026-05-05T10:00:00.000Z', mutedUntil: null, lastReadSeq, online: true };
}

const own = (seq: number) => message(seq, { senderId: 'me' });
const messages = [own(1), own(2), message(3, { senderId: 'bob' }), own(4), own(5)];

describe('receiptMarks', () => {
  it('marks the last message of a direct room, and the last one that was read', () => {
    const marks = receiptMarks(messages, [member('me', 5), member('bob', 4)], 'me', 'direct');
    expect([...marks]).toEqual([
      ['key-5', { kind: 'sent' }],
      ['key-4', { kind: 'read' }],
    ]);
  });

  it('marks only the last one when the peer has read everything', () => {
    expect([...receiptMarks(messages, [member('me', 5), member('bob', 5)], 'me', 'direct')]).toEqual([['key-5', { kind: 'read' }]]);
  });

  it('counts the readers of the last own message of a group', () => {
    const members = [member('me', 5), member('bob', 5), member('eve', 4), member('kim', 6)];
    expect([...receiptMarks(messages, members, 'me', 'group')]).toEqual([['key-5', { kind: 'read-by', count: 2 }]]);
  });

  it('says nothing about what is not stored, or deleted', () => {
    const pending = [message(Number.MAX_SAFE_INTEGER, { senderId: 'me', status: 'pending' }), message(6, { senderId: 'me', deletedAt: '2026-05-05T11:00:00.000Z' })];
    expect(receiptMarks(pending, [member('me', 5), member('bob', 9)], 'me', 'direct').size).toBe(0);
  });
});
