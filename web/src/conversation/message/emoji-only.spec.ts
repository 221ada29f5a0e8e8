import { describe, expect, it } from 'vitest';
import { isEmojiOnly } from './emoji-only.js';

describe('isEmojiOnly', () => {
  it.each(['👍', '🎉🎉', '👩🏽‍💻', '🇨🇳 🇫🇷', '❤️', '1️⃣', '😀\n😀'])('knows %s', (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  });

  it.each(['', ' ', '1', '#', '👍 yes', '好', '😀😀😀😀😀😀😀', ':)'])('is not taken in by %j', (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });
});
