import { describe, expect, it } from 'vitest';
import { daysAgo, formatCount, formatDay, formatDuration, formatList, formatRelative, formatShort, formatTime } from './format.js';

/** In the time zone of whoever runs this, as the app does. */
const at = (month: number, day: number, hour = 12, minute = 0, year = 2026): Date => new Date(year, month - 1, day, hour, minute);
const NOW = at(11, 21, 14, 5);

describe('days', () => {
  it('change at midnight, not after 24 hours', () => {
    expect(daysAgo(at(11, 20, 23, 59), at(11, 21, 0, 1))).toBe(1);
    expect(daysAgo(at(11, 21, 0, 1), at(11, 21, 23, 59))).toBe(0);
  });

  it('are days when the clocks change, too', () => {
    expect(daysAgo(at(3, 28), at(3, 30))).toBe(2);
    expect(daysAgo(at(10, 24), at(10, 26))).toBe(2);
  });

  it('are named by their distance', () => {
    expect(formatDay(at(11, 21), 'en', NOW)).toBe('Today');
    expect(formatDay(at(11, 20), 'en', NOW)).toBe('Yesterday');
    expect(formatDay(at(11, 18), 'en', NOW)).toBe('Wednesday');
    expect(formatDay(at(3, 3), 'en-GB', NOW)).toBe('3 March');
    expect(formatDay(at(3, 3, 12, 0, 2024), 'en-GB', NOW)).toBe('3 March 2024');
  });

  it('are named in Chinese', () => {
    expect(formatDay(at(11, 21), 'zh-CN', NOW)).toBe('今天');
    expect(formatDay(at(11, 20), 'zh-CN', NOW)).toBe('昨天');
    expect(formatDay(at(3, 3, 12, 0, 2024), 'zh-CN', NOW)).toBe('2024年3月3日');
  });
});

describe('short times', () => {
  it('say as much as is needed', () => {
    expect(formatShort(at(11, 21, 9, 3), 'en-GB', NOW)).toBe('09:03');
    expect(formatShort(at(11, 20), 'en-GB', NOW)).toBe('Yesterday');
    expect(formatShort(at(11, 18), 'en-GB', NOW)).toBe('Wed');
    expect(formatShort(at(3, 3), 'en-GB', NOW)).toBe('3 Mar');
  });

  it('take a moment of a clock that is ahead for now', () => {
    expect(formatShort(at(11, 22, 0, 1), 'en-GB', NOW)).toBe('00:01');
  });

  it('follow the locale', () => {
    expect(formatTime(at(11, 21, 14, 5), 'en-US')).toMatch(/^2:05\sPM$/u);
    expect(formatTime(at(11, 21, 14, 5), 'zh-CN')).toBe('14:05');
  });
});

describe('relative times', () => {
  it('count in the largest unit that fits', () => {
    const ago = (ms: number): string => formatRelative(NOW.getTime() - ms, 'en', NOW);
    expect(ago(20_000)).toBe('now');
    expect(ago(5 * 60_000)).toBe('5 minutes ago');
    expect(ago(26 * 3_600_000)).toBe('yesterday');
    expect(formatRelative(NOW.getTime() - 5 * 60_000, 'zh-CN', NOW)).toBe('5分钟前');
    expect(formatRelative(NOW.getTime() + 7 * 86_400_000 - 2_000, 'en', NOW)).toBe('in 7 days');
  });
});

describe('amounts', () => {
  it('end at 99 in a badge', () => {
    expect([0, 7, 99, 100, 4321].map((count) => formatCount(count, 'en'))).toEqual(['0', '7', '99', '99+', '99+']);
  });

  it('of waiting are rounded up', () => {
    expect(formatDuration(1, 'en')).toBe('1 second');
    expect(formatDuration(20_400, 'en')).toBe('21 seconds');
    expect(formatDuration(150_000, 'en')).toBe('3 minutes');
    expect(formatDuration(20_000, 'zh-CN')).toBe('20秒钟');
  });

  it('of people are listed as one speaks', () => {
    expect(formatList(['Ada', 'Lin', 'Sam'], 'en-GB')).toBe('Ada, Lin and Sam');
    expect(formatList(['林伟', '李静'], 'zh-CN')).toBe('林伟和李静');
  });
});
