import english from 'emojibase-data/en/data.json';
import shortcodes from 'emojibase-data/en/shortcodes/emojibase.json';
import chinese from 'emojibase-data/zh/data.json';
import { describe, expect, it } from 'vitest';
import type { Emoji } from './emoji-data.js';
import { findShortcode, rankEmoji } from './rank-emoji.js';

interface Raw {
  emoji: string;
  hexcode: string;
  label: string;
  tags?: string[];
  group?: number;
}

/** What the build makes of the data, in short. */
function read(all: readonly Raw[]): Emoji[] {
  const shortcodesOf: Record<string, string | string[]> = shortcodes;
  return all
    .filter(({ group }) => group !== undefined)
    .map(({ emoji, hexcode, label, tags = [] }) => ({ emoji, label: label.toLowerCase(), tags, shortcodes: [shortcodesOf[hexcode] ?? []].flat() }));
}
const en = read(english);
const zh = read(chinese);
const first = (emoji: Emoji[], query: string, count = 1) => rankEmoji(emoji, query, count).map((each) => each.emoji);

describe('rankEmoji', () => {
  it.each([
    ['fire', '🔥'],
    ['cat', '🐈️'],
    ['heart', '❤️'],
    ['smile', '😄'],
    ['tada', '🎉'],
    ['thumbs up', '👍️'],
    ['coffee', '☕️'],
    ['rocket', '🚀'],
    ['+1', '👍️'],
    ['fir', '🔥'],
    ['smi', '😄'],
  ])('puts what is called so first: %s', (query, emoji) => {
    expect(first(en, query)).toEqual([emoji]);
  });

  it('finds what keywords say before what merely contains the letters', () => {
    expect(first(en, 'car', 5)).toContain('🚗');
    expect(rankEmoji(en, 'car', 60).findIndex(({ emoji }) => emoji === '🚗')).toBeLessThan(rankEmoji(en, 'car', 600).findIndex(({ label }) => label.includes('carrot')));
    expect(first(en, 'lol', 8)).toContain('😂');
  });

  it.each([
    ['笑', '😀', 30],
    ['火', '🔥', 1],
    ['猫', '🐈️', 2],
    ['红心', '❤️', 1],
    ['smile', '😄', 1],
  ])('understands Chinese, and shortcodes in every language: %s', (query, emoji, within) => {
    expect(first(zh, query, within)).toContain(emoji);
  });

  it('wants every word, and nothing for no words', () => {
    expect(first(en, 'red heart')).toEqual(['❤️']);
    expect(first(en, 'heart zebra')).toEqual([]);
    expect(first(en, '  ')).toEqual([]);
  });
});

it('findShortcode takes exactly the one', () => {
  expect(findShortcode(en, 'Smile')?.emoji).toBe('😄');
  expect(findShortcode(en, 'smil')).toBeUndefined();
});
