import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.js';
import { parseMarkdown } from './markdown.js';

const excerpt = (content: string, max?: number) => excerptOf(parseMarkdown, content, max);

describe('excerpt', () => {
  it('is one line', () => {
    expect(excerpt(' a\n\n  b ')).toBe('a b');
  });

  it('reads without the marks of Markdown', () => {
    expect(excerpt('> see\n\n**明天**在 [here](https://a.example): `x`')).toBe('see 明天在 here: x');
    expect(excerpt('*')).toBe('*');
  });

  it('never cuts a code point in two', () => {
    expect(excerpt('😀'.repeat(10), 3)).toBe('😀😀😀…');
    expect(excerpt('好的世界', 4)).toBe('好的世界');
  });
});
