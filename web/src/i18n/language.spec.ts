import { describe, expect, it } from 'vitest';
import { localeFor } from './language.js';

describe('the locale', () => {
  it.each([
    ['system', ['zh-TW', 'en'], 'zh-TW'],
    ['system', ['fr-FR', 'en-GB', 'zh-CN'], 'en-GB'],
    ['system', ['fr-FR'], 'en'],
    ['system', [], 'en'],
    ['en', ['zh-CN', 'en-AU'], 'en-AU'],
    ['en', ['zh-CN'], 'en'],
    ['zh', ['en-GB', 'zh-SG'], 'zh-SG'],
    ['zh', ['en-GB'], 'zh-CN'],
  ] as const)('of the choice %s with %j is %s', (choice, wanted, locale) => {
    expect(localeFor(choice, wanted)).toBe(locale);
  });
});
