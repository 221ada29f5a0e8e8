import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session, IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { Problem } from '../../src/protocol/errors.js';
import { Api, TestSocket } from '../support/client.js';
import { makeAdministrator } from '../support/administrator.js';
import { type Product, startProduct } from '../support/product.js';

const PASSWORD = 'correct horse battery';

describe('auth over the wire', () => {
  let product: Product;
  let root: Api;
  let anyone: Api;
  let users = 0;
  let name: string;
  let laptop: Tokens;
  let phone: Tokens;
  const sockets: TestSocket[] = [];
  beforeAll(async () => {
    product = await startProduct({ LOG_LEVEL: 'trace' });
    anyone = new Api(product.url);
    root = as(await register('boss'));
    await makeAdministrator(product, root);
  });
  afterAll(() => product?.stop());
  beforeEach(async () => {
    name = `user${users++}`;
    laptop = await register(name);
    phone = await signIn();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  const register = (username: string) => anyone.post<Tokens>('/auth/register', { email: `${username}@example.org`, username, password: PASSWORD });
  const signIn = (password = PASSWORD) => anyone.post<Tokens>('/auth/login', { login: name, password });
  const as = (tokens: Tokens) => new Api(product.url, tokens.accessToken);
  const sessionOf = (tokens: Tokens) => tokens.refreshToken.split('.')[0]!;
  const connect = async (tokens: Tokens) => {
    const socket = await TestSocket.open(product.url, tokens.accessToken);
    sockets.push(socket);
    return socket;
  };
  /** The socket was told why, and closed. */
  const expectRevoked = async (socket: TestSocket, reason: string) => {
    expect(await socket.event('session-revoked')).toEqual({ reason });
    await socket.closed();
  };
  const expectAlive = async (socket: TestSocket) => {
    await socket.fence();
    expect([socket.connected, socket.events('session-revoked')]).toEqual([true, []]);
  };

  it('signs in, refreshes and signs out', async () => {
    const next = await anyone.post<Tokens>('/auth/refresh', { refreshToken: laptop.refreshToken });
    expect(await as(next).get('/auth/me')).toEqual(laptop.user);
    expect((await anyone.call('POST', '/auth/logout', { body: { refreshToken: next.refreshToken } })).status).toBe(204);
    const after = await as(next).call<Problem>('GET', '/auth/me');
    expect([after.status, after.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(after.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(after.body).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, requestId: after.headers.get('x-request-id') });
    expect(await anyone.refusal('POST', '/auth/refresh', { refreshToken: next.refreshToken })).toBe('UNAUTHENTICATED');
  });

  it('greets sockets by whom they belong to', async () => {
    const session = await (await connect(laptop)).event('session');
    expect(session).toMatchObject({ userId: laptop.user.id });
  });

  it.each([
    ['a refresh token', () => laptop.refreshToken],
    ['garbage', () => 'a.b.c'],
    ['nothing', () => ''],
    ['a token without signature', () => laptop.accessToken.split('.').slice(0, 2).join('.') + '.'],
  ])('refuses a handshake with %s', async (_, token) => {
    await expect(TestSocket.open(product.url, token())).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
  });

  it('refuses a handshake with the token of a session that has ended', async () => {
    await anyone.post('/auth/logout', { refreshToken: laptop.refreshToken });
    await expect(TestSocket.open(product.url, laptop.accessToken)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
  });

  it('closes the sockets of a session at logout, and no others', async () => {
    const [one, two, other] = [await connect(laptop), await connect(laptop), await connect(phone)];
    await anyone.post('/auth/logout', { refreshToken: laptop.refreshToken });
    await Promise.all([expectRevoked(one, 'logout'), expectRevoked(two, 'logout')]);
    await expectAlive(other);
  });

  it('closes the sockets of a session that is revoked from another', async () => {
    const [mine, other] = [await connect(laptop), await connect(phone)];
    const { items } = await as(laptop).get<{ items: Session[] }>('/auth/sessions');
    expect(items.map((s) => s.id).sort()).toEqual([sessionOf(laptop), sessionOf(phone)].sort());
    await as(laptop).delete(`/auth/sessions/${sessionOf(phone)}`);
    await expectRevoked(other, 'revoked');
    await expectAlive(mine);
  });

  it('closes all sockets at logout-all', async () => {
    const open = [await connect(laptop), await connect(phone)];
    await as(laptop).post('/auth/logout-all');
    await Promise.all(open.map((socket) => expectRevoked(socket, 'logout')));
  });

  it('closes the sockets of all other sessions when the password changes', async () => {
    const [mine, other] = [await connect(laptop), await connect(phone)];
    await as(laptop).post('/auth/password', { current: PASSWORD, next: 'battery staple horse' });
    await expectRevoked(other, 'password-changed');
    await expectAlive(mine);
    expect(await anyone.refusal('POST', '/auth/login', { login: name, password: PASSWORD })).toBe('UNAUTHENTICATED');
    await signIn('battery staple horse');
  });

  it('closes the sockets of a session whose refresh token was stolen', async () => {
    const socket = await connect(laptop);
    const second = await anyone.post<Tokens>('/auth/refresh', { refreshToken: laptop.refreshToken });
    await anyone.post<Tokens>('/auth/refresh', { refreshToken: second.refreshToken });
    expect(await anyone.refusal('POST', '/auth/refresh', { refreshToken: laptop.refreshToken })).toBe('UNAUTHENTICATED');
    await expectRevoked(socket, 'reuse');
  });

  it('closes the sockets of a suspended user', async () => {
    const open = [await connect(laptop), await connect(phone)];
    await root.patch(`/admin/users/${laptop.user.id}`, { status: 'suspended' });
    await Promise.all(open.map((socket) => expectRevoked(socket, 'suspended')));
    expect(await as(laptop).refusal('GET', '/auth/me')).toBe('UNAUTHENTICATED');
    expect(await anyone.refusal('POST', '/auth/login', { login: name, password: PASSWORD })).toBe('PERMISSION_DENIED');
    await expect(TestSocket.open(product.url, phone.accessToken)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
    // The account comes back, its sessions do not.
    await root.patch(`/admin/users/${laptop.user.id}`, { status: 'active' });
    await expect(TestSocket.open(product.url, phone.accessToken)).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } });
    expect(await anyone.refusal('POST', '/auth/refresh', { refreshToken: laptop.refreshToken })).toBe('UNAUTHENTICATED');
    await connect(await signIn());
  });

  it('lets a socket live on with a fresh token of its user alone', async () => {
    const socket = await connect(laptop);
    const fresh = await anyone.post<Tokens>('/auth/refresh', { refreshToken: laptop.refreshToken });
    expect(await socket.ask('auth-refresh', { token: fresh.accessToken })).toEqual({ expiresAt: expect.any(String) as string });
    const mallory = await register(`mallory${users}`);
    expect(await socket.refusal('auth-refresh', { token: mallory.accessToken })).toBe('PERMISSION_DENIED');
    expect(await socket.refusal('auth-refresh', { token: 'a.b.c' })).toBe('UNAUTHENTICATED');
    await expectAlive(socket);
  });

  it('logs neither passwords nor tokens, however much is logged', async () => {
    await connect(laptop);
    await anyone.call('POST', '/auth/login', { body: { login: name, password: 'wrong battery' } });
    await anyone.call('POST', '/auth/refresh', { body: { refreshToken: 'x'.repeat(40) } });
    await as(laptop).call('GET', `/auth/me?token=${laptop.accessToken}`);
    const log = product.errors().join('\n');
    expect(log).toContain('/api/v1/auth/login');
    for (const secret of [PASSWORD, 'wrong battery', 'x'.repeat(40), laptop.accessToken, laptop.refreshToken.split('.')[1]!]) expect(log).not.toContain(secret);
  });
});
