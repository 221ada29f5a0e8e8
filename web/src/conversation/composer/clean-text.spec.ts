import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text.js';

describe('cleanText', () => {
  it.each([
    ['  indented\n\tcode', '  indented\n\tcode'],
    ['\n \n text \n\n', ' text'],
    ['a\u0000b\u0007c\u009dd', 'abcd'],
    ['half \ud83d', 'half \ufffd'],
    ['你好 😀', '你好 😀'],
  ])('makes %j ready', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });
});
