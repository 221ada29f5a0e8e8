import { describe, expect, it } from 'vitest';
import type { Config } from '../../platform/config/config.js';
import { PasswordRules } from './password-rules.js';

const rules = new PasswordRules({ get: () => 'https://chat.harbour.example/team' } as unknown as Config);
const ADA = { username: 'ada', email: 'ada.lovelace@example.org', displayName: 'Ada King Lovelace' };

function problemOf(password: string, owner = ADA): string | undefined {
  try {
    rules.require('next', password, owner);
    return undefined;
  } catch (error) {
    const { code, details } = error as { code: string; details: { errors: { path: string; message: string }[] } };
    expect([code, details.errors[0]!.path]).toEqual(['INVALID_INPUT', 'next']);
    return details.errors[0]!.message;
  }
}

describe('a password', () => {
  it.each(['password', 'PassWord1', '12345678', 'qwertyuiop', 'iloveyou1', 'ｐａｓｓｗｏｒｄ', ' password ', 'trustno1', 'q1w2e3r4'])('is not %j, which is common', (password) => {
    expect(problemOf(password)).toBe('must not be one of the most common passwords');
  });

  it.each([
    ['the username, with digits', 'ada12345'],
    ['the username twice', 'ADA-ada-ada'],
    ['the username and a birthday', '19901231ada'],
    ['the username and a common password', 'Ada!qwerty'],
    ['the e-mail address', 'ada.lovelace@example.org'],
    ['its local part', 'ada.lovelace'],
    ['the display name', 'adakinglovelace'],
    ['a part of it, in full width', 'ＬＯＶＥＬＡＣＥ!'],
    ['the product', 'Atrium2026!'],
    ['the host', 'chat.harbour.example'],
    ['a part of it', 'harbour-99'],
    ['several of them', 'ada@harbour1'],
  ])('is not made of %s', (_what, password) => {
    expect(problemOf(password)).toBe('must not be made of your name, your address or the name of the server');
  });

  it.each(['correct horse battery', 'correct horse', 'café au lait', 'xxXXxxXX-#', 'ada eats seven plums', 'harbour lights at dusk', 'ada8391746250193', '海边的灯塔很亮啊', '\u{1f512}\u{1f511}\u{1f6aa}\u{1f3e0}', 'aaaaaaaabbbbbbbbc', '7351964028'])('may be %j', (password) => {
    expect(problemOf(password)).toBeUndefined();
  });

  it('may hold what would be trivial of somebody else', () => {
    expect(problemOf('grace.hopper')).toBeUndefined();
    expect(problemOf('grace.hopper', { username: 'grace', email: 'hopper@example.org', displayName: 'grace' })).toBeDefined();
    expect(problemOf('ab-ab-ab-ab', { username: 'ab', email: '@', displayName: '' })).toBeDefined();
    expect(problemOf('lighthouses', { username: '张三', email: 'x@example.org', displayName: ' ' })).toBeUndefined();
    expect(problemOf('张三12345', { username: '张三', email: 'x@example.org', displayName: '' })).toBeDefined();
  });
});
