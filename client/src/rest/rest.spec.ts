import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Auth } from '../auth/auth.js';
import { createRest, type Rest, unwrap } from './rest.js';

interface Call {
  readonly method: string;
  readonly url: string;
  readonly token: string | null;
  readonly key: string | null;
  readonly body: string;
  answer(status: number, body?: unknown, headers?: Record<string, string>): void;
  fail(): void;
}

let calls: Call[];
let auth: { accessToken: ReturnType<typeof vi.fn>; refresh: ReturnType<typeof vi.fn> };
let rest: Rest;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  calls = [];
  vi.stubGlobal('fetch', (request: Request, { signal }: RequestInit) =>
    new Promise((resolve, reject) => {
      signal!.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      void request.text().then((body) =>
        calls.push({
          method: request.method,
          url: request.url,
          token: request.headers.get('authorization'),
          key: request.headers.get('idempotency-key'),
          body,
          answer: (status, answer, headers) => resolve(new Response(answer === undefined ? null : typeof answer === 'string' ? answer : JSON.stringify(answer), { status, ...(headers && { headers }) })),
          fail: () => reject(new TypeError('fetch failed')),
        }),
      );
    }),
  );
  auth = { accessToken: vi.fn(() => Promise.resolve('token-1')), refresh: vi.fn(() => Promise.resolve('token-2')) };
  rest = createRest('http://atrium', auth as unknown as Auth);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const room = { id: 'r' };
const getRoom = () => unwrap(rest.GET('/api/v1/rooms/{id}', { params: { path: { id: 'r' } } }));
const createRoom = () => unwrap(rest.POST('/api/v1/rooms', { body: { name: 'New' } as never }));

describe('a request', () => {
  it('is signed, and answered with the body', async () => {
    const done = getRoom();
    await settled();
    expect(calls[0]).toMatchObject({ method: 'GET', url: 'http://atrium/api/v1/rooms/r', token: 'Bearer token-1', key: null });
    calls[0]!.answer(200, room);
    expect(await done).toEqual(room);
  });

  it('is sent without a token by who is not signed in', async () => {
    auth.accessToken.mockResolvedValue(null);
    const done = expect(getRoom()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await settled();
    expect(calls[0]!.token).toBeNull();
    calls[0]!.answer(401, { code: 'UNAUTHENTICATED' });
    await done;
    expect(auth.refresh).not.toHaveBeenCalled();
  });

  it('may have an answer without a body', async () => {
    const done = unwrap(rest.POST('/api/v1/rooms/{id}/leave', { params: { path: { id: 'r' } } }));
    await settled();
    calls[0]!.answer(204);
    expect(await done).toBeUndefined();
  });

  it('that is refused throws what the problem document says', async () => {
    const done = expect(getRoom()).rejects.toMatchObject({ name: 'AtriumError', code: 'ROOM_NOT_FOUND', message: 'no such room', requestId: 'q', errors: [{ path: 'id', message: 'is wrong' }], isRetryable: false });
    await settled();
    calls[0]!.answer(404, { code: 'ROOM_NOT_FOUND', detail: 'no such room', requestId: 'q', errors: [{ path: 'id', message: 'is wrong' }] });
    await done;
  });

  it('that is refused for good because of a limit says which', async () => {
    const done = expect(getRoom()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', quota: { limit: 'QUOTA_ROOMS', max: 3 }, isRetryable: false });
    await settled();
    calls[0]!.answer(403, { code: 'QUOTA_EXCEEDED', detail: 'At most 3', limit: 'QUOTA_ROOMS', max: 3 });
    await done;
  });

  it('that is refused for a while says how long', async () => {
    const done = expect(getRoom()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 3_000, isRetryable: true });
    await settled();
    calls[0]!.answer(429, { code: 'RATE_LIMITED' }, { 'retry-after': '3' });
    await done;
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['a page', '<html>Hello</html>'],
    ['half an answer', '{"id":"r'],
  ])('that is answered with %s instead has no answer', async (_what, text) => {
    const done = expect(getRoom()).rejects.toMatchObject({ name: 'AtriumError', code: 'NETWORK' });
    await settled();
    calls[0]!.answer(200, text);
    await done;
  });
});

describe('a token that is refused', () => {
  it('is refreshed once, and the request sent again, with its body', async () => {
    const done = createRoom();
    await settled();
    calls[0]!.answer(401, { code: 'UNAUTHENTICATED' });
    await settled();
    expect(auth.refresh.mock.calls).toEqual([['token-1']]);
    expect(calls.map(({ token, body }) => [token, body])).toEqual([['Bearer token-1', '{"name":"New"}'], ['Bearer token-2', '{"name":"New"}']]);
    calls[1]!.answer(201, room);
    expect(await done).toEqual(room);
  });

  it('is not refreshed twice', async () => {
    const done = expect(getRoom()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await settled();
    calls[0]!.answer(401, { code: 'UNAUTHENTICATED' });
    await settled();
    calls[1]!.answer(401, { code: 'UNAUTHENTICATED' });
    await done;
    expect(calls).toHaveLength(2);
  });

  it('ends the request when the session has ended', async () => {
    auth.refresh.mockResolvedValue(null);
    const done = expect(getRoom()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await settled();
    calls[0]!.answer(401, { code: 'UNAUTHENTICATED' });
    await done;
    expect(calls).toHaveLength(1);
  });
});

describe('without an answer', () => {
  it('a POST is sent again under the same key; another one has another', async () => {
    const done = createRoom();
    await settled();
    calls[0]!.fail();
    await vi.advanceTimersByTimeAsync(1_000);
    calls[1]!.answer(503, { code: 'UNAVAILABLE' });
    await vi.advanceTimersByTimeAsync(2_000);
    calls[2]!.answer(201, room);
    expect(await done).toEqual(room);
    void createRoom();
    await settled();
    const keys = calls.map(({ key }) => key);
    expect(keys.every(Boolean)).toBe(true);
    expect([new Set(keys.slice(0, 3)).size, new Set(keys).size]).toEqual([1, 2]);
  });

  it('a request is sent a few times, with growing pauses, and then given up', async () => {
    const done = expect(getRoom()).rejects.toMatchObject({ code: 'NETWORK', isRetryable: true });
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      await settled();
      calls.at(-1)!.fail();
      await vi.advanceTimersByTimeAsync(pauseMs);
    }
    calls.at(-1)!.fail();
    await done;
    expect(calls).toHaveLength(4);
  });

  it('a deletion is not sent again: it may have happened, and would be refused', async () => {
    const done = expect(unwrap(rest.DELETE('/api/v1/rooms/{id}', { params: { path: { id: 'r' } } }))).rejects.toMatchObject({ code: 'NETWORK' });
    await settled();
    calls[0]!.fail();
    await done;
    expect(calls).toHaveLength(1);
  });

  it('silence counts as none after a while', async () => {
    const done = getRoom();
    await vi.advanceTimersByTimeAsync(5_000 + 1_000);
    expect(calls).toHaveLength(2);
    calls[1]!.answer(200, room);
    expect(await done).toEqual(room);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('whoever does not want it any more waits no longer', async () => {
    const wanted = new AbortController();
    const done = expect(unwrap(rest.GET('/api/v1/rooms', { signal: wanted.signal }))).rejects.toMatchObject({ name: 'AtriumError' });
    await settled();
    wanted.abort();
    await done;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(1);
  });

  it('nobody is signed out when the refresh gets none', async () => {
    auth.accessToken.mockRejectedValueOnce(new TypeError('fetch failed'));
    const done = getRoom();
    await vi.advanceTimersByTimeAsync(1_000);
    calls[0]!.answer(200, room);
    expect(await done).toEqual(room);
  });
});
