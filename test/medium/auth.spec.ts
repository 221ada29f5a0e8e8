import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { LoginLine } from '../../src/modules/auth/login-line.js';
import { PasswordHasher } from '../../src/modules/auth/password-hasher.js';
import { LIMITS_BY_NAME } from '../../src/platform/rate-limit/rate-limits.js';
import type { Problem } from '../../src/protocol/errors.js';
import { type IssuedTokens, Tokens } from '../../src/protocol/auth.js';
import { eventually } from '../support/eventually.js';
import { startApp, type TestApp } from '../support/module.js';

/** Registration and login (docs: Security, "login"). */
describe('auth', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] }, { BOOTSTRAP_ADMIN_EMAIL: 'First@Example.org' });
  });
  afterAll(() => t.close());

  const register = (body: unknown) => t.request<IssuedTokens & Problem>('POST', '/auth/register', { body });
  const login = (body: unknown) => t.request<IssuedTokens & Problem>('POST', '/auth/login', { body });
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
    ['a common password', { ...ada, password: 'Password1' }, 'password'],
    ['the username as password', { ...ada, email: 'g@example.org', username: 'guessable', password: 'GUESSABLE12' }, 'password'],
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

  it('refuses a new password that is easily guessed', async () => {
    const { accessToken: token } = await t.register('changes');
    for (const next of ['iloveyou1', 'changes-2026', 'atrium123']) {
      const answer = await t.request<Problem>('POST', '/auth/password', { token, body: { current: 'correct horse', next } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'next' }] } });
    }
    expect((await login({ login: 'changes', password: 'correct horse' })).status).toBe(200);
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

  it('gives nobody any right for an address that nobody has verified, whatever BOOTSTRAP_ADMIN_EMAIL says', async () => {
    const { body } = await register({ email: 'first@example.org', username: 'first', password: 'correct horse' });
    const next = await startApp({ imports: [AuthModule] }, { BOOTSTRAP_ADMIN_EMAIL: 'First@Example.org' }, t.databaseUrl);
    expect((await next.request<Tokens['user']>('GET', '/auth/me', { token: body.accessToken })).body.isAdmin).toBe(false);
    expect((await next.request('GET', '/admin/users', { token: body.accessToken })).status).toBe(403);
    await next.close();
  });
});

describe('login limits', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] }, { RATE_LIMITS: 'on' });
  });
  afterAll(() => t.close());

  const attempt = (login: string, password: string, ip: string, deviceToken?: string) => t.request<IssuedTokens & Problem>('POST', '/auth/login', { body: { login, password, deviceToken }, ip });
  const PASSWORD = 'correct horse';

  it('lets nobody lock out the owner: not on a device that is known, behind whatever address, nor on a new one elsewhere', async () => {
    await t.register('victim');
    const { deviceToken } = (await attempt('victim', PASSWORD, '10.8.0.1')).body;
    const attackers = ['10.9.0.1', '10.8.0.1'];
    const statuses = { knownDevice: [] as number[], newDevice: [] as number[] };
    for (let round = 0; round < 15; round++) {
      for (const login of ['victim', 'VICTIM@example.org', 'nobody']) for (const ip of attackers) await attempt(login, 'wrong', ip);
      // Behind the address of an attacker.
      statuses.knownDevice.push((await attempt('victim', PASSWORD, '10.8.0.1', deviceToken)).status);
      statuses.newDevice.push((await attempt('victim@example.org', PASSWORD, '10.7.0.1')).status);
    }
    expect(statuses).toEqual({ knownDevice: Array(15).fill(200), newDevice: Array(15).fill(200) });
    expect((await attempt('victim', PASSWORD, attackers[0]!)).status).toBe(429);
  });

  it('counts wrong passwords by account and address, whether the account exists or not, and whichever of its names is typed', async () => {
    await t.register('named');
    for (const [names, ip] of [[['named', 'NAMED', 'named@example.org', 'ｎａｍｅｄ'], '10.0.1.1'], [['nobody', 'NOBODY', 'ｎｏｂｏｄｙ', 'nobody'], '10.0.1.2']] as const) {
      const answers = [];
      for (let n = 0; n < 11; n++) answers.push(await attempt(names[n % 4]!, 'wrong', ip));
      expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), 429]);
      const { body, headers } = answers[10]!;
      expect(body.code).toBe('RATE_LIMITED');
      // One try every ten seconds at the latest: slow, not locked.
      expect([Number(headers['retry-after']) > 0, Number(headers['retry-after']) <= 10]).toEqual([true, true]);
      expect((await attempt(names[0], 'wrong', '10.0.1.3')).status).toBe(401);
    }
  });

  it('counts wrong passwords from a known device by themselves, and only for those whom it knows', async () => {
    await t.register('kept');
    await t.register('other');
    const { deviceToken } = (await attempt('kept', PASSWORD, '10.5.0.1')).body;
    const from = async (login: string, count: number) => {
      const statuses: number[] = [];
      for (let n = 0; n < count; n++) statuses.push((await attempt(login, 'wrong', `10.5.1.${n}`, deviceToken)).status);
      return statuses;
    };
    expect(await from('kept', 11)).toEqual([...Array<number>(10).fill(401), 429]);
    expect(await from('other', 11)).toEqual(Array<number>(11).fill(401));
    expect((await attempt('kept', PASSWORD, '10.5.0.1')).status).toBe(200);
  });

  it.each(['herd', 'unknown-herd'])('slows guessing at one account from many addresses (%s), and lets a new address go first', async (login) => {
    if (login === 'herd') await t.register('herd');
    const line = t.app.get(LoginLine);
    const order: string[] = [];
    const try_ = (name: string, password: string, ip: string) => attempt(login, password, ip).then(({ status }) => order.push(`${name}: ${status}`));
    // Each has had a turn when it comes again.
    const bots = Array.from({ length: LIMITS_BY_NAME.loginByAccount.burst }, (_, n) => `10.6.${login.length}.${n}`);
    for (const ip of bots) await try_('bot', 'wrong', ip);
    order.splice(0);
    const guesses: Promise<number>[] = [];
    // The bucket refills meanwhile.
    while (line.waiting < 3) {
      guesses.push(try_('bot', 'wrong', bots[guesses.length % bots.length]!));
      await eventually('the guess waits, or is answered', () => line.waiting === guesses.length - order.length);
    }
    order.splice(0);
    const verify = vi.spyOn(t.app.get(PasswordHasher), 'verify');
    const owner = try_('owner', PASSWORD, '10.6.99.1');
    await eventually('the owner waits', () => line.waiting === 4 || order.length > 0);
    expect(verify.mock.calls.length).toBe(order.length);
    verify.mockRestore();
    await Promise.all([owner, ...guesses]);
    // By the order in which they came, the owner would be last.
    expect(order.indexOf(`owner: ${login === 'herd' ? 200 : 401}`)).toBeLessThan(2);
    expect(order.filter((entry) => entry === 'bot: 401')).toHaveLength(3);
  });

  it('gives the password its own limit in each session, which strangers cannot use up', async () => {
    const { accessToken: token } = await t.register('changer');
    const other = (await attempt('changer', PASSWORD, '10.7.1.1')).body.accessToken;
    for (let n = 0; n < 40; n++) await attempt('changer', 'wrong', '10.7.1.2');
    const change = (by: string, current: string) => t.request('POST', '/auth/password', { token: by, body: { current, next: PASSWORD } });
    const statuses = [];
    for (let n = 0; n < 11; n++) statuses.push((await change(other, 'wrong')).status);
    expect(statuses).toEqual([...Array<number>(10).fill(403), 429]);
    expect((await change(token, PASSWORD)).status).toBe(204);
  });

  it('does not count successes against the account', async () => {
    await t.register('often');
    for (let n = 0; n < 45; n++) expect((await attempt('often', PASSWORD, n % 2 ? `10.2.0.${n}` : '10.2.1.1')).status).toBe(200);
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
