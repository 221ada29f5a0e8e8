import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tokens } from '../../../src/protocol/auth.js';
import type { User } from '../../../src/protocol/users.js';
import { Auth } from './auth.js';
import { memoryTokens, type StoredTokens, type TokenStorage } from './token-storage.js';

interface Call {
  readonly path: string;
  readonly body: unknown;
  readonly token: string | null;
  answer(status: number, body?: unknown): void;
  fail(): void;
}

const userOf = (id: string): User => ({ id, username: id, displayName: id, avatarUrl: null, email: `${id}@example.org`, status: 'active', isAdmin: false, whoMayAdd: 'anyone', createdAt: '2026-01-01T00:00:00.000Z' });
const tokensOf = (id: string, n: number): Tokens => ({ user: userOf(id), accessToken: `access-${id}-${n}`, refreshToken: `refresh-${id}-${n}`, expiresIn: 900 });
const refused = { code: 'UNAUTHENTICATED', detail: 'no' };

let calls: Call[];
let storage: TokenStorage;
let auth: Auth;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  vi.stubGlobal('fetch', (request: Request, { signal }: RequestInit) =>
    new Promise((resolve, reject) => {
      signal!.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      void request.text().then((text) =>
        calls.push({
          path: new URL(request.url).pathname,
          body: text === '' ? undefined : JSON.parse(text),
          token: request.headers.get('authorization'),
          answer: (status, body) => resolve(new Response(body === undefined ? null : JSON.stringify(body), { status })),
          fail: () => reject(new TypeError('fetch failed')),
        }),
      );
    }),
  );
  storage = memoryTokens();
  auth = new Auth('http://atrium/api/v1', storage);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settled = () => vi.advanceTimersByTimeAsync(0);

async function signedIn(id = 'ada'): Promise<void> {
  const done = auth.login({ login: id, password: 'secret' });
  await settled();
  calls.pop()!.answer(200, tokensOf(id, 1));
  await done;
}

const lifeOfToken = 900_000;

describe('signing in', () => {
  it('keeps who it is and the tokens, by this machine’s clock', async () => {
    await signedIn();
    expect(auth.user.get()).toEqual(userOf('ada'));
    expect(storage.load()).toEqual({ user: userOf('ada'), accessToken: 'access-ada-1', refreshToken: 'refresh-ada-1', expiresAtMs: Date.now() + lifeOfToken });
    expect(await auth.accessToken()).toBe('access-ada-1');
  });

  it('tells why it was refused', async () => {
    const done = auth.login({ login: 'ada', password: 'wrong' });
    const failure = expect(done).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'no' });
    await settled();
    calls[0]!.answer(401, refused);
    await failure;
    expect(auth.user.get()).toBeNull();
  });

  it('is no sign-in when the answer is somebody else’s page', async () => {
    for (const body of [null, '<html>Welcome to our Wi-Fi</html>', '{"hello":"world"}']) {
      vi.stubGlobal('fetch', () => Promise.resolve(new Response(body)));
      await expect(auth.login({ login: 'ada', password: 'secret' })).rejects.toMatchObject({ code: 'NETWORK' });
    }
    expect(auth.user.get()).toBeNull();
  });

  it('is remembered by the storage', () => {
    storage.save({ user: userOf('ada'), accessToken: 'a', refreshToken: 'r', expiresAtMs: 0 });
    expect(new Auth('http://atrium/api/v1', storage).user.get()).toEqual(userOf('ada'));
  });
});

describe('a refresh', () => {
  it('comes before the token ends, once for all who need it', async () => {
    await signedIn();
    vi.advanceTimersByTime(lifeOfToken - 30_001);
    expect(await auth.accessToken()).toBe('access-ada-1');
    vi.advanceTimersByTime(1);
    const all = Promise.all([auth.accessToken(), auth.accessToken(), auth.refresh('access-ada-1'), auth.renew()]);
    await settled();
    expect(calls.map(({ path, body }) => [path, body])).toEqual([['/api/v1/auth/refresh', { refreshToken: 'refresh-ada-1' }]]);
    calls[0]!.answer(200, tokensOf('ada', 2));
    expect(await all).toEqual(Array(4).fill('access-ada-2'));
    expect(await auth.accessToken()).toBe('access-ada-2');
  });

  it('is none for a token that was replaced already', async () => {
    await signedIn();
    expect(await auth.refresh('access-ada-0')).toBe('access-ada-1');
    expect(calls).toEqual([]);
  });

  it('that gets no answer leaves the sign-in, and may be tried again with the same token', async () => {
    await signedIn();
    const done = expect(auth.renew()).rejects.toMatchObject({ code: 'NETWORK', isRetryable: true });
    await settled();
    calls[0]!.fail();
    await done;
    const again = auth.renew();
    await settled();
    calls[1]!.answer(200, tokensOf('ada', 2));
    expect(await again).toBe('access-ada-2');
    expect(calls[1]!.body).toEqual({ refreshToken: 'refresh-ada-1' });
  });

  it('gives up in time for another attempt before the token ends', async () => {
    await signedIn();
    const done = expect(auth.renew()).rejects.toMatchObject({ code: 'NETWORK' });
    await vi.advanceTimersByTimeAsync(4_000);
    await done;
  });

  it.each([503, 500, 429, 404])('that a proxy or a troubled server answers with %i leaves the sign-in', async (status) => {
    await signedIn();
    const done = expect(auth.renew()).rejects.toMatchObject({ isRetryable: true });
    await settled();
    calls[0]!.answer(status, status === 429 ? { code: 'RATE_LIMITED' } : undefined);
    await done;
    expect(auth.user.get()).not.toBeNull();
  });

  it('that is refused signs out: the session has ended', async () => {
    await signedIn();
    const done = auth.renew();
    await settled();
    calls[0]!.answer(401, refused);
    expect(await done).toBeNull();
    expect([auth.user.get(), storage.load(), await auth.accessToken()]).toEqual([null, null, null]);
  });

  it('does not sign in again who has signed out meanwhile', async () => {
    await signedIn();
    const renewed = auth.renew();
    await settled();
    const out = auth.logout();
    await settled();
    calls[1]!.answer(204);
    calls[0]!.answer(200, tokensOf('ada', 2));
    await out;
    expect(await renewed).toBeNull();
    expect([auth.user.get(), storage.load()]).toEqual([null, null]);
  });

  it.each([
    ['succeeds', 200, tokensOf('ada', 2)],
    ['is refused', 401, refused],
  ])('does not touch who has signed in meanwhile, when it %s', async (_how, status, body) => {
    await signedIn();
    const renewed = auth.renew();
    await settled();
    const ofAda = calls.pop()!;
    await signedIn('bob');
    ofAda.answer(status, body);
    expect(await renewed).toBe('access-bob-1');
    expect(auth.user.get()).toEqual(userOf('bob'));
  });
});

/** What all tabs of a browser share. */
class SharedTokens implements TokenStorage {
  private kept: StoredTokens | null = null;
  private readonly listeners = new Set<() => void>();
  private turn: Promise<unknown> = Promise.resolve();
  load = () => this.kept;
  save = (tokens: StoredTokens | null) => {
    this.kept = tokens;
    for (const listener of this.listeners) listener();
  };
  onChange = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  };
}

describe('another tab', () => {
  let other: Auth;
  beforeEach(async () => {
    storage = new SharedTokens();
    auth = new Auth('http://atrium/api/v1', storage);
    other = new Auth('http://atrium/api/v1', storage);
    await signedIn();
  });

  it('is signed in with this one, and out', async () => {
    expect(other.user.get()).toEqual(userOf('ada'));
    const out = other.logout();
    await settled();
    calls[0]!.answer(204);
    await out;
    expect(auth.user.get()).toBeNull();
  });

  it('refreshes for this one, too, which asks only when its turn comes', async () => {
    const both = Promise.all([other.renew(), auth.renew()]);
    await settled();
    expect(calls).toHaveLength(1);
    calls[0]!.answer(200, tokensOf('ada', 2));
    expect(await both).toEqual(['access-ada-2', 'access-ada-2']);
    expect(calls).toHaveLength(1);
  });

  it('has refreshed already, though this one has not heard of it', async () => {
    auth.dispose();
    const theirs = other.renew();
    await settled();
    calls[0]!.answer(200, tokensOf('ada', 2));
    await theirs;
    expect(await auth.refresh('access-ada-1')).toBe('access-ada-2');
    expect(calls).toHaveLength(1);
  });

  it('is not heard any more once this one is disposed of', async () => {
    auth.dispose();
    const out = other.logout();
    await settled();
    calls[0]!.answer(204);
    await out;
    expect(auth.user.get()).toEqual(userOf('ada'));
  });
});

describe('signing out', () => {
  it('ends the session on the server, and here even when the server cannot be told', async () => {
    await signedIn();
    const done = expect(auth.logout()).rejects.toMatchObject({ code: 'NETWORK' });
    expect([auth.user.get(), storage.load()]).toEqual([null, null]);
    await settled();
    expect(calls[0]).toMatchObject({ path: '/api/v1/auth/logout', body: { refreshToken: 'refresh-ada-1' } });
    calls[0]!.fail();
    await done;
  });

  it('is done when the session was over before', async () => {
    await signedIn();
    const done = auth.logout();
    await settled();
    calls[0]!.answer(401, refused);
    await done;
  });

  it('everywhere needs the server', async () => {
    await signedIn();
    const failed = expect(auth.logoutEverywhere()).rejects.toMatchObject({ code: 'NETWORK' });
    await settled();
    calls[0]!.fail();
    await failed;
    expect(auth.user.get()).not.toBeNull();
    const done = auth.logoutEverywhere();
    await settled();
    expect(calls[1]).toMatchObject({ path: '/api/v1/auth/logout-all', token: 'Bearer access-ada-1' });
    calls[1]!.answer(204);
    await done;
    expect(auth.user.get()).toBeNull();
  });
});

it('what is known of oneself can be updated, while signed in', async () => {
  auth.updateUser(userOf('eve'));
  expect(auth.user.get()).toBeNull();
  await signedIn();
  auth.updateUser({ ...userOf('ada'), displayName: 'Ada L.' });
  expect(auth.user.get()).toMatchObject({ displayName: 'Ada L.' });
  expect(storage.load()).toMatchObject({ accessToken: 'access-ada-1', user: { displayName: 'Ada L.' } });
});

describe('a device', () => {
  const withDevice = (id: string, n: number): Tokens => ({ ...tokensOf(id, n), deviceToken: `device-${n}` });

  it('keeps the token by which it is known, also when nobody is signed in, and sends it', async () => {
    const done = auth.login({ login: 'ada', password: 'secret' });
    await settled();
    expect(calls[0]!.body).toEqual({ login: 'ada', password: 'secret' });
    calls.pop()!.answer(200, withDevice('ada', 1));
    await done;
    const renewed = auth.renew();
    await settled();
    expect(calls[0]!.body).toEqual({ refreshToken: 'refresh-ada-1', deviceToken: 'device-1' });
    calls.pop()!.answer(200, withDevice('ada', 2));
    await renewed;
    const out = auth.logout();
    await settled();
    calls.pop()!.answer(204);
    await out;
    void new Auth('http://atrium/api/v1', storage).login({ login: 'bob', password: 'secret' });
    await settled();
    expect(calls[0]!.body).toEqual({ login: 'bob', password: 'secret', deviceToken: 'device-2' });
  });
});

describe('where the browser keeps the refresh token', () => {
  const inCookie = (id: string, n: number): Partial<Tokens> => ({ ...tokensOf(id, n), refreshToken: undefined });
  beforeEach(() => {
    storage = new SharedTokens();
    auth = new Auth('http://atrium/api/v1', storage, true);
  });

  async function signedInByCookie(id = 'ada'): Promise<void> {
    const done = auth.login({ login: id, password: 'secret' });
    await settled();
    expect(calls[0]!.body).toEqual({ login: id, password: 'secret', cookie: true });
    calls.pop()!.answer(200, inCookie(id, 1));
    await done;
  }

  it('it is neither kept nor sent', async () => {
    await signedInByCookie();
    expect(storage.load()).toEqual({ user: userOf('ada'), accessToken: 'access-ada-1', expiresAtMs: Date.now() + lifeOfToken });
    const renewed = auth.renew();
    await settled();
    expect(calls.map(({ path, body }) => [path, body])).toEqual([['/api/v1/auth/refresh', undefined]]);
    calls.pop()!.answer(200, inCookie('ada', 2));
    expect(await renewed).toBe('access-ada-2');
    const out = auth.logout();
    await settled();
    expect(calls.map(({ path, body }) => [path, body])).toEqual([['/api/v1/auth/logout', undefined]]);
    calls[0]!.answer(204);
    await out;
  });

  it('a sign-in of before moves there with its next refresh', async () => {
    storage.save({ user: userOf('ada'), accessToken: 'access-ada-0', refreshToken: 'refresh-ada-0', expiresAtMs: 0 });
    auth = new Auth('http://atrium/api/v1', storage, true);
    const token = auth.accessToken();
    await settled();
    expect(calls[0]!.body).toEqual({ refreshToken: 'refresh-ada-0', cookie: true });
    calls[0]!.answer(200, inCookie('ada', 1));
    expect(await token).toBe('access-ada-1');
    expect(storage.load()).not.toHaveProperty('refreshToken');
  });

  it('goes on as before at a server that does not take its pages for its own', async () => {
    const done = auth.login({ login: 'ada', password: 'secret' });
    await settled();
    calls.pop()!.answer(200, tokensOf('ada', 1));
    await done;
    void auth.renew();
    await settled();
    expect(calls[0]!.body).toEqual({ refreshToken: 'refresh-ada-1', cookie: true });
  });

  it('stays signed in while servers of an older version do not understand', async () => {
    await signedInByCookie();
    const renewed = expect(auth.renew()).rejects.toMatchObject({ isRetryable: true });
    await settled();
    calls[0]!.answer(400, { code: 'INVALID_INPUT' });
    await renewed;
    expect(auth.user.get()).toEqual(userOf('ada'));
  });

  it('tabs refresh and sign out one at a time, so that no answer replaces the cookie of another sign-in', async () => {
    await signedInByCookie();
    const other = new Auth('http://atrium/api/v1', storage, true);
    const renewed = auth.renew();
    await settled();
    const out = other.logout();
    const next = other.login({ login: 'bob', password: 'secret' });
    await settled();
    expect(calls.map(({ path }) => path)).toEqual(['/api/v1/auth/refresh']);
    calls[0]!.answer(200, inCookie('ada', 2));
    await settled();
    expect(calls.map(({ path }) => path)).toEqual(['/api/v1/auth/refresh', '/api/v1/auth/logout']);
    calls[1]!.answer(204);
    await out;
    await settled();
    calls[2]!.answer(200, inCookie('bob', 1));
    await next;
    expect(await renewed).toBeNull();
    expect([auth.user.get(), storage.load()?.accessToken]).toEqual([userOf('bob'), 'access-bob-1']);
  });

  it('a sign-out of which the server could not be told is told later, unless somebody has signed in', async () => {
    const notes: TokenStorage = memoryTokens();
    auth = new Auth('http://atrium/api/v1', notes, true);
    for (const signsInAgain of [false, true]) {
      await signedInByCookie();
      const out = expect(auth.logout()).rejects.toMatchObject({ code: 'NETWORK' });
      await settled();
      calls.pop()!.fail();
      await out;
      if (signsInAgain) await signedInByCookie('bob');
      const later = new Auth('http://atrium/api/v1', notes, true);
      const finished = later.finishLogout();
      await settled();
      expect(calls.map(({ path }) => path)).toEqual(signsInAgain ? [] : ['/api/v1/auth/logout']);
      calls.pop()?.answer(204);
      await finished;
      await later.finishLogout();
      expect(calls).toEqual([]);
    }
  });
});
