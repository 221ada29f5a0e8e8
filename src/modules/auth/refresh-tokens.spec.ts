import { describe, expect, it } from 'vitest';
import { Config, parseEnvironment } from '../../platform/config/config.js';
import { RefreshTokens } from './refresh-tokens.js';

const tokensOf = (secret: string) => new RefreshTokens(new Config({ ...parseEnvironment({}, String), JWT_SECRET: secret, DATABASE_URL: 'postgres://' }));
const SESSION = '019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77';

describe('RefreshTokens', () => {
  const tokens = tokensOf('a');

  it('reads what it made', () => {
    const made = tokens.first(SESSION);
    expect(tokens.parse(made.text)).toEqual(made);
    expect(made.isGenuine).toBe(true);
    expect(made.text).not.toContain(made.hash.toString('base64url'));
  });

  it('begins every session with another secret', () => {
    expect(tokens.first(SESSION).secret).not.toBe(tokens.first(SESSION).secret);
  });

  it('derives one successor from a token, again and again the same', () => {
    const first = tokens.first(SESSION);
    const next = tokens.successor(tokens.parse(first.text)!);
    expect(next).toEqual(tokens.successor(first));
    expect(next.hash.equals(first.hash)).toBe(false);
    expect(tokens.successor(next).text).not.toBe(next.text);
    expect(tokens.parse(next.text)!.isGenuine).toBe(true);
  });

  it('derives another one with another key', () => {
    const first = tokens.first(SESSION);
    expect(tokensOf('b').successor(first).secret).not.toBe(tokens.successor(first).secret);
    expect(tokensOf('b').parse(first.text)!.isGenuine).toBe(false);
  });

  it('does not take a changed token for its own', () => {
    const { text } = tokens.first(SESSION);
    for (const at of [0, 40, text.length - 2]) {
      const changed = text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);
      expect(tokens.parse(changed)?.isGenuine, changed).toBe(false);
    }
  });

  it.each(['', 'x', SESSION, `${SESSION}.a.b`, `${SESSION}.${'a'.repeat(43)}`, `${SESSION}.${'a'.repeat(43)}.${'a'.repeat(22)}\n`, ` ${SESSION}.${'a'.repeat(43)}.${'a'.repeat(22)}`])(
    'knows that %j is none',
    (text) => {
      expect(tokens.parse(text)).toBeUndefined();
    },
  );
});
