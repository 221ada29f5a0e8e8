import { describe, expect, it } from 'vitest';
import { message } from './messages.fixture.js';
import { findUnreadKey, firstAfter } from './unread.js';

const messages = [message(3), message(5), message(8), message(9)];

describe('findUnreadKey', () => {
  it('finds the first message after the read position', () => {
    expect(findUnreadKey(messages, false, { readSeq: 5, untilSeq: 9 }, 'me')).toBe('key-8');
  });

  it('passes over own and deleted messages', () => {
    const mixed = [message(3), message(5, { senderId: 'me' }), message(8, { deletedAt: '2026-05-05T11:00:00.000Z', content: null }), message(9)];
    expect(findUnreadKey(mixed, false, { readSeq: 3, untilSeq: 9 }, 'me')).toBe('key-9');
  });

  it('finds nothing when all was read, and does not count what came afterwards', () => {
    expect(findUnreadKey(messages, false, null, 'me')).toBeNull();
    expect(findUnreadKey(messages, false, { readSeq: 9, untilSeq: 9 }, 'me')).toBeNull();
    expect(findUnreadKey(messages, false, { readSeq: 5, untilSeq: 7 }, 'me')).toBeNull();
  });

  it('does not guess while the place where it begins is not loaded', () => {
    expect(findUnreadKey(messages, true, { readSeq: 1, untilSeq: 9 }, 'me')).toBeNull();
    expect(findUnreadKey(messages, false, { readSeq: 1, untilSeq: 9 }, 'me')).toBe('key-3');
  });
});

describe('firstAfter', () => {
  it('is the number of messages up to the seq', () => {
    expect([2, 3, 4, 8, 9, 10].map((seq) => firstAfter(messages, seq))).toEqual([0, 1, 1, 3, 4, 4]);
  });
});
