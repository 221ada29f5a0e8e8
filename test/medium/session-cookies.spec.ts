import { parseSetCookie } from 'cookie';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import type { Tokens } from '../../src/protocol/auth.js';
import type { Problem } from '../../src/protocol/errors.js';
import { type Answer, startApp, type TestApp } from '../support/module.js';

const OWN = 'http://localhost';
const FOREIGN = 'http://evil.example';
const ENDED = { name: 'atrium_refresh', value: '', maxAge: 0 };

type Body = Tokens & Problem;
type Cookie = ReturnType<typeof parseSetCookie>;

const setCookiesOf = ({ headers }: Answer<unknown>): Cookie[] => [headers['set-cookie'] ?? []].flat().map((text) => parseSetCookie(text as string));

/** As much of a browser as keeps cookies of one server. */
class Jar {
  readonly cookies = new Map<string, string>();
  constructor(
    private readonly t: TestApp,
    private readonly origin?: string,
  ) {}

  async post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.t.request<Body>('POST', path, { body, headers: { ...(this.origin !== undefined && { origin: this.origin }), ...(cookie && { cookie }), ...headers } });
    for (const { name, value, maxAge } of setCookiesOf(answer)) {
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value!);
    }
    return answer;
  }
  /** Another page, with the same cookies. */
  at(origin: string | undefined): Jar {
    const jar = new Jar(this.t, origin);
    for (const [name, value] of this.cookies) jar.cookies.set(name, value);
    return jar;
  }
}

describe('a page of our own', () => {
  let t: TestApp;
  let users = 0;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] });
  });
  afterAll(() => t.close());

  const registered = async (): Promise<{ jar: Jar; name: string; answer: Answer<Body> }> => {
    const jar = new Jar(t, OWN);
    const name = `web${users++}`;
    const answer = await jar.post('/auth/register', { email: `${name}@example.org`, username: name, password: 'correct horse', cookie: true });
    expect(answer.status).toBe(201);
    return { jar, name, answer };
  };
  const opens = async ({ body }: Answer<Body>) => (await t.db.rows<{ id: string }>('SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [body.user.id])).length;

  it('gets the tokens that it must keep in cookies that no script can read, and not in the answer', async () => {
    const { jar, name, answer } = await registered();
    for (const each of [answer, await jar.post('/auth/login', { login: name, password: 'correct horse', cookie: true }), await jar.post('/auth/refresh')]) {
      expect(Object.keys(each.body).sort()).toEqual(['accessToken', 'expiresIn', 'user']);
      const attributes = { path: '/api/v1/auth', httpOnly: true, sameSite: 'strict' };
      expect(setCookiesOf(each)).toEqual([
        { name: 'atrium_refresh', value: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}\.[\w-]{22}$/) as string, maxAge: 30 * 86_400, ...attributes },
        { name: 'atrium_device', value: expect.stringMatching(/^d1\./) as string, maxAge: 365 * 86_400, ...attributes },
      ]);
    }
  });

  it('refreshes and signs out without a body', async () => {
    const { jar, answer } = await registered();
    const first = jar.cookies.get('atrium_refresh');
    expect((await jar.post('/auth/refresh')).body.user).toEqual(answer.body.user);
    expect(jar.cookies.get('atrium_refresh')).not.toBe(first);
    const out = await jar.post('/auth/logout');
    expect([out.status, setCookiesOf(out)]).toEqual([204, [expect.objectContaining(ENDED)]]);
    expect([await opens(answer), [...jar.cookies.keys()]]).toEqual([0, ['atrium_device']]);
    expect(await jar.post('/auth/refresh')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect((await jar.post('/auth/logout')).status).toBe(204);
  });

  it('is a page by which the browser names our origin, or says that it is the same', async () => {
    const { jar } = await registered();
    for (const [origin, site, status] of [
      [FOREIGN, undefined, 403],
      [`${OWN}:8080`, undefined, 403],
      ['https://sub.localhost', undefined, 403],
      ['null', 'same-origin', 403],
      [undefined, 'same-site', 403],
      [undefined, 'cross-site', 403],
      [undefined, undefined, 403],
      [undefined, 'same-origin', 200],
      [OWN, undefined, 200],
    ] as const) {
      for (const body of [undefined, {}]) {
        const page = jar.at(origin);
        const refresh = await page.post('/auth/refresh', body, site && { 'sec-fetch-site': site });
        expect([origin, site, refresh.status], refresh.body.detail).toEqual([origin, site, status]);
        if (status !== 403) continue;
        expect(refresh.body.code).toBe('PERMISSION_DENIED');
        expect((await page.post('/auth/logout', body, site && { 'sec-fetch-site': site })).status).toBe(403);
        expect(setCookiesOf(refresh)).toEqual([]);
      }
    }
  });

  it('loses the cookie when its session has ended, in whatever way', async () => {
    const { jar, name, answer } = await registered();
    const other = (await jar.at(FOREIGN).post('/auth/login', { login: name, password: 'correct horse' })).body;
    const everywhere = await jar.at(OWN).post('/auth/logout-all', undefined, { authorization: `Bearer ${other.accessToken}` });
    expect([everywhere.status, setCookiesOf(everywhere)]).toEqual([204, [expect.objectContaining(ENDED)]]);
    expect(await opens(answer)).toBe(0);
    const refused = await jar.post('/auth/refresh');
    expect([refused.status, setCookiesOf(refused)]).toEqual([401, [expect.objectContaining(ENDED)]]);
  });

  it('moves a sign-in of before there were cookies into them', async () => {
    const tokens = await t.register(`old${users++}`);
    const jar = new Jar(t, OWN);
    const moved = await jar.post('/auth/refresh', { refreshToken: tokens.refreshToken, cookie: true });
    expect(moved.body).not.toHaveProperty('refreshToken');
    expect((await jar.post('/auth/refresh')).status).toBe(200);
  });

  it('may be open in several tabs, which refresh at once', async () => {
    const { jar, answer } = await registered();
    const tabs = [jar.at(OWN), jar.at(OWN), jar.at(OWN)];
    const answers = await Promise.all(tabs.map((tab) => tab.post('/auth/refresh')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(tabs.map((tab) => tab.cookies.get('atrium_refresh'))).size).toBe(1);
    expect((await tabs[2]!.post('/auth/refresh')).status).toBe(200);
    expect(await opens(answer)).toBe(1);
  });

  it('is a known device for those who have signed in there, also after they signed out', async () => {
    const { jar, name } = await registered();
    await jar.post('/auth/logout');
    const before = jar.cookies.get('atrium_device')!;
    await jar.post('/auth/login', { login: name, password: 'correct horse', cookie: true });
    const content = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { id: string };
    expect(content(jar.cookies.get('atrium_device')!).id).toBe(content(before).id);
  });
});

describe('a cookie', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule] }, { PUBLIC_URL: 'https://example.org/team/chat', CORS_ORIGINS: 'https://app.example.org' });
  });
  afterAll(() => t.close());

  it('goes to PUBLIC_URL alone: its path, by https, from its pages', async () => {
    const { accessToken, refreshToken } = await t.register('ada');
    const jar = new Jar(t, 'https://example.org');
    const answer = await jar.post('/auth/login', { login: 'ada', password: 'correct horse', cookie: true });
    expect(setCookiesOf(answer).map(({ path, secure }) => [path, secure])).toEqual(Array(2).fill(['/team/chat/api/v1/auth', true]));
    expect((await jar.post('/auth/refresh')).status).toBe(200);
    // Pages elsewhere are as before, whatever they ask for.
    for (const origin of ['https://app.example.org', 'http://localhost']) {
      expect((await jar.at(origin).post('/auth/refresh')).status).toBe(403);
      const elsewhere = await new Jar(t, origin).post('/auth/login', { login: 'ada', password: 'correct horse', cookie: true });
      expect([setCookiesOf(elsewhere), Object.keys(elsewhere.body)]).toEqual([[], expect.arrayContaining(['refreshToken', 'deviceToken'])]);
    }
    // A program that asks for a cookie gets one.
    expect((await new Jar(t).post('/auth/refresh', { refreshToken, cookie: true })).body).not.toHaveProperty('refreshToken');
    expect(accessToken).toBeTruthy();
  });

  it('opens nothing but a refresh', async () => {
    const jar = new Jar(t, 'https://example.org');
    const { accessToken } = (await jar.post('/auth/login', { login: 'ada', password: 'correct horse', cookie: true })).body;
    const cookie = `atrium_refresh=${jar.cookies.get('atrium_refresh')!}; atrium_device=${jar.cookies.get('atrium_device')!}; token=${accessToken}; access_token=${accessToken}`;
    for (const [method, path] of [['GET', '/auth/me'], ['GET', '/auth/sessions'], ['POST', '/auth/logout-all'], ['POST', '/auth/password']] as const) {
      expect((await t.request(method, path, { headers: { cookie, origin: 'https://example.org' } })).status).toBe(401);
    }
  });

  it('that is garbage is as none, and never more than a refusal', async () => {
    for (const cookie of ['atrium_refresh', 'atrium_refresh=', 'atrium_refresh=x', 'atrium_refresh=%ff', 'atrium_refresh="', `atrium_refresh=${'x'.repeat(8_000)}`, '__proto__=x; constructor=y', ';;;===', 'atrium_device=x; atrium_refresh=\u00ff']) {
      const answer = await t.request<Body>('POST', '/auth/refresh', { headers: { cookie, origin: 'https://example.org' } });
      expect([answer.status, answer.body.code], cookie.slice(0, 40)).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect((await t.request<Body>('POST', '/auth/refresh', { body: {} })).body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'refreshToken' }] });
  });
});
