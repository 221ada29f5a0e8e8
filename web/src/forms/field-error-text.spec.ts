import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { Register } from '../../../src/protocol/auth.js';
import { CreateRoom } from '../../../src/protocol/rooms.js';
import { UpdateMe } from '../../../src/protocol/users.js';
import { zh } from '../i18n/zh.js';
import { fieldErrorText, fieldErrorTexts } from './field-error-text.js';

let t: TFunction;

beforeAll(async () => {
  t = await createInstance().init({ lng: 'zh', resources: { zh: { translation: zh } } });
});

/** What the server's own schema says of a body, as it sends it. */
function errorsOf(schema: typeof Register | typeof CreateRoom | typeof UpdateMe, body: unknown): { path: string; message: string }[] {
  const { error } = schema.safeParse(body);
  return (error?.issues ?? []).map(({ path, message }) => ({ path: path.join('.'), message }));
}

const REGISTER = { email: 'ada@example.org', username: 'ada', password: 'correct horse' };

describe('the error of a field', () => {
  it.each([
    ['email', { ...REGISTER, email: 'x' }, zh.fields.email],
    ['username', { ...REGISTER, username: 'a' }, '至少 2 个字符。'],
    ['username', { ...REGISTER, username: '@da' }, zh.fields.username],
    ['username', { ...REGISTER, username: 'ａｄａ' }, zh.fields.normalForm],
    ['username', { ...REGISTER, username: 'x'.repeat(33) }, '最多 32 个字符。'],
    ['username', { email: REGISTER.email, password: REGISTER.password }, zh.fields.required],
    ['password', { ...REGISTER, password: 'short' }, '至少 8 个字符。'],
    ['password', { ...REGISTER, password: `correct horse \ud800` }, zh.fields.unicode],
    ['displayName', { ...REGISTER, displayName: '  ' }, zh.fields.required],
    ['displayName', { ...REGISTER, displayName: 'x'.repeat(65) }, '最多 64 个字符。'],
    ['displayName', { ...REGISTER, displayName: 'x\u0007' }, zh.fields.controlCharacters],
    ['displayName', { ...REGISTER, displayName: 'x\ny' }, zh.fields.oneLine],
    ['displayName', { ...REGISTER, displayName: 'x\u202ey' }, zh.fields.invisible],
    ['displayName', { ...REGISTER, displayName: `x${'\u0301'.repeat(5)}` }, zh.fields.marks],
    ['displayName', { ...REGISTER, displayName: '\u0301x' }, zh.fields.marks],
    ['username', { ...REGISTER, username: 'pаypal' }, zh.fields.scripts],
  ])('%s of %j is told in Chinese', (field, body, text) => {
    expect(fieldErrorTexts(t, errorsOf(Register, body), ['email', 'username', 'password', 'displayName'])).toEqual({ [field]: text });
  });

  it('knows numbers and addresses', () => {
    const room = (maxMembers: unknown) => fieldErrorTexts(t, errorsOf(CreateRoom, { name: 'x', maxMembers }), ['maxMembers']).maxMembers;
    expect(room(1)).toBe('不能小于 2。');
    expect(room(1_000_000)).toBe('不能大于 100000。');
    expect(room(2.5)).toBe(zh.fields.number);
    expect(fieldErrorTexts(t, errorsOf(UpdateMe, { avatarUrl: 'ftp://x' }), ['avatarUrl'])).toEqual({ avatarUrl: zh.fields.url });
    expect(fieldErrorTexts(t, errorsOf(UpdateMe, { avatarUrl: 'https://ada@x.example' }), ['avatarUrl'])).toEqual({ avatarUrl: zh.fields.userinfo });
  });

  it.each([
    ['is taken already', zh.fields.taken],
    ['is too like an existing name', zh.fields.tooAlike],
    ['must not be one of the most common passwords', zh.fields.commonPassword],
    ['must not be made of your name, your address or the name of the server', zh.fields.guessablePassword],
    ['is reserved', zh.fields.reserved],
    ['is not your password', zh.fields.currentPassword],
    ['is wrong', zh.rooms.passwordWrong],
    ['is required', zh.fields.required],
  ])('knows “%s”, which no schema says', (message, text) => {
    expect(fieldErrorText(t, { path: '', message })).toBe(text);
  });

  it('stays in the words of the server when they are new', () => {
    expect(fieldErrorText(t, { path: 'name', message: 'must rhyme' })).toBe('must rhyme');
  });

  it('is the first one of its field, and none of another form', () => {
    const errors = [
      { path: 'name', message: 'must not be blank' },
      { path: 'name', message: 'must rhyme' },
      { path: 'elsewhere', message: 'must rhyme' },
    ];
    expect(fieldErrorTexts(t, errors, ['name', 'password'])).toEqual({ name: zh.fields.required });
  });
});
