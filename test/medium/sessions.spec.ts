import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { SessionsService } from '../../src/modules/auth/sessions.service.js';
import type { Session, IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import { SocketAuthenticator } from '../../src/platform/realtime/identity.js';
import { startApp, type TestApp } from '../support/module.js';

/** Access ends at once, on REST and for open sockets (P8). Each test uses the tokens first, so that they stand in the cache. */
describe('sessions', () => {
  let t: TestApp;
  let users = 0;
  let name: string;
  let laptop: Tokens;
  let phone: Tokens;
  let announced: number;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    name = `user${users++}`;
    laptop = await t.register(name);
    phone = await signIn();
    expect([await me(laptop), await me(phone)]).toEqual([200, 200]);
    announced = t.revocations.length;
  });

  const signIn = async (password = 'correct horse', headers: Record<string, string> = {}) =>
    (await t.request<Tokens>('POST', '/auth/login', { body: { login: name, password }, headers })).body;
  const me = async ({ accessToken }: Tokens) => (await t.request('GET', '/auth/me', { token: accessToken })).status;
  const refresh = async ({ refreshToken }: Tokens) => (await t.request('POST', '/auth/refresh', { body: { refreshToken } })).status;
  const idOf = ({ refreshToken }: Tokens) => refreshToken.split('.')[0]!;
  const revocations = () => t.revocations.slice(announced);
  const list = async (tokens: Tokens) => (await t.request<{ items: Session[] }>('GET', '/auth/sessions', { token: tokens.accessToken })).body.items;

  it('end one by one at logout', async () => {
    const logout = () => t.request('POST', '/auth/logout', { body: { refreshToken: laptop.refreshToken } });
    expect(await logout()).toMatchObject({ status: 204, body: undefined });
    expect(revocations()).toEqual([{ userId: laptop.user.id, sessionId: idOf(laptop), reason: 'logout' }]);
    expect([await me(laptop), await refresh(laptop), await me(phone), await refresh(phone)]).toEqual([401, 401, 200, 200]);
    await expect(t.app.get(SocketAuthenticator).authenticate(laptop.accessToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    // Again, or with nonsense: the same answer, and nothing happens.
    expect((await logout()).status).toBe(204);
    expect(revocations()).toHaveLength(1);
  });

  it('do not end by a guessed refresh token', async () => {
    const [, secret, proof] = phone.refreshToken.split('.');
    for (const refreshToken of [`${idOf(laptop)}.${secret}.${proof}`, idOf(laptop), 'x']) {
      expect((await t.request('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(204);
    }
    expect(await me(laptop)).toBe(200);
    expect(revocations()).toEqual([]);
  });

  it('all end at logout-all', async () => {
    expect((await t.request('POST', '/auth/logout-all', { token: laptop.accessToken })).status).toBe(204);
    expect(revocations()).toEqual([{ userId: laptop.user.id, reason: 'logout' }]);
    expect([await me(laptop), await me(phone), await refresh(laptop), await refresh(phone)]).toEqual([401, 401, 401, 401]);
    expect(await me(await signIn())).toBe(200);
  });

  it('can be listed, last used first, without secrets', async () => {
    const tablet = await signIn('correct horse', { 'user-agent': `Tablet/1 ${'x'.repeat(300)}` });
    const items = await list(laptop);
    expect(items.map((s) => s.id)).toEqual([idOf(tablet), idOf(phone), idOf(laptop)]);
    expect(items.map((s) => s.current)).toEqual([false, false, true]);
    expect(items[0]!.userAgent).toHaveLength(256);
    expect(items[0]!.ip).toBe('127.0.0.1');
    expect(Object.keys(items[0]!).sort()).toEqual(['createdAt', 'current', 'expiresAt', 'id', 'ip', 'lastUsedAt', 'userAgent']);
    await t.db.rows('UPDATE sessions SET expires_at = now() WHERE id = $1', [idOf(tablet)]);
    expect((await list(laptop)).map((s) => s.id)).toEqual([idOf(phone), idOf(laptop)]);
  });

  it('can be revoked by their user alone', async () => {
    const revoke = (id: string, { accessToken }: Tokens) => t.request<{ code: string }>('DELETE', `/auth/sessions/${id}`, { token: accessToken });
    const mallory = await t.register(`mallory${users}`);
    for (const id of [idOf(phone), randomUUID()]) expect(await revoke(id, mallory)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await revoke('1', mallory)).status).toBe(400);
    expect(await me(phone)).toBe(200);
    expect((await revoke(idOf(phone), laptop)).status).toBe(204);
    expect(revocations()).toEqual([{ userId: laptop.user.id, sessionId: idOf(phone), reason: 'revoked' }]);
    expect([await me(phone), await refresh(phone), await me(laptop)]).toEqual([401, 401, 200]);
    expect((await revoke(idOf(phone), laptop)).status).toBe(404);
  });

  describe('at a change of the password', () => {
    const change = (current: unknown, next: unknown) => t.request('POST', '/auth/password', { token: laptop.accessToken, body: { current, next } });

    it('all others end, and the old password with them', async () => {
      expect((await change('correct horse', 'battery staple')).status).toBe(204);
      expect(revocations()).toEqual([{ userId: laptop.user.id, exceptSessionId: idOf(laptop), reason: 'password-changed' }]);
      expect([await me(laptop), await me(phone), await refresh(phone), await refresh(laptop)]).toEqual([200, 401, 401, 200]);
      expect(await signIn('correct horse')).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await me(await signIn('battery staple'))).toBe(200);
    });

    it('nothing happens when the current one is wrong', async () => {
      expect(await change('wrong horse', 'battery staple')).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED', errors: [{ path: 'current' }] } });
      expect((await change('correct horse', 'short')).status).toBe(400);
      expect((await change(['correct horse'], 'battery staple')).status).toBe(400);
      expect([await me(phone), revocations().length]).toEqual([200, 0]);
      expect(await me(await signIn('correct horse'))).toBe(200);
    });

    it('no session with the old password outlives it, however the logins are timed', async () => {
      const logins = [signIn(), signIn(), change('correct horse', 'battery staple'), signIn(), signIn(), signIn()];
      await Promise.all(logins);
      const rows = await t.db.rows<{ id: string }>('SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [laptop.user.id]);
      expect(rows.map((row) => row.id)).toEqual([idOf(laptop)]);
    });
  });
});

describe('QUOTA_SESSIONS', () => {
  const MAX = 3;
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] }, { QUOTA_SESSIONS: String(MAX) });
  });
  afterAll(() => t.close());

  const standing = async (userId: string) => (await t.db.rows<{ id: string }>('SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [userId])).map(({ id }) => id);

  it('holds for sign-ins at once, of which the last ones stand', async () => {
    const sessions = t.app.get(SessionsService);
    const { user } = await t.register('hasty');
    const [{ hash } = { hash: '' }] = await t.db.rows<{ hash: string }>('SELECT password_hash AS hash FROM users WHERE id = $1', [user.id]);
    for (let round = 0; round < 10; round++) {
      const opened = await Promise.all(Array.from({ length: 4 }, () => sessions.open(user.id, hash, { ip: '203.0.113.7', userAgent: null })));
      const left = await standing(user.id);
      expect(left).toHaveLength(MAX);
      expect(opened.map((session) => session!.sessionId)).toEqual(expect.arrayContaining(left));
    }
    const ended = t.revocations.filter(({ userId }) => userId === user.id);
    expect(new Set(ended.map(({ sessionId }) => sessionId)).size).toBe(41 - MAX);
    expect(new Set(ended.map(({ reason }) => reason))).toEqual(new Set(['too-many']));
  });
});
