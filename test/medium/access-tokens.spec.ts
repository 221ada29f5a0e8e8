import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { SessionsRepository } from '../../src/modules/auth/sessions.repository.js';
import { SocketAuthenticator } from '../../src/platform/realtime/identity.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import { JWT_SECRET, startApp, type TestApp } from '../support/module.js';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token made by hand, as an attacker would. */
function hs256(claims: Record<string, unknown>, { header = { alg: 'HS256', typ: 'JWT' }, secret = JWT_SECRET }: { header?: Record<string, unknown>; secret?: string } = {}): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** Access tokens on REST and on sockets (docs: Security, "tokens"; RFC 8725). */
describe('access tokens', () => {
  let t: TestApp;
  let tokens: Tokens;
  let claims: { sub: string; sid: string; typ: string; iss: string; aud: string; iat: number; exp: number };
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
    tokens = await t.register('ada');
    claims = JSON.parse(Buffer.from(tokens.accessToken.split('.')[1]!, 'base64url').toString()) as typeof claims;
  });
  afterAll(() => t.close());

  const rest = (token: string) => t.request<{ code: string }>('GET', '/auth/me', { token });
  const socket = (token: string) => t.app.get(SocketAuthenticator).authenticate(token);

  it('say little: who, which session and refresh of it, until when', () => {
    expect(claims).toEqual({
      sub: tokens.user.id,
      sid: tokens.refreshToken.split('.')[0],
      gen: 0,
      typ: 'access',
      iss: 'atrium',
      aud: 'atrium',
      iat: expect.any(Number) as number,
      exp: claims.iat + 900,
    });
  });

  it('are accepted on REST and on sockets, ours as one made by hand with the right secret', async () => {
    for (const token of [tokens.accessToken, hs256(claims)]) {
      expect((await rest(token)).status).toBe(200);
      expect(await socket(token)).toEqual({ userId: claims.sub, sessionId: claims.sid, isAdmin: false, expiresAtMs: claims.exp * 1000 });
    }
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const rs256 = () => {
    const input = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`;
  };
  const hs512 = () => {
    const input = `${part({ alg: 'HS512', typ: 'JWT' })}.${part(claims)}`;
    return `${input}.${createHmac('sha512', JWT_SECRET).update(input).digest('base64url')}`;
  };
  const bad: [string, () => string][] = [
    ['alg none', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`],
    ['alg NoNe with our signature', () => hs256(claims, { header: { alg: 'NoNe' } })],
    ['no algorithm', () => hs256(claims, { header: { typ: 'JWT' } })],
    ['RS256 with a key of their own', rs256],
    ['HS256 keyed with a public key', () => hs256(claims, { secret: publicPem })],
    ['HS256 keyed with nothing', () => hs256(claims, { secret: '' })],
    ['another HMAC than the pinned one', hs512],
    ['a key set of their own (jku)', () => hs256(claims, { header: { alg: 'HS256', jku: 'https://evil.example/keys', kid: '1' }, secret: 'evil' })],
    ['an embedded key (jwk)', () => hs256(claims, { header: { alg: 'HS256', jwk: { kty: 'oct', k: 'ZXZpbA' } }, secret: 'evil' })],
    ['an extension that must be understood (crit)', () => hs256(claims, { header: { alg: 'HS256', typ: 'JWT', crit: ['exp'], exp: 1 } })],
    ['an empty list of extensions', () => hs256(claims, { header: { alg: 'HS256', crit: [] } })],
    ['extensions that are no list', () => hs256(claims, { header: { alg: 'HS256', crit: null } })],
    ['a changed payload', () => tokens.accessToken.replace(/\.[^.]+\./, `.${part({ ...claims, sub: randomUUID() })}.`)],
    ['a cut signature', () => tokens.accessToken.slice(0, -4)],
    ['another issuer', () => hs256({ ...claims, iss: 'evil' })],
    ['no issuer', () => hs256({ ...claims, iss: undefined })],
    ['another audience', () => hs256({ ...claims, aud: 'other' })],
    ['no audience', () => hs256({ ...claims, aud: undefined })],
    ['another type', () => hs256({ ...claims, typ: 'refresh' })],
    ['no type', () => hs256({ ...claims, typ: undefined })],
    ['no expiry', () => hs256({ ...claims, exp: undefined })],
    ['an expiry that is no number', () => hs256({ ...claims, exp: '9999999999' })],
    ['an expiry in the past', () => hs256({ ...claims, exp: claims.iat - 1 })],
    ['a start in the future', () => hs256({ ...claims, nbf: claims.exp })],
    ['no session', () => hs256({ ...claims, sid: undefined })],
    ['an unknown session', () => hs256({ ...claims, sid: randomUUID() })],
    ['a session that is no id', () => hs256({ ...claims, sid: `' OR true --` })],
    ['the session of somebody else', () => hs256({ ...claims, sub: randomUUID() })],
    ['a string for a payload', () => `${part({ alg: 'HS256' })}.${Buffer.from('x').toString('base64url')}.x`],
    ['a refresh token', () => tokens.refreshToken],
    ['more than 8 KB', () => hs256({ ...claims, padding: 'x'.repeat(8192) })],
    ['garbage', () => 'a.b.c'],
    ['nothing', () => ''],
  ];

  it.each(bad)('are refused with %s', async (_, make) => {
    const token = make();
    expect(await rest(token)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' }, headers: { 'www-authenticate': 'Bearer' } });
    await expect(socket(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('are refused on sockets at a megabyte', async () => {
    await expect(socket('x'.repeat(1_048_576))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('say when they have expired, so that clients refresh', async () => {
    const { body } = await rest(hs256({ ...claims, exp: claims.iat - 1 }));
    expect(body).toMatchObject({ detail: 'The access token has expired' });
  });

  it.each([[{ authorization: 'Basic YWRhOngk' }], [{ authorization: 'Bearer' }], [{ cookie: 'token=x' }], [{}]])('are wanted: %j is none', async (headers: Record<string, string>) => {
    expect((await t.request('GET', '/auth/me', { headers })).status).toBe(401);
  });

  it('are taken from the header alone', async () => {
    expect((await t.request('GET', `/auth/me?access_token=${tokens.accessToken}&token=${tokens.accessToken}`)).status).toBe(401);
  });

  it('are refused by every route that is not public', async () => {
    const routes = [
      ['POST', '/auth/logout-all'], ['GET', '/auth/me'], ['GET', '/auth/sessions'], ['DELETE', `/auth/sessions/${claims.sid}`], ['POST', '/auth/password'],
      ['GET', '/users/me'], ['PATCH', '/users/me'], ['GET', '/users'], ['GET', `/users/${claims.sub}`], ['GET', '/admin/users'], ['PATCH', `/admin/users/${claims.sub}`],
    ] as const;
    for (const [method, path] of routes) expect((await t.request(method, path)).status, path).toBe(401);
  });

  it('share one look-up of the session when many come at once', async () => {
    const fresh = await t.register('burst');
    const look = vi.spyOn(t.app.get(SessionsRepository), 'findStanding');
    const answers = await Promise.all(Array.from({ length: 20 }, () => rest(fresh.accessToken)));
    expect(answers.every((a) => a.status === 200)).toBe(true);
    expect(look).toHaveBeenCalledTimes(1);
    look.mockRestore();
  });
});
