import { describe, expect, it } from 'vitest';
import { message } from './messages.fixture.js';
import { RowBuilder } from './rows.js';

const ALL = { hasBefore: false, unreadKey: null };
const at = (time: string) => ({ createdAt: new Date(time).toISOString() });

describe('RowBuilder', () => {
  it('puts one head over messages of one sender within five minutes', () => {
    const rows = new RowBuilder().build([message(1), message(2), message(3, { senderId: 'bob' }), message(4, { senderId: 'bob' }), message(30, { senderId: 'bob' })], ALL);
    expect(rows.map(({ isHead }) => isHead)).toEqual([true, false, true, false, true]);
  });

  it('never groups a system notice', () => {
    const rows = new RowBuilder().build([message(1), message(2, { type: 'system' }), message(3)], ALL);
    expect(rows.map(({ isHead }) => isHead)).toEqual([true, true, true]);
  });

  it('begins a day where the calendar of the reader does', () => {
    const rows = new RowBuilder().build([message(1, at('2026-05-05T23:58:00')), message(2, at('2026-05-05T23:59:00')), message(3, at('2026-05-06T00:00:00'))], ALL);
    expect(rows.map(({ startsDay }) => startsDay)).toEqual([true, false, true]);
    expect(rows[2]!.isHead).toBe(true);
  });

  it('says nothing about the day of the first message while there are older ones', () => {
    const rows = new RowBuilder().build([message(1), message(2)], { hasBefore: true, unreadKey: null });
    expect(rows.map(({ startsDay }) => startsDay)).toEqual([false, false]);
  });

  it('puts a head under the unread divider', () => {
    const rows = new RowBuilder().build([message(1), message(2)], { hasBefore: false, unreadKey: 'key-2' });
    expect(rows[1]).toMatchObject({ startsUnread: true, isHead: true });
  });

  it('keeps the identity of rows that did not change', () => {
    const builder = new RowBuilder();
    const messages = [message(10), message(11)];
    const before = builder.build(messages, { hasBefore: true, unreadKey: null });
    const after = builder.build([message(9), ...messages], { hasBefore: true, unreadKey: null });
    expect(after[2]).toBe(before[1]);
    expect(after[1]).not.toBe(before[0]);
  });

  it('makes the same of changes as of a fresh start', () => {
    const messages = Array.from({ length: 40 }, (_, index) => message(index + 1, { senderId: index % 7 < 4 ? 'ada' : 'bob', ...at(`2026-05-0${1 + (index >> 3)}T10:${10 + (index % 8)}:00`) }));
    const edited = messages.with(20, { ...messages[20]!, senderId: 'eve' });
    const steps = [messages.slice(10, 20), messages.slice(10, 30), messages.slice(4, 30), messages.slice(0, 30), messages, edited, edited.slice(0, 39), edited.slice(5, 12), [], edited];
    const builder = new RowBuilder();
    for (const [index, step] of steps.entries()) {
      const place = { hasBefore: index % 3 !== 0, unreadKey: index > 4 ? 'key-9' : null };
      expect(builder.build(step, place)).toEqual(new RowBuilder().build(step, place));
    }
  });
});
