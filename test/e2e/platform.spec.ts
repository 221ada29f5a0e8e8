import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import type { Problem, SocketError } from '../../src/protocol/errors.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { Api, Crowd, PASSWORD, type Person, TestSocket } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { holdChannel } from '../support/hold-channel.js';
import { endPrograms, JWT_SECRET, type Program, runProgram } from '../support/program.js';
import { pollingHandshake, Wire } from '../support/wire.js';

const APP = 'https://app.example.org';
const HOSTILE = 'https://evil.example';
const MB = 1024 * 1024;

let database: TestDatabase;
let program: Program;
let origin: string;
let crowd: Crowd;
let ada: Person;
let nobody: Api;

const start = (env: Record<string, string>) => runProgram({ NODE_ENV: 'test', DATABASE_URL: database.url, JWT_SECRET, RATE_LIMITS: 'off', LOG_LEVEL: 'trace', ...env });

beforeAll(async () => {
  database = await createDatabase();
  program = start({ CORS_ORIGINS: `${APP}:443/`, PUBLIC_URL: 'https://atrium.example.org' });
  origin = await program.ready;
  crowd = new Crowd(origin);
  ada = await crowd.person('ada');
  nobody = new Api(origin);
});

afterAll(async () => {
  await endPrograms();
  await database.drop();
});

/** Why a handshake was refused. */
async function refusalOf(token: unknown, at = origin): Promise<SocketError> {
  const thrown: unknown = await TestSocket.open(at, token as string).catch((error: unknown) => error);
  return (thrown as { data: SocketError }).data;
}

const encode = (part: unknown) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
const expiryOf = (token: string) => (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp;

/** Sends bytes, and gives back all that comes until the connection ends. */
async function say(to: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(to).port), '127.0.0.1');
  socket.end(text);
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  return heard;
}

describe('health', () => {
  it('is told to orchestrators and people', async () => {
    for (const path of ['/livez', '/readyz']) {
      const answer = await fetch(`${origin}${path}`);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
    }
    const health = await fetch(`${origin}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', details: { database: { status: 'up' }, bus: { status: 'up' }, drain: { status: 'up' } } });
  });

  it.each([
    'http_request_duration_seconds', 'sockets_open', 'socket_write_queue_bytes', 'slow_disconnects_total', 'volatile_dropped_total', 'entries_committed_total',
    'commit_batch_size', 'commit_seconds', 'ack_seconds', 'delivery_seconds', 'seq_gap_repaired_total', 'resume_total', 'cache_requests_total', 'pg_pool_total',
    'pg_pool_idle', 'pg_pool_waiting', 'breaker_state', 'bus_up', 'auth_failures_total', 'refresh_reuse_total', 'rate_limited_total', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds',
  ])('has the metric %s', async (name) => {
    expect(await (await fetch(`${origin}/metrics`)).text()).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`, 'm'));
  });

  it('counts requests by route, and sockets as they come and go', async () => {
    const scrape = async () => (await fetch(`${origin}/metrics`)).text();
    const open = async () => Number(/^sockets_open (\d+)$/m.exec(await scrape())![1]);
    const before = await open();
    const socket = await ada.connect();
    expect(await open()).toBe(before + 1);
    socket.close();
    while ((await open()) !== before);
    await ada.call('GET', '/users/019a3c1e-7b1c-7d4e-9f00-2b8c5f1e6a77');
    const text = await scrape();
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/users\/:id",status="404"\} \d/);
    expect(text).not.toContain('019a3c1e');
  });
});

describe('HTTP answers', () => {
  it('carry headers that allow nothing to run, to frame or to sniff', async () => {
    for (const path of ['/api/v1/auth/me', '/nowhere', '/livez', '/openapi.json']) {
      const { headers } = await fetch(`${origin}${path}`);
      expect(headers.get('content-security-policy'), path).toBe(`default-src 'none'; frame-ancestors 'none'`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBeTruthy();
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });

  it('serve the documentation with a policy that lets no foreign or inline script run', async () => {
    for (const path of ['/docs', '/docs?x=1', '/docs/']) {
      const answer = await fetch(`${origin}${path}`);
      const policy = answer.headers.get('content-security-policy')!;
      expect([path, answer.status]).toEqual([path, 200]);
      expect(policy).toContain(`default-src 'self'`);
      expect(policy).not.toMatch(/script-src|unsafe-eval/);
      const page = await answer.text();
      expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
      for (const [, source] of page.matchAll(/(?:src|href)="([^"]+)"/g)) expect((await fetch(new URL(source!, `${origin}${path}`))).status, source).toBe(200);
    }
    expect(await (await fetch(`${origin}/openapi.json`)).json()).toMatchObject({ openapi: expect.stringMatching(/^3\./) as string });
    expect(await (await fetch(`${origin}/asyncapi.json`)).json()).toMatchObject({ asyncapi: '3.0.0' });
  });

  it('allow configured origins, for every method of the API, and no others', async () => {
    for (const [from, allowed] of [[APP, APP], ['https://atrium.example.org', 'https://atrium.example.org'], [HOSTILE, null], ['null', null]] as const) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const preflight = await fetch(`${origin}/api/v1/rooms`, {
          method: 'OPTIONS',
          headers: { origin: from, 'access-control-request-method': method, 'access-control-request-headers': 'authorization,content-type,idempotency-key' },
        });
        expect([from, preflight.headers.get('access-control-allow-origin')]).toEqual([from, allowed]);
        if (allowed === null) continue;
        expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
        expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key');
      }
      const answer = await fetch(`${origin}/api/v1/auth/me`, { headers: { origin: from } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
      if (allowed !== null) expect(answer.headers.get('access-control-expose-headers')).toMatch(/retry-after.*x-request-id/);
    }
  });

  it.each([
    ['an unknown path', 'GET', '/nowhere', undefined, 404, 'NOT_FOUND'],
    ['an unknown method', 'PUT', '/auth/login', {}, 404, 'NOT_FOUND'],
    ['a body that is not JSON', 'POST', '/auth/login', '{"login":', 400, 'INVALID_INPUT'],
    ['a body with __proto__', 'POST', '/auth/login', '{"login":"a","password":"b","__proto__":{"isAdmin":true}}', 400, 'INVALID_INPUT'],
    ['a body with a constructor', 'POST', '/auth/login', '{"login":"a","password":"b","constructor":{"prototype":{}}}', 400, 'INVALID_INPUT'],
    ['an unknown field', 'POST', '/auth/login', { login: 'a', password: 'b', admin: true }, 400, 'INVALID_INPUT'],
    ['operators instead of text', 'POST', '/auth/login', { login: { $ne: null }, password: { $gt: '' } }, 400, 'INVALID_INPUT'],
    ['a body beyond 1 MB', 'POST', '/auth/login', { login: 'a', password: 'x'.repeat(MB) }, 413, 'PAYLOAD_TOO_LARGE'],
    ['a body far beyond 1 MB', 'POST', '/auth/login', { login: 'a', password: 'x'.repeat(8 * MB) }, 413, 'PAYLOAD_TOO_LARGE'],
    ['a path that cannot be decoded', 'GET', '/rooms/%FF', undefined, 400, 'INVALID_INPUT'],
    ['a parameter that is far too long', 'GET', `/rooms/${'x'.repeat(2000)}`, undefined, 401, 'UNAUTHENTICATED'],
    ['no token', 'GET', '/auth/me', undefined, 401, 'UNAUTHENTICATED'],
  ])('are problem documents: %s', async (_what, method, path, body, status, code) => {
    const answer = await nobody.call<Problem>(method, path, { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ type: `urn:atrium:error:${code}`, status, code, title: expect.any(String) as string, detail: expect.any(String) as string });
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|\.js:/);
  });

  it.each([
    ['a path with raw letters', 'GET /api/v1/rooms/ä HTTP/1.1', 400, 'INVALID_INPUT'],
    ['a query with raw letters', 'GET /api/v1/rooms/discover?q=世界 HTTP/1.1', 400, 'INVALID_INPUT'],
    ['a page with raw letters', 'GET /rooms/世界 HTTP/1.1', 400, 'INVALID_INPUT'],
    ['a socket with raw letters', 'GET /socket.io/?EIO=4&transport=polling&x=ä HTTP/1.1', 400, 'INVALID_INPUT'],
    ['a control character', 'GET /api/v1/rooms/\u0001 HTTP/1.1', 400, 'INVALID_INPUT'],
    ['a path that is none', 'GET api HTTP/1.1', 400, 'INVALID_INPUT'],
    ['an unknown verb', 'FROB / HTTP/1.1', 400, 'INVALID_INPUT'],
    ['something else', 'hello', 400, 'INVALID_INPUT'],
    ['headers that are too large', `GET / HTTP/1.1\r\nx-large: ${'x'.repeat(20_000)}`, 431, 'PAYLOAD_TOO_LARGE'],
    ['a question without an origin', 'OPTIONS /api/v1/rooms HTTP/1.1', 404, 'NOT_FOUND'],
  ])('are problem documents, even when it is no request at all: %s', async (_what, line, status, code) => {
    const answer = await say(origin, `${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^content-type: application\/problem\+json/im);
    const problem = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Problem;
    expect(problem).toMatchObject({ type: `urn:atrium:error:${code}`, status, code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(answer).toContain(`x-request-id: ${problem.requestId}`);
  });

  it.each(['GET /livez\r\n', 'GET /livez\r\n\r\n', 'GET /livez HTTP/0.9\r\n\r\n', 'GET /livez HTTP/2.0\r\nHost: x\r\n\r\n', 'GET /api/v1/auth/me\r\n\r\n', 'POST /api/v1/auth/login HTTP/0.9\r\n\r\n{}', 'GET /socket.io/?EIO=4&transport=polling\r\n\r\n'])('are not given to other versions of HTTP than 1: %j', async (text) => {
    // What ends in the middle of a line is no request of any version.
    expect((await say(origin, text).catch(() => '')).replace(/^HTTP\/1.1 400 [^]*/, '')).toBe('');
  });

  it.each(['HTTP/1.0', 'HTTP/1.1'])('are given to %s', async (version) => {
    expect(await say(origin, `GET /livez ${version}\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('take JSON alone', async () => {
    const answer = await nobody.call<Problem>('POST', '/auth/login', { body: '{"login":"a","password":"b"}', headers: { 'content-type': 'text/plain' } });
    expect(answer).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    const compressed = await nobody.call<Problem>('POST', '/auth/login', { body: { login: 'a', password: 'b' }, headers: { 'content-encoding': 'gzip' } });
    expect(compressed).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    expect(compressed.headers.get('accept-encoding')).toBe('identity');
  });

  it('repeat a request id that is harmless, and replace one that is not', async () => {
    const idFor = async (given: string) => (await nobody.call<Problem>('GET', '/nowhere', { headers: { 'x-request-id': given } })).body.requestId;
    for (const harmless of ['abc', 'A-1_b.c', 'x'.repeat(64)]) expect(await idFor(harmless)).toBe(harmless);
    for (const other of ['x'.repeat(65), 'two words', '{"level":60}', '<script>', 'ü']) expect(await idFor(other)).toMatch(/^[0-9a-f-]{36}$/);
    await idFor('find-me-in-the-log');
    await program.line(/"reqId":"find-me-in-the-log"/);
  });
});

describe('the origin of a socket', () => {
  const own = () => new URL(origin).host;

  it.each([
    ['of a hostile page', () => HOSTILE, false],
    ['that is opaque', () => 'null', false],
    ['that only begins like ours', () => `${APP}.evil.example`, false],
    ['of our own host on another port', () => 'http://127.0.0.1:1', false],
    ['that is configured', () => APP, true],
    ['that is configured, with its default port', () => `${APP}:443`, true],
    ['that is configured, in capitals', () => APP.toUpperCase(), true],
    ['that is configured, on another port', () => `${APP}:8443`, false],
    ['of PUBLIC_URL', () => 'https://atrium.example.org', true],
    ['of our own host', () => `http://${own()}`, true],
    ['that is absent, as with programs', () => undefined, true],
  ])('%s', async (_what, from, isAllowed) => {
    const value = from();
    const headers: Record<string, string> = value === undefined ? {} : { origin: value };
    expect(await pollingHandshake(origin, headers)).toBe(isAllowed ? 200 : 403);
    const opened = await Wire.open(origin, { headers }).catch((error: Error) => error.message);
    if (isAllowed) expect(opened).toBeInstanceOf(Wire);
    else expect(opened).toMatch(/^refused: 40[03]$/);
    if (opened instanceof Wire) opened.close();
  });
});

describe('the handshake', () => {
  const forge = (header: object, claims: object, key = JWT_SECRET) => {
    const text = `${encode(header)}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

  it('greets with the session', async () => {
    const socket = await ada.connect();
    const session = await socket.event<{ connectionId: string; userId: string; expiresAt: string; limits: object }>('session');
    expect(session).toMatchObject({ connectionId: socket.socket.id, userId: ada.id, limits: { ...LIMITS } });
    expect(Date.parse(session.expiresAt)).toBe(expiryOf(ada.token) * 1000);
  });

  it('accepts the token in the Authorization header too', async () => {
    const wire = await Wire.open(origin, { headers: { authorization: `Bearer ${ada.token}` } });
    wire.say('40');
    await wire.hear(/^42\["session"/);
    wire.close();
  });

  it.each<[string, () => unknown]>([
    ['no token', () => undefined],
    ['an empty token', () => ''],
    ['a token that is no text', () => ({ $ne: null })],
    ['no JWT', () => 'not.a.token'],
    ['a token as long as may be said before', () => 'x'.repeat(LIMITS.publicBodyBytes - 100)],
    ['a wrong signature', () => `${ada.token.slice(0, -4)}AAAA`],
    ['no algorithm', () => `${encode({ alg: 'none', typ: 'JWT' })}.${ada.token.split('.')[1]}.`],
    ['another key', () => forge({ alg: 'HS256', typ: 'JWT' }, claimsOf(ada.token), 'another key, as long as the right one')],
    ['an expired token', () => forge(JSON.parse(Buffer.from(ada.token.split('.')[0]!, 'base64url').toString()) as object, { ...claimsOf(ada.token), iat: 1, exp: 2 })],
  ])('refuses %s, and says so with a code', async (_what, token) => {
    expect(await refusalOf(token())).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.any(String) as string });
  });

  it.each([['websocket'], ['polling']])('closes a connection by %s that says more than a token before it is a user’s', async (transport) => {
    await expect(TestSocket.open(origin, 'x'.repeat(LIMITS.publicBodyBytes), [transport])).rejects.toThrow();
    expect(program.log().filter(({ msg }) => /handshake failed/.test(String(msg)) && String(msg).length > LIMITS.publicBodyBytes)).toEqual([]);
  });

  it('does not take a token from the query, which ends up in logs', async () => {
    const wire = await Wire.open(origin, { query: `&token=${ada.token}` });
    wire.say('40');
    expect(await wire.hear(/^44/)).toContain('UNAUTHENTICATED');
    wire.close();
  });

  it('comes before every event', async () => {
    const early = await Wire.open(origin);
    early.say('420["send-message",{}]');
    await early.closed;
    expect(early.heard).toHaveLength(1);
    const refused = await Wire.open(origin);
    refused.say('40{"token":"wrong"}');
    await refused.hear(/^44/);
    refused.say('420["send-message",{}]');
    await refused.closed;
    expect(refused.heard.filter((text) => text.startsWith('43'))).toEqual([]);
  });

  it('can be repeated on one connection', async () => {
    const wire = await Wire.open(origin);
    for (let times = 0; times < 3; times++) {
      wire.heard.length = 0;
      wire.say(`40${JSON.stringify({ token: ada.token })}`);
      await wire.hear(/^42\["session"/);
      wire.say('421["fence"]');
      await wire.hear(/^431/);
      wire.say('41');
      // Answered after the server has read the line above; a second entrance while still inside would be the end.
      await ada.call('GET', '/auth/me');
    }
    wire.close();
  });
});

describe('events', () => {
  let socket: TestSocket;
  beforeAll(async () => {
    socket = await ada.connect();
  });

  it.each(['nonsense', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'session', 'error', 'message', '', 'x'.repeat(10_000), 'a\r\nb'])('named %j are refused', async (name) => {
    const { error } = await socket.emit(name, {});
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    expect(error!.message.length).toBeLessThan(200);
  });

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['null', [null]],
    ['a list', [[]]],
    ['text', ['text']],
    ['an unknown field', [{ roomId: 'world', extra: 1 }]],
    ['__proto__', [JSON.parse('{"roomId":"world","__proto__":{"isAdmin":true}}')]],
    ['binary', [Buffer.from('x')]],
  ])('with %s for a body are refused', async (_what, args) => {
    expect((await socket.emit('room-leave', ...args)).error).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('without an ack get their error as an event', async () => {
    socket.socket.emit('room-leave', { roomId: 42 });
    const error = await socket.event<SocketError>('error', ({ event }) => event === 'room-leave');
    expect(error).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'roomId', message: expect.any(String) as string }] });
  });

  it.each(['connect', 'disconnect', 'disconnecting', 'connect_error', 'newListener', 'removeListener'])('named as Socket.IO’s own %s are refused, and nothing more', async (name) => {
    const wire = await Wire.open(origin);
    wire.say(`40${JSON.stringify({ token: ada.token })}`);
    await wire.hear(/^42\["session"/);
    wire.say(`427["${name}","forged"]`);
    expect(await wire.hear(/^437/)).toContain('INVALID_INPUT');
    // The connection is as it was.
    wire.say('428["room-leave",{"roomId":"world"}]');
    expect(await wire.hear(/^438/)).toBe('438[{"data":{}}]');
    wire.close();
  });

  it.each(['4', '4x', '42', '42{}', '42[]', '42[null]', '42[1]', '451-["x",{"_placeholder":true,"num":0}]\u0000', '43', '430[]', '4999999999999999', '40/admin,', '6', 'x', '\u0000'])('that are no packets (%j) harm nobody else', async (text) => {
    const wire = await Wire.open(origin);
    wire.say(`40${JSON.stringify({ token: ada.token })}`);
    await wire.hear(/^42\["session"/);
    wire.say(text);
    await socket.fence();
    wire.close();
  });

  it('may be as large as an HTTP body, and get their answer', async () => {
    const { error } = await socket.emit('send-message', { roomId: ada.id, clientMsgId: 'large', content: 'x'.repeat(MB) });
    expect(error).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: 'content' }] });
  });

  it('beyond the bound of a frame end the connection, of that client alone', async () => {
    const large = await ada.connect();
    large.socket.emit('send-message', { content: 'x'.repeat(2.5 * MB) });
    await large.closed();
    await socket.fence();
  });

  it(`may be under way ${LIMITS.unackedEvents} at a time; the surplus is refused at once`, async () => {
    const { id: roomId } = await ada.post<{ id: string }>('/rooms', { name: 'Patience' });
    const busy = await ada.connect();
    await busy.ask('room-join', { roomId });
    const surplus = 50;
    const holder = await holdChannel(database.url, roomId);
    const acks = Array.from({ length: LIMITS.unackedEvents + surplus }, (_, i) => busy.emit<{ seq: number }>('send-message', { roomId, clientMsgId: `m${i}`, content: 'x' }));
    const refused = await Promise.all(acks.slice(LIMITS.unackedEvents));
    await holder.release();
    for (const { error } of refused) expect(error).toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: expect.any(Number) as number });
    const accepted = await Promise.all(acks.slice(0, LIMITS.unackedEvents));
    expect(accepted.filter(({ data }) => data !== undefined)).toHaveLength(LIMITS.unackedEvents);
    // The refusals have given their places back.
    expect(await busy.emit('send-message', { roomId, clientMsgId: 'again', content: 'x' })).toMatchObject({ data: { seq: expect.any(Number) as number } });
  });
});

describe('the log', () => {
  it('has no secrets, no content, and no lines of somebody else', async () => {
    const secret = { password: 'Pa55-word-of-nobody', content: 'content that stays between us', forged: '"forged":true' };
    const username = 'discreet';
    const tokens = await nobody.post<Tokens>('/auth/register', { email: 'discreet@example.org', username, password: secret.password });
    await nobody.call('POST', '/auth/login', { body: { login: username, password: `${secret.password}-wrong` } });
    await nobody.call('POST', '/auth/login', { body: { login: `x\r\n{"level":60,${secret.forged}}`, password: secret.password } });
    await nobody.call('GET', `/users?q=${encodeURIComponent(secret.content)}&token=${tokens.accessToken}`);
    await nobody.call('GET', `/%0d%0a%7B"level":60,${secret.forged}%7D`.replaceAll('"', '%22'));
    const somebody = new Api(origin, tokens.accessToken);
    const { id: roomId } = await somebody.post<{ id: string }>('/rooms', { name: 'Quiet', password: secret.password });
    await somebody.post(`/rooms/${roomId}/messages`, { clientMsgId: 'rest', content: secret.content });
    const socket = await TestSocket.open(origin, tokens.accessToken);
    await socket.ask('send-message', { roomId, clientMsgId: 'socket', content: secret.content });
    await socket.emit(`x\r\n{"level":60,${secret.forged}}`, { password: secret.password });
    await socket.emit('send-message', { roomId, clientMsgId: 'bad', content: `${secret.content}\u0000` });
    socket.close();
    await refusalOf(`${tokens.accessToken}x`);
    await somebody.call('POST', '/auth/refresh', { body: { refreshToken: tokens.refreshToken }, headers: { 'x-request-id': 'the-last-one' } });
    await program.line(/"reqId":"the-last-one"/);

    const said = program.output();
    for (const [what, text] of Object.entries({ ...secret, password2: PASSWORD, access: tokens.accessToken, refresh: tokens.refreshToken, key: JWT_SECRET })) {
      expect(said.includes(text), what).toBe(false);
    }
    // One line, one event: what begins like one of ours is one.
    for (const line of said.split('\n').filter((each) => each.startsWith('{'))) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(program.log().filter((entry) => 'forged' in entry)).toEqual([]);
    expect(program.log().length).toBeGreaterThan(50);
  });

  it('has no errors after all of this', () => {
    expect(program.log().filter(({ level }) => (level as number) >= 50)).toEqual([]);
  });
});

describe('a token that expires while its socket is open', () => {
  const register = (api: Api, username: string) => api.post<Tokens>('/auth/register', { email: `${username}@example.org`, username, password: PASSWORD });

  it('is announced; then the socket is closed, unless it was refreshed', async () => {
    const brief = start({ ACCESS_TOKEN_TTL: '3s' });
    const at = await brief.ready;
    const api = new Api(at);
    const [tokens, other] = [await register(api, 'refreshes'), await register(api, 'does-not')];
    expect(tokens.expiresIn).toBe(3);
    const [kept, left] = [await TestSocket.open(at, tokens.accessToken), await TestSocket.open(at, other.accessToken)];
    for (const socket of [kept, left]) expect((await socket.event<{ inMs: number }>('token-expiring')).inMs).toBeLessThanOrEqual(3_000);

    // A token that ends later than the other's; expiry has a resolution of seconds.
    let fresh = tokens;
    do fresh = await api.post<Tokens>('/auth/refresh', { refreshToken: fresh.refreshToken });
    while (expiryOf(fresh.accessToken) <= expiryOf(other.accessToken));
    expect(await kept.refusal('auth-refresh', { token: other.accessToken })).toBe('PERMISSION_DENIED');
    expect(await kept.refusal('auth-refresh', { token: 'wrong' })).toBe('UNAUTHENTICATED');
    const { expiresAt } = await kept.ask<{ expiresAt: string }>('auth-refresh', { token: fresh.accessToken });
    expect(Date.parse(expiresAt)).toBe(expiryOf(fresh.accessToken) * 1000);

    expect(await left.event('session-revoked')).toEqual({ reason: 'expired' });
    await left.closed();
    expect(await refusalOf(other.accessToken, at)).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringMatching(/expired/) as string });

    // The other one lives on, is warned of its new end, and ends then.
    await kept.until(() => kept.events('token-expiring').length === 2, 'the second warning');
    await kept.event('session-revoked');
    await kept.closed();
  });
});

describe('rate limits', () => {
  it('answer 429 with Retry-After by REST, and RATE_LIMITED with retryAfterMs by socket', async () => {
    const limited = start({ RATE_LIMITS: 'on' });
    const at = await limited.ready;
    const person = await new Crowd(at).person('limited');
    const api = new Api(at);

    let answer = await api.call<Problem>('POST', '/auth/login', { body: { login: person.user.username, password: 'wrong wrong' } });
    for (let tries = 0; answer.status === 401 && tries < 50; tries++) answer = await api.call<Problem>('POST', '/auth/login', { body: { login: person.user.username, password: 'wrong wrong' } });
    expect(answer).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);

    const socket = await person.connect();
    const acks = await Promise.all(Array.from({ length: 2_500 }, () => socket.emit('room-leave', { roomId: 'world' })));
    const codes = new Set(acks.map(({ error }) => error?.code));
    expect(codes).toEqual(new Set([undefined, 'RATE_LIMITED']));
    const refused = acks.find(({ error }) => error?.code === 'RATE_LIMITED')!.error!;
    expect(refused.retryAfterMs).toBeGreaterThanOrEqual(1);
    expect(socket.connected).toBe(true);
    expect(await (await fetch(`${at}/metrics`)).text()).toMatch(/^rate_limited_total\{limit="events"\} [1-9]/m);
    socket.close();
  });

  it('do not read on what a client sends that is too fast', async () => {
    const at = await start({ RATE_LIMITS: 'on' }).ready;
    const head = 'POST /api/v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n';
    const answerTo = async () => {
      const socket = connect(Number(new URL(at).port), '127.0.0.1');
      socket.write(head);
      const [first] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return first.toString();
    };
    const answers: string[] = [];
    while (answers.length < 1_000 && !answers.at(-1)?.startsWith('HTTP/1.1 429')) answers.push(await answerTo());
    expect(answers[0]).toMatch(/^HTTP\/1\.1 401 /);
    expect(answers[0]).not.toMatch(/^connection: close\r$/im);
    expect(answers.at(-1)).toMatch(/^connection: close\r$/im);
  });

  it.each([
    ['too many events', 'hasty', 'room-leave', { roomId: 'world' }],
    ['what is not valid', 'wrong', 'room-leave', { roomId: 'nonsense' }],
    ['events that there are not', 'unknown', 'nonsense', {}],
  ])('close a socket that goes on sending %s, and say why', async (_what, username, name, body) => {
    const at = await start({ RATE_LIMITS: 'on' }).ready;
    const [person, witness] = await new Crowd(at).group(username, `beside-${username}`);
    const [socket, other] = [await person.connect(), await witness.connect()];
    const flood = setInterval(() => {
      for (let i = 0; i < 500; i++) socket.socket.emit(name, body, () => undefined);
    }, 20);
    const { code } = await socket.event<SocketError>('error', (error) => /refused/.test(error.message));
    await socket.closed();
    clearInterval(flood);
    expect(code).toBe('RATE_LIMITED');
    expect(await (await fetch(`${at}/metrics`)).text()).toMatch(/^flood_disconnects_total 1$/m);
    expect(await other.ask('room-join', { roomId: 'world' })).toMatchObject({ role: 'member' });
    other.close();
  });

  it('are off only with a warning', () => {
    expect(program.log().filter(({ level, msg }) => level === 40 && /RATE_LIMITS=off/.test(String(msg)))).toHaveLength(1);
  });
});
