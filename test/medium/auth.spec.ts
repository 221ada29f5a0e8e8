import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import type { Problem } from '../../src/protocol/errors.js';
import { Tokens } from '../../src/protocol/auth.js';
import { startApp, type TestApp } from '../support/module.js';

/** Registration and login (docs: Security, "login"). */
describe('auth', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] }, { BOOTSTRAP_ADMIN_EMAIL: 'Root@Example.org' });
  });
  afterAll(() => t.close());

  const register = (body: unknown) => t.request<Tokens & Problem>('POST', '/auth/register', { body });
  const login = (body: unknown) => t.request<Tokens & Problem>('POST', '/auth/login', { body });
  const ada = { email: 'ada@example.org', username: 'ada', password: 'correct horse' };

  it('registers, and the tokens work', async () => {
    const { status, body } = await register(ada);
    expect(status).toBe(201);
    expect(Tokens.strict().safeParse(body).error).toBeUndefined();
    expect(body.user).toMatchObject({ email: 'ada@example.org', username: 'ada', displayName: 'ada', status: 'active', isAdmin: false });
    expect(body.expiresIn).toBe(900);
    const me = await t.request('GET', '/auth/me', { token: body.accessToken });
    expect(me).toMatchObject({ status: 200, body: body.user });
  });

  it('signs in by e-mail address and by username, in any case', async () => {
    for (const name of ['ada', 'ADA', 'ada@example.org', 'Ada@Example.ORG', 'ａｄａ']) {
      const { status, body } = await login({ login: name, password: ada.password });
      expect(status, name).toBe(200);
      expect(body.user.username).toBe('ada');
    }
  });

  it('takes a password in any Unicode composition', async () => {
    await register({ email: 'comp@example.org', username: 'comp', password: 'caf\u00e9 au lait' });
    expect((await login({ login: 'comp', password: 'cafe\u0301 au lait' })).status).toBe(200);
  });

  it('answers an unknown user and a wrong password with the same body', async () => {
    const wrong = await login({ login: 'ada', password: 'wrong horse' });
    const unknown = await login({ login: 'nobody', password: 'wrong horse' });
    const unknownEmail = await login({ login: 'nobody@example.org', password: 'wrong horse' });
    expect(wrong.status).toBe(401);
    expect(wrong.body.code).toBe('UNAUTHENTICATED');
    for (const other of [unknown, unknownEmail]) {
      expect(other.status).toBe(wrong.status);
      expect({ ...other.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
      expect(Object.keys(other.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
    }
  });

  it.each([
    ['the same address', { email: 'ada@example.org', username: 'ada2' }, 'email'],
    ['the address in another case', { email: 'ADA@example.org', username: 'ada2' }, 'email'],
    ['the same username', { email: 'ada2@example.org', username: 'ada' }, 'username'],
    ['the username in another case', { email: 'ada2@example.org', username: 'Ada' }, 'username'],
  ])('refuses %s as taken', async (_, names, path) => {
    const { status, body } = await register({ ...names, password: ada.password });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'ALREADY_EXISTS', errors: [{ path }] });
  });

  it('lets no Unicode twin pass for another user', async () => {
    await register({ email: 'strasse@example.org', username: 'strasse', password: ada.password });
    const folded = await register({ email: 'twin@example.org', username: 'straße', password: ada.password });
    expect(folded.body.code).toBe('ALREADY_EXISTS');
    for (const username of ['ａｄａ', 'e\u0301va', 'ada\ufe0f', 'ada\u200b', 'ada\u202e', 'a\u0000da', 'ada@home']) {
      const { status, body } = await register({ email: 'twin@example.org', username, password: ada.password });
      expect({ username, status, code: body.code }).toEqual({ username, status: 400, code: 'INVALID_INPUT' });
    }
  });

  it('registers one of many who want the same name at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => register({ email: `race${n}@example.org`, username: 'race', password: ada.password })));
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409, 409, 409]);
    // None of the losers has left anything behind.
    const rows = await t.db.rows<{ email: string }>(`SELECT email FROM users WHERE email LIKE 'race%'`);
    expect(rows).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    ['unknown fields', { ...ada, username: 'eve', email: 'eve@example.org', isAdmin: true }, 'isAdmin'],
    ['several of them', { ...ada, status: 'active', id: '00000000-0000-7000-8000-000000000001' }, 'status'],
    ['an operator object', { ...ada, username: { $ne: null } }, 'username'],
    ['an array for a string', { ...ada, username: ['ada'] }, 'username'],
    ['a number', { ...ada, password: 12345678 }, 'password'],
    ['null', { ...ada, email: null }, 'email'],
    ['a short password', { ...ada, password: 'short' }, 'password'],
    ['a long password', { ...ada, password: 'x'.repeat(257) }, 'password'],
    ['no address', { ...ada, email: 'ada' }, 'email'],
    ['an array', [ada], ''],
    ['a string', '"ada"', ''],
  ])('refuses %s', async (_, body, path) => {
    const answer = await register(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('INVALID_INPUT');
    expect(answer.body.errors!.map((e) => e.path)).toContain(path);
  });

  it.each([
    `{"email":"p@example.org","username":"proto","password":"correct horse","__proto__":{"isAdmin":true}}`,
    `{"email":"p@example.org","username":"proto","password":"correct horse","constructor":{"prototype":{"isAdmin":true}}}`,
    `{"email":"p@example.org"`,
  ])('refuses the body %s', async (body) => {
    const answer = await register(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('refuses operators as login', async () => {
    for (const body of [{ login: { $gt: '' }, password: 'x' }, { login: ['ada'], password: 'x' }, { login: 'ada', password: { $ne: '' } }]) {
      expect((await login(body)).status).toBe(400);
    }
    expect((await login({ login: `ada' OR '1'='1`, password: ada.password })).status).toBe(401);
    expect((await login({ login: 'ad%', password: ada.password })).status).toBe(401);
    expect((await login({ login: 'a\u0000', password: ada.password })).status).toBe(400);
  });

  it('keeps neither passwords nor tokens', async () => {
    const { body } = await register({ email: 'hash@example.org', username: 'hash', password: 'correct horse' });
    const rows = await t.db.rows<{ text: string; password_hash: string }>(
      `SELECT to_jsonb(u)::text || to_jsonb(s)::text || encode(s.token_hash, 'escape') AS text, u.password_hash
       FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.id = $1`,
      [body.user.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(rows[0]!.text).not.toContain('correct horse');
    for (const part of [...body.refreshToken.split('.').slice(1), body.accessToken]) expect(rows[0]!.text).not.toContain(part);
  });

  it('tells a suspended user so only with the right password', async () => {
    const { user } = await t.register('sus');
    for (const status of ['suspended', 'inactive']) {
      await t.db.rows('UPDATE users SET status = $2 WHERE id = $1', [user.id, status]);
      expect(await login({ login: 'sus', password: 'correct horse' })).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
      expect(await login({ login: 'sus', password: 'wrong horse' })).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    }
    await t.db.rows(`UPDATE users SET status = 'active', deleted_at = now() WHERE id = $1`, [user.id]);
    expect((await login({ login: 'sus', password: 'correct horse' })).status).toBe(401);
  });

  it('makes the user of BOOTSTRAP_ADMIN_EMAIL an administrator, and nobody else', async () => {
    expect((await register({ email: 'root@example.org', username: 'root', password: 'correct horse' })).body.user.isAdmin).toBe(true);
    expect((await register({ email: 'root2@example.org', username: 'root2', password: 'correct horse' })).body.user.isAdmin).toBe(false);
  });
});

describe('login limits', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] }, { RATE_LIMITS: 'on' });
  });
  afterAll(() => t.close());

  const attempt = (login: string, password: string, ip: string) => t.request<Problem>('POST', '/auth/login', { body: { login, password }, ip });

  it('slows guessing at one account from many addresses, whether it exists or not', async () => {
    await t.register('victim');
    for (const login of ['victim', 'nobody']) {
      const answers: number[] = [];
      for (let n = 0; n < 11; n++) answers.push((await attempt(login, 'wrong', `10.0.${login.length}.${n}`)).status);
      expect(answers).toEqual([...Array<number>(10).fill(401), 429]);
      const { body, headers } = await attempt(login.toUpperCase(), 'wrong', '10.1.1.1');
      expect(body.code).toBe('RATE_LIMITED');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      // One try every ten seconds at the latest: slow, not locked.
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(10);
    }
  });

  it('does not count successes against the account', async () => {
    await t.register('often');
    for (let n = 0; n < 15; n++) expect((await attempt('often', 'correct horse', `10.2.0.${n}`)).status).toBe(200);
  });

  it('slows guessing from one address at many accounts', async () => {
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => attempt(`many${n}`, 'wrong', '10.3.0.1')));
    const limited = answers.filter((a) => a.status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect((await attempt('elsewhere', 'wrong', '10.3.0.2')).status).toBe(401);
  });

  it('limits strangers by address', async () => {
    const answers = await Promise.all(Array.from({ length: 520 }, () => t.request('GET', '/auth/me', { ip: '10.4.0.1' })));
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([401, 429]));
    expect((await t.request('GET', '/auth/me', { ip: '10.4.0.2' })).status).toBe(401);
  });
});
