import { describe, expect, it } from 'vitest';
import { countCodePoints } from './code-points.js';

describe('countCodePoints', () => {
  it.each(['', 'abc', '你好', '😀', 'a😀b😀', '👩🏽‍💻', '\ud83d', '\ude00\ud83d', '\ud83d\ud83d\ude00'])('counts %j as a walk over it does', (text) => {
    expect(countCodePoints(text)).toBe([...text].length);
  });
});
