import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { skeletonOf } from '../../src/modules/users/username-skeleton.js';
import { UsersService } from '../../src/modules/users/users.service.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { Profile, User } from '../../src/protocol/users.js';
import { startApp, type TestApp } from '../support/module.js';

interface ListOf<T> {
  items: T[];
  nextCursor: string | null;
}

describe('users', () => {
  let t: TestApp;
  let ada: Tokens;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
    ada = await t.register('ada');
  });
  afterAll(() => t.close());

  const patchMe = (body: unknown) => t.request<User>('PATCH', '/users/me', { token: ada.accessToken, body });
  const get = (id: string) => t.request<Profile>('GET', `/users/${id}`, { token: ada.accessToken });
  const find = async (query: Record<string, string>) =>
    (await t.request<ListOf<Profile>>('GET', `/users?${new URLSearchParams(query).toString()}`, { token: ada.accessToken })).body;
  const names = async (query: Record<string, string>) => (await find(query)).items.map((u) => u.username);

  it('see themselves', async () => {
    expect(await t.request('GET', '/users/me', { token: ada.accessToken })).toMatchObject({ status: 200, body: ada.user });
  });

  it('change their profile, field by field', async () => {
    expect((await patchMe({ displayName: 'Ada L.' })).body).toEqual({ ...ada.user, displayName: 'Ada L.' });
    expect((await patchMe({ avatarUrl: 'https://example.org/ada.png' })).body).toMatchObject({ displayName: 'Ada L.', avatarUrl: 'https://example.org/ada.png' });
    expect((await patchMe({ avatarUrl: null })).body.avatarUrl).toBeNull();
    expect(await patchMe({})).toMatchObject({ status: 200, body: { displayName: 'Ada L.' } });
  });

  it.each([
    [{ isAdmin: true }], [{ status: 'active' }], [{ id: randomUUID() }], [{ email: 'eve@example.org' }], [{ passwordHash: 'x' }], [{ displayName: '' }], [{ displayName: ' ' }],
    [{ displayName: ['a'] }], [{ displayName: 'a\u0000b' }], [{ displayName: 'x'.repeat(65) }], [{ avatarUrl: 'javascript:alert(1)' }], [{ avatarUrl: 'x' }], [{ avatarUrl: 'https://ada@example.org/a.png' }], [{ avatarUrl: 'https://:secret@example.org/a.png' }],
  ])('cannot set %j', async (body) => {
    expect(await patchMe(body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect((await t.request<User>('GET', '/users/me', { token: ada.accessToken })).body).toMatchObject({ isAdmin: false, email: 'ada@example.org' });
  });

  it('see of others the profile alone', async () => {
    const { user } = await t.register('bob');
    expect((await get(user.id)).body).toEqual({ id: user.id, username: 'bob', displayName: 'bob', avatarUrl: null });
    expect((await get(user.id.toUpperCase())).status).toBe(200);
    expect(await get(randomUUID())).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
    expect(await get('x')).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    await t.db.rows('UPDATE users SET deleted_at = now() WHERE id = $1', [user.id]);
    expect((await get(user.id)).status).toBe(404);
  });

  it('are found by parts of their names, wildcards being ordinary characters', async () => {
    const { accessToken } = await t.register('find_me');
    await t.request('PATCH', '/users/me', { token: accessToken, body: { displayName: 'Zoë 100% 山田 \\o/' } });
    await t.register('findxme');
    expect(await names({ q: 'find' })).toEqual(['find_me', 'findxme']);
    expect(await names({ q: 'D_ME' })).toEqual(['find_me']);
    for (const q of ['0%', '山', 'ZOE\u0308', 'zo', '\\o', 'Ｚｏë']) expect(await names({ q }), q).toEqual(['find_me']);
    for (const q of ['%', '\\']) expect(await names({ q })).toEqual(['find_me']);
    expect(await names({ q: '_' })).toEqual(['find_me']);
    expect(await names({ q: `' OR true --` })).toEqual([]);
    // The address of others is nobody's business.
    expect(await names({ q: 'example.org' })).toEqual([]);
  });

  it('are listed in pages without gaps or doubles, active ones only', async () => {
    for (let n = 0; n < 7; n++) await t.register(`page${n}`);
    await t.db.rows(`UPDATE users SET status = 'suspended' WHERE username = 'page3'`);
    await t.db.rows(`UPDATE users SET deleted_at = now() WHERE username = 'page5'`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: ListOf<Profile> = await find({ q: 'page', limit: '2', ...(cursor && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((u) => u.username));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['page0', 'page1', 'page2', 'page4', 'page6']);
    expect((await find({ q: 'page', limit: '5' })).nextCursor).toBeNull();
    expect(await names({ q: '' })).toContain('ada');
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'q[$ne]=x', 'q=a&q=b', 'sort=email', 'cursor=AAAA', 'cursor=WyJcdTAwMDAiXQ', 'cursor=W10'])('cannot be listed with ?%s', async (query) => {
    expect(await t.request('GET', `/users?${query}`, { token: ada.accessToken })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });

  it('are told by their ids, former and suspended ones too, since what they said stays signed', async () => {
    const [left, suspended] = [await t.register('left'), await t.register('suspended')];
    await t.db.rows('UPDATE users SET deleted_at = now() WHERE id = $1', [left.user.id]);
    await t.db.rows(`UPDATE users SET status = 'suspended' WHERE id = $1`, [suspended.user.id]);
    const ids = [ada.user.id, left.user.id.toUpperCase(), suspended.user.id, randomUUID()];
    const page = await find({ ids: ids.join(',') });
    expect(page.items.map((u) => u.username).sort()).toEqual(['ada', 'left', 'suspended']);
    expect(page.nextCursor).toBeNull();
    expect(Object.keys(page.items[0]!).sort()).toEqual(['avatarUrl', 'displayName', 'id', 'username']);
  });

  it.each([
    ['', 'ids[0]'],
    ['x', 'ids[0]'],
    [`${randomUUID()},`, 'ids[1]'],
    [Array.from({ length: 201 }, () => randomUUID()).join(','), 'ids'],
  ])('are not told for ids that are none, or too many', async (ids, path) => {
    expect(await t.request('GET', `/users?ids=${ids}`, { token: ada.accessToken })).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    expect(await t.request('GET', `/users?ids=${ada.user.id}&q=ada`, { token: ada.accessToken })).toMatchObject({ status: 400, body: { errors: [{ path: 'ids' }] } });
  });

  it('are known to other modules by profile, former ones too', async () => {
    const service = t.app.get(UsersService);
    const { user: gone } = await t.register('gone');
    await t.db.rows('UPDATE users SET deleted_at = now() WHERE id = $1', [gone.id]);
    const profiles = await service.getProfiles([ada.user.id, gone.id, randomUUID()]);
    expect([...profiles.keys()].sort()).toEqual([ada.user.id, gone.id].sort());
    expect(profiles.get(gone.id)!.username).toBe('gone');
    await expect(service.requireActive(gone.id)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    expect((await service.requireActive(ada.user.id)).username).toBe('ada');
  });
});

describe('administration', () => {
  let t: TestApp;
  let root: Tokens;
  let users = 0;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
    root = await t.register('boss');
    await t.app.get(UsersService).updateAsAdmin(root.user.id, { isAdmin: true });
  });
  afterAll(() => t.close());

  const patch = (id: string, body: unknown, by = root) => t.request<User>('PATCH', `/admin/users/${id}`, { token: by.accessToken, body });
  const me = async ({ accessToken }: Tokens) => (await t.request('GET', '/users/me', { token: accessToken })).status;
  const newcomer = () => t.register(`user${users++}`);

  it('is for administrators', async () => {
    const mallory = await newcomer();
    for (const answer of [
      await t.request('GET', '/admin/users', { token: mallory.accessToken }),
      await patch(mallory.user.id, { isAdmin: true }, mallory),
      await patch(root.user.id, { status: 'suspended' }, mallory),
      await patch('x', { nonsense: true }, mallory),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    }
    expect(await me(root)).toBe(200);
  });

  it('lists everyone, found by address too', async () => {
    const { user } = await newcomer();
    await patch(user.id, { status: 'inactive' });
    const list = async (query: string) => (await t.request<ListOf<User>>('GET', `/admin/users?${query}`, { token: root.accessToken })).body;
    expect((await list(`q=${user.email}`)).items).toEqual([{ ...user, status: 'inactive' }]);
    expect((await list('q=BOSS')).items.map((u) => u.username)).toEqual(['boss']);
    expect((await list('q=%25')).items).toEqual([]);
    const first = await list('limit=1');
    const second = await list(`limit=1&cursor=${first.nextCursor}`);
    expect(second.items[0]!.username > first.items[0]!.username).toBe(true);
  });

  it.each(['suspended', 'inactive'])('takes access away at once (%s), and gives it back', async (status) => {
    const user = await newcomer();
    expect(await me(user)).toBe(200);
    const before = t.revocations.length;
    expect((await patch(user.user.id, { status })).body.status).toBe(status);
    expect(t.revocations.slice(before)).toEqual([{ userId: user.user.id, reason: 'suspended' }]);
    expect(await me(user)).toBe(401);
    expect((await t.request('POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } })).status).toBe(401);
    await patch(user.user.id, { status: 'active' });
    expect((await t.request('POST', '/auth/login', { body: { login: user.user.username, password: 'correct horse' } })).status).toBe(200);
  });

  it('makes administrators, and takes that away at once', async () => {
    const { user } = await newcomer();
    expect((await patch(user.id, { isAdmin: true })).body.isAdmin).toBe(true);
    const deputy = (await t.request<Tokens>('POST', '/auth/login', { body: { login: user.username, password: 'correct horse' } })).body;
    expect((await t.request('GET', '/admin/users', { token: deputy.accessToken })).status).toBe(200);
    const before = t.revocations.length;
    await patch(user.id, { isAdmin: false });
    expect(t.revocations.slice(before)).toEqual([{ userId: user.id, reason: 'revoked' }]);
    expect((await t.request('GET', '/admin/users', { token: deputy.accessToken })).status).toBe(403);
    expect(await me(deputy)).toBe(200);
  });

  const login = async ({ user }: Tokens) => (await t.request<Tokens>('POST', '/auth/login', { body: { login: user.username, password: 'correct horse' } })).body;
  const refresh = async ({ refreshToken }: Tokens) => (await t.request('POST', '/auth/refresh', { body: { refreshToken } })).status;

  it.each(['suspended', 'inactive'] as const)('ends all sessions of a user for good with the status %s', async (status) => {
    const laptop = await newcomer();
    const phone = await login(laptop);
    expect([await me(laptop), await me(phone)]).toEqual([200, 200]);
    const before = t.revocations.length;
    expect((await patch(laptop.user.id, { status })).body.status).toBe(status);
    expect(t.revocations.slice(before)).toEqual([{ userId: laptop.user.id, reason: 'suspended' }]);
    expect([await me(laptop), await refresh(phone)]).toEqual([401, 401]);
    await patch(laptop.user.id, { status: 'active' });
    expect([await me(laptop), await me(phone), await refresh(laptop), await refresh(phone)]).toEqual([401, 401, 401, 401]);
    expect(await me(await login(laptop))).toBe(200);
  });

  it('ends them whatever deletes or suspends the user, a statement by hand included', async () => {
    for (const change of [`status = 'suspended'`, `status = 'inactive'`, 'deleted_at = now()']) {
      const tokens = await newcomer();
      await t.db.rows(`UPDATE users SET ${change} WHERE id = $1`, [tokens.user.id]);
      await t.db.rows(`UPDATE users SET status = 'active', deleted_at = NULL WHERE id = $1`, [tokens.user.id]);
      expect([await me(tokens), await refresh(tokens)], change).toEqual([401, 401]);
    }
  });

  it('leaves no session behind, however sign-ins and refreshes are timed', async () => {
    const tokens = await newcomer();
    const logins = Array.from({ length: 6 }, () => login(tokens));
    await Promise.all([...logins.slice(0, 3), patch(tokens.user.id, { status: 'suspended' }), refresh(tokens), ...logins.slice(3)]);
    const standing = await t.db.rows('SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [tokens.user.id]);
    expect(standing).toEqual([]);
  });

  it('keeps the sessions of a user whose profile or administration changes', async () => {
    const tokens = await newcomer();
    await patch(tokens.user.id, { isAdmin: true });
    await patch(tokens.user.id, { isAdmin: false, status: 'active' });
    await t.request('PATCH', '/users/me', { token: tokens.accessToken, body: { displayName: 'Another' } });
    expect([await me(tokens), await refresh(tokens)]).toEqual([200, 200]);
  });

  it.each([[{ isAdmin: 'yes' }], [{ status: 'deleted' }], [{ email: 'x@example.org' }], [{ passwordHash: null }], [{ isAdmin: true, __proto__x: 1 }], [[]]])('refuses %j', async (body) => {
    const { user } = await newcomer();
    expect(await patch(user.id, body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });

  it('answers 404 for nobody', async () => {
    expect(await patch(randomUUID(), { isAdmin: true })).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
  });

  it('keeps the last active administrator', async () => {
    for (const change of [{ isAdmin: false }, { status: 'suspended' }, { status: 'inactive' }, { isAdmin: false, status: 'inactive' }]) {
      expect(await patch(root.user.id, change)).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    }
    // A suspended administrator is nobody to rely on.
    const { user } = await newcomer();
    await patch(user.id, { isAdmin: true, status: 'suspended' });
    expect((await patch(root.user.id, { isAdmin: false })).status).toBe(403);
    expect((await patch(root.user.id, { isAdmin: true, status: 'active' })).status).toBe(200);
    await patch(user.id, { isAdmin: false });
  });

  it('keeps one of two who step down at once', async () => {
    const { user } = await newcomer();
    await patch(user.id, { isAdmin: true });
    const deputy = (await t.request<Tokens>('POST', '/auth/login', { body: { login: user.username, password: 'correct horse' } })).body;
    const answers = await Promise.all([patch(root.user.id, { isAdmin: false }), patch(user.id, { isAdmin: false }, deputy)]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 403]);
    const admins = await t.db.rows<{ id: string }>(`SELECT id FROM users WHERE is_admin AND status = 'active'`);
    expect(admins).toHaveLength(1);
  });
});

describe('names that look alike', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
  });
  afterAll(() => t.close());
  let addresses = 0;
  const register = (username: string) => t.request<Tokens & { detail: string; errors: unknown }>('POST', '/auth/register', { body: { email: `person${addresses++}@example.org`, username, password: 'correct horse' } });

  it('are one: the first has it', async () => {
    expect((await register('scope')).status).toBe(201);
    for (const twin of ['ѕсоре', 'sc0pe', 'ЅСОРЕ']) {
      expect(await register(twin), twin).toMatchObject({ status: 409, body: { code: 'ALREADY_EXISTS', detail: 'username: is too like an existing name', errors: [{ path: 'username', message: 'is too like an existing name' }] } });
    }
    expect((await register('SCOPE')).body.errors).toEqual([{ path: 'username', message: 'is taken already' }]);
    for (const other of ['scopes', 'scópe', 'スコープ']) expect((await register(other)).status, other).toBe(201);
  });

  it('are one for those who come at the same time too', async () => {
    const answers = await Promise.all(['Paypal', 'PaypaI', 'paypa1', 'PAYPAl'].map((username) => register(username)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('are refused in scripts that are mixed, and in words that are reserved', async () => {
    expect((await register('pаypal')).body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'username', message: 'must not mix scripts that look alike' }] });
    for (const word of ['admin', 'R00T', 'sys.tem', 'everyone', '管理员']) {
      expect(await register(word), word).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: 'username', message: 'is reserved' }] } });
    }
  });

  it('from before that was asked stay as they are: the oldest has the skeleton, and newcomers yield to it', async () => {
    const [first, second, third] = [await t.register('moon'), await t.register('sun'), await t.register('star')];
    // As older code inserted them.
    await t.db.rows(`UPDATE users SET username = 'm00n', username_key = 'm00n' WHERE id = $1`, [second.user.id]);
    await t.db.rows('UPDATE users SET username_skeleton = NULL WHERE id = ANY($1)', [[first.user.id, second.user.id, third.user.id]]);
    const next = await startApp({ imports: [AuthModule] }, {}, t.databaseUrl);
    const rows = await t.db.rows<{ username: string; skeleton: string }>('SELECT username, username_skeleton AS skeleton FROM users WHERE id = ANY($1) ORDER BY id', [[first.user.id, second.user.id, third.user.id]]);
    expect(rows).toEqual([{ username: 'moon', skeleton: skeletonOf('moon') }, { username: 'm00n', skeleton: second.user.id }, { username: 'star', skeleton: skeletonOf('star') }]);
    expect((await register('m0on')).status).toBe(409);
    expect((await next.request('POST', '/auth/login', { body: { login: 'm00n', password: 'correct horse' } })).status).toBe(200);
    await next.close();
  });

  it('are found among thousands', async () => {
    await t.db.rows(`INSERT INTO users (id, email, email_key, username, username_key, display_name) SELECT gen_random_uuid(), 'bulk' || n, 'bulk' || n, 'bulk' || n, 'bulk' || n, '' FROM generate_series(1, 2500) n`);
    const next = await startApp({ imports: [AuthModule] }, {}, t.databaseUrl);
    expect(await t.db.rows(`SELECT count(*)::int AS missing FROM users WHERE username_skeleton IS NULL`)).toEqual([{ missing: 0 }]);
    expect(await t.db.rows(`SELECT username FROM users WHERE username_skeleton = $1`, [skeletonOf('bu1k2345')])).toEqual([{ username: 'bulk2345' }]);
    await next.close();
  });
});
