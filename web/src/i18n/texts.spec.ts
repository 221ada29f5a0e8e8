import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { AtriumError } from '@atrium/client';
import { ERRORS } from '../../../src/protocol/errors.js';
import { editorEn } from '../page-editor/editor.en.js';
import { editorZh } from '../page-editor/editor.zh.js';
import { en } from './en.js';
import { errorText } from './error-text.js';
import { zh } from './zh.js';

interface Texts {
  [key: string]: string | Texts;
}

/** `a.b.c` of every text. */
function pathsOf(texts: Texts, prefix = ''): [path: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : pathsOf(value, `${prefix}${key}.`)));
}

const english = new Map(pathsOf({ ...en, editor: editorEn }));
const chinese = new Map(pathsOf({ ...zh, editor: editorZh }));
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort();

describe('the texts', () => {
  it('are the same in both languages, but for the plurals', () => {
    const withoutSingular = [...english.keys()].filter((path) => !path.endsWith('_one'));
    expect([...chinese.keys()].sort()).toEqual(withoutSingular.sort());
  });

  it('have a plural for each singular', () => {
    for (const path of english.keys()) if (path.endsWith('_one')) expect(english.has(path.replace(/_one$/, '_other')), path).toBe(true);
  });

  it('name the same things', () => {
    for (const [path, text] of chinese) expect(placeholders(text), path).toEqual(placeholders(english.get(path)!));
  });

  it('are not empty, and raise no voice', () => {
    for (const [path, text] of [...english, ...chinese]) {
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/[!！]/);
    }
  });
});

describe('the texts of errors', () => {
  const t: Record<string, TFunction> = {};

  beforeAll(async () => {
    for (const [language, translation] of Object.entries({ en, zh })) {
      const i18n = createInstance();
      t[language] = await i18n.init({ lng: language, resources: { [language]: { translation } }, interpolation: { escapeValue: false } });
    }
  });

  it('know every code of the server', () => {
    for (const code of [...Object.keys(ERRORS), 'NETWORK']) {
      expect(Object.keys(en.errors)).toContain(code);
      expect(Object.keys(zh.errors)).toContain(code);
    }
  });

  it('say how long to wait', () => {
    const error = new AtriumError('RATE_LIMITED', 'Too many requests', { retryAfterMs: 19_200 });
    expect(errorText(t['en']!, error)).toBe('Too many attempts. Try again in 20 seconds.');
  });

  it('name the limit that is reached', () => {
    const over = (limit: string) => AtriumError.ofAck({ code: 'QUOTA_EXCEEDED', message: 'One user can have at most 3 moons', limit, max: 3 });
    expect(errorText(t['en']!, over('QUOTA_ROOMS'))).toBe('The limit of rooms for one person is 3. Delete some that are not needed any more.');
    for (const limit of Object.keys(en.errors.QUOTA_EXCEEDED_FOR)) for (const language of ['en', 'zh']) expect(errorText(t[language]!, over(limit)), limit).not.toContain('moons');
    expect(errorText(t['zh']!, over('QUOTA_MOONS'))).toBe('One user can have at most 3 moons');
    expect(errorText(t['zh']!, new AtriumError('QUOTA_EXCEEDED', 'At most 3'))).toBe(zh.errors.QUOTA_EXCEEDED);
  });

  it('fall back to the words of the server', () => {
    const error = new AtriumError('TOMORROWS_CODE' as 'NOT_FOUND', 'The moon is full');
    expect(errorText(t['zh']!, error)).toBe('The moon is full');
  });

  it('take anything else for a lost connection', () => {
    expect(errorText(t['zh']!, new TypeError('Failed to fetch'))).toBe(zh.errors.NETWORK);
  });
});
