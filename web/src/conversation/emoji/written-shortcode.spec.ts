import { describe, expect, it } from 'vitest';
import { writtenShortcode } from './written-shortcode.js';

const of = (text: string) => writtenShortcode(text, text.length);

describe('writtenShortcode', () => {
  it.each([
    [':sm', { start: 0, query: 'sm', isClosed: false }],
    ['Well done :tada', { start: 10, query: 'tada', isClosed: false }],
    ['Well done :tada:', { start: 10, query: 'tada', isClosed: true }],
    ['(:+1', { start: 1, query: '+1', isClosed: false }],
    ['好：笑', { start: 1, query: '笑', isClosed: false }],
    ['hello :thumbs_up', { start: 6, query: 'thumbs_up', isClosed: false }],
  ])('is in %j', (text, written) => {
    expect(of(text)).toEqual(written);
  });

  it.each(['', ':', ':s', 'at 10:30', 'http://example', 'https:foo', 'a:bc', 'note: this', '::ab', 'x :sm ile'])('is not in %j', (text) => {
    expect(of(text)).toBeNull();
  });

  it('is what is before the caret', () => {
    expect(writtenShortcode('a :smile b', 6)).toEqual({ start: 2, query: 'smi', isClosed: false });
    expect(writtenShortcode('a :smile b', 10)).toBeNull();
  });
});
