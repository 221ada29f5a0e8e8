import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api, Crowd, type Person } from '../support/client.js';
import { createDatabase, execute, type TestDatabase } from '../support/database.js';
import { holdChannel } from '../support/hold-channel.js';
import { freePort } from '../support/product.js';
import { endPrograms, JWT_SECRET, type Program, runProgram } from '../support/program.js';
import { pollingHandshake, Wire } from '../support/wire.js';

let directory: string;
let database: TestDatabase;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atrium-platform-'));
  database = await createDatabase();
});
afterEach(endPrograms);
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}) => ({ NODE_ENV: 'test', DATABASE_URL: database.url, JWT_SECRET, RATE_LIMITS: 'off', ...more });
const start = (more?: Record<string, string>) => runProgram(environment(more));

/** What it says when it refuses to start, after it has. */
async function refusal(program: Program, exitCode: number): Promise<string> {
  expect(await program.ended, program.output()).toBe(exitCode);
  expect(program.output()).not.toContain('Atrium is ready');
  // Written for the person at the terminal: no stack traces.
  expect(program.output()).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return program.output();
}

describe('a configuration that is not valid', () => {
  it('is refused with all its problems at once and exit code 78', async () => {
    const said = await refusal(
      runProgram({ PORT: '70000', NODE_ENV: 'production', BUS: 'pigeons', DATABASE_URL: 'mysql://x', ACCESS_TOKEN_TTL: 'soon', CORS_ORIGINS: 'https://a.example/path', TRUST_PROXY: 'the-proxy' }),
      78,
    );
    for (const name of ['PORT', 'BUS', 'DATABASE_URL', 'ACCESS_TOKEN_TTL', 'CORS_ORIGINS', 'TRUST_PROXY', 'JWT_SECRET']) expect(said).toMatch(new RegExp(`^ +${name}: .{5,}`, 'm'));
    expect(said).toContain('docs/configuration.md');
  });

  it.each([
    ['missing', {}, /JWT_SECRET: is required in production/],
    ['short', { JWT_SECRET: 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-' }, /JWT_SECRET: must have at least 32 bytes/],
    ['an example', { JWT_SECRET: 'please-change-me-please-change-me-please' }, /JWT_SECRET: looks like an example/],
    ['a row of keys', { JWT_SECRET: 'qwertyuiopasdfghjklzxcvbnm123456' }, /JWT_SECRET: looks like an example, or could be guessed/],
    ['one repeated letter', { JWT_SECRET: 'a'.repeat(48) }, /JWT_SECRET: looks like an example/],
  ])('in production, a secret that is %s', async (_what, env: Record<string, string>, expected) => {
    expect(await refusal(runProgram({ NODE_ENV: 'production', DATABASE_URL: database.url, ...env }), 78)).toMatch(expected);
  });

  it('and never shows a secret', async () => {
    const said = await refusal(start({ JWT_SECRET: 'short-but-private', PORT: 'x' }), 78);
    expect(said).not.toContain('short-but-private');
  });

  it('names the file of a secret that cannot be read', async () => {
    const path = join(directory, 'nowhere');
    const said = await refusal(runProgram({ DATABASE_URL: database.url, JWT_SECRET_FILE: path }), 78);
    expect(said).toMatch(/JWT_SECRET_FILE: cannot read .*nowhere/);
  });
});

describe('a start that cannot succeed', () => {
  it('says which port is taken, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      expect(await refusal(start({ PORT: String(port) }), 1)).toMatch(new RegExp(`Port ${port} is taken[^]*\\bPORT=`));
      expect(await refusal(start({ OPS_PORT: String(port) }), 1)).toMatch(new RegExp(`Port ${port} is taken[^]*OPS_PORT=`));
    } finally {
      other.close();
    }
  });

  it('says that PostgreSQL cannot be reached, and where, without the password', async () => {
    const said = await refusal(start({ DATABASE_URL: `postgres://ada:hunter2@127.0.0.1:${await freePort()}/atrium` }), 1);
    expect(said).toMatch(/PostgreSQL cannot be reached[^]*127\.0\.0\.1/);
    expect(said).not.toContain('hunter2');
  });

  it('refuses a database whose schema is newer than the code', async () => {
    const newer = await createDatabase();
    try {
      const first = runProgram({ ...environment(), DATABASE_URL: newer.url });
      await first.ready;
      first.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      await execute(newer.url, `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')`);
      expect(await refusal(runProgram({ ...environment(), DATABASE_URL: newer.url }), 1)).toMatch(/FromTheFuture|newer/);
    } finally {
      await newer.drop();
    }
  });
});

describe('secrets from files', () => {
  it('work like secrets from variables, white space aside', async () => {
    const [secret, url] = [join(directory, 'jwt'), join(directory, 'database')];
    await writeFile(secret, `${JWT_SECRET}\n`);
    await writeFile(url, `${database.url}\n`);
    const byFile = runProgram({ NODE_ENV: 'production', RATE_LIMITS: 'off', JWT_SECRET_FILE: secret, DATABASE_URL_FILE: url });
    const ada = await new Crowd(await byFile.ready).person('by-file');
    byFile.kill('SIGTERM');
    expect(await byFile.ended).toBe(0);
    // The same secret, given directly, honours the token.
    const byVariable = start();
    expect(await new Api(await byVariable.ready, ada.token).get('/auth/me')).toMatchObject({ id: ada.id });
  });
});

describe('OPS_PORT', () => {
  it('moves health and metrics away from the public port, however their path is written', async () => {
    const port = await freePort();
    const program = start({ OPS_PORT: String(port) });
    const origin = await program.ready;
    const ops = `http://127.0.0.1:${port}`;
    for (const path of ['/livez', '/readyz', '/health', '/metrics']) {
      const answer = await fetch(`${ops}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.text();
      for (const way of [path, `${path}/`, `${path}?x=1`, `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`, `/${path}`]) {
        const hidden = await fetch(`${origin}${way}`, { headers: { 'x-atrium-ops': 'guess' } });
        expect([way, hidden.status]).toEqual([way, 404]);
        expect(await hidden.json()).toMatchObject({ code: 'NOT_FOUND' });
      }
    }
    for (const [method, path] of [['GET', '/docs'], ['GET', '/api/v1/auth/me'], ['POST', '/livez']] as const) {
      expect((await fetch(`${ops}${path}`, { method })).status).toBe(404);
    }
    expect(program.output()).toContain(`:${port}/metrics`);
  });
});

describe('in production', () => {
  const OPS_TOKEN = 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA';
  const production = (more: Record<string, string> = {}) => start({ NODE_ENV: 'production', ...more });
  const DOCS = ['/docs', '/docs/', '/docs/swagger-ui-init.js', '/docs/swagger-ui.css', '/docs/index.html', '/openapi.json', '/openapi.yaml', '/asyncapi.json'];
  const statuses = async (origin: string, paths: string[], headers: Record<string, string> = {}) => Promise.all(paths.map(async (path) => (await fetch(`${origin}${path}`, { headers })).status));
  const all = (paths: string[], status: number) => paths.map(() => status);
  const healthOf = async (origin: string, headers: Record<string, string> = {}) => (await fetch(`${origin}/health`, { headers })).json() as Promise<unknown>;

  it('nobody sees metrics, documentation, or more of the health than that all is well', async () => {
    const program = production();
    const origin = await program.ready;
    expect(await statuses(origin, ['/livez', '/readyz', '/health'])).toEqual([200, 200, 200]);
    const hidden = ['/metrics', '/metrics/', '/%6Detrics', ...DOCS, '/%64ocs', '/docs?x=1'];
    expect(await statuses(origin, hidden, { authorization: `Bearer ${OPS_TOKEN}` })).toEqual(all(hidden, 404));
    expect(await healthOf(origin)).toEqual({ status: 'ok' });
    expect(program.output()).not.toMatch(/\/metrics|\/docs/);
  });

  it('OPS_TOKEN shows all of it', async () => {
    const program = production({ OPS_TOKEN });
    const origin = await program.ready;
    expect(await statuses(origin, ['/metrics', ...DOCS])).toEqual(all(['/metrics', ...DOCS], 401));
    expect((await fetch(`${origin}/metrics`)).headers.get('www-authenticate')).toBe('Bearer');
    expect(await healthOf(origin, { authorization: 'Bearer guess' })).toEqual({ status: 'ok' });
    const bearer = { authorization: `Bearer ${OPS_TOKEN}` };
    expect(await statuses(origin, ['/metrics', ...DOCS], bearer)).toEqual(all(['/metrics', ...DOCS], 200));
    expect(await healthOf(origin, bearer)).toMatchObject({ status: 'ok', details: { database: { status: 'up' } } });
    expect(program.output()).not.toContain(OPS_TOKEN);
  });

  it('OPS_PORT has all of it, and the public port nothing', async () => {
    const port = await freePort();
    const program = production({ OPS_PORT: String(port) });
    const origin = await program.ready;
    expect(await statuses(origin, ['/metrics', '/health', '/livez', ...DOCS])).toEqual(all(['/metrics', '/health', '/livez', ...DOCS], 404));
    const inside = `http://127.0.0.1:${port}`;
    expect(await statuses(inside, ['/metrics', '/health', '/livez', ...DOCS])).toEqual(all(['/metrics', '/health', '/livez', ...DOCS], 200));
    expect(await healthOf(inside)).toMatchObject({ details: { database: { status: 'up' } } });
    // Not as text: an image of the page would be damaged.
    const [image, original] = await Promise.all([fetch(`${inside}/docs/favicon-32x32.png`).then((answer) => answer.bytes()), readFile('node_modules/swagger-ui-dist/favicon-32x32.png')]);
    expect(Buffer.from(image).equals(original)).toBe(true);
    expect(program.output()).toContain(`:${port}/docs`);
  });

  it('DOCS=public lets everybody read the documentation, and nothing else', async () => {
    const origin = await production({ DOCS: 'public' }).ready;
    expect(await statuses(origin, ['/metrics', ...DOCS])).toEqual([404, ...all(DOCS, 200)]);
    expect(await healthOf(origin)).toEqual({ status: 'ok' });
  });
});

describe('a proxy in front', () => {
  const notices = (program: Program) => program.log().filter(({ msg }) => /TRUST_PROXY/.test(String(msg)));
  const throughProxy = async (origin: string) => {
    await fetch(`${origin}/livez`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    await pollingHandshake(origin, { 'x-forwarded-proto': 'https' });
    await (await Wire.open(origin, { headers: { forwarded: 'for=203.0.113.7' } }).then((wire) => (wire.close(), wire))).closed;
  };

  it('that TRUST_PROXY does not name is told of once', async () => {
    const program = start();
    const origin = await program.ready;
    await fetch(`${origin}/livez`);
    expect(notices(program)).toEqual([]);
    await throughProxy(origin);
    await throughProxy(origin);
    await program.line(/TRUST_PROXY/);
    expect(notices(program)).toMatchObject([{ level: 40, msg: expect.stringMatching(/x-forwarded-for.*TRUST_PROXY=127\.0\.0\.1/) as string }]);
  });

  it('that it names is not', async () => {
    const program = start({ TRUST_PROXY: 'loopback' });
    await throughProxy(await program.ready);
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(notices(program)).toEqual([]);
  });
});

describe('SIGTERM', () => {
  let program: Program;
  let origin: string;
  let ada: Person;

  beforeAll(async () => {
    program = start({ OPS_PORT: String(await freePort()), LOG_LEVEL: 'info' });
    origin = await program.ready;
    ada = await new Crowd(origin).person('ada');
  });

  it('drains: not ready, clients told when to return, connections closed so that they do, exit 0', async () => {
    const ops = /http:\S+(?=\/health)/.exec(program.output())![0].replace('localhost', '127.0.0.1');
    expect((await fetch(`${ops}/readyz`)).status).toBe(200);
    const { id: roomId } = await ada.post<{ id: string }>('/rooms', { name: 'Drain' });
    const sockets = [await ada.connect(['websocket']), await ada.connect(['polling'])];
    // Stock behaviour: whatever ends with this reason is connected again by the client itself.
    const returning = io(origin, { auth: { token: ada.token }, transports: ['websocket'], reconnectionDelay: 10, forceNew: true });
    await once(returning as never, 'connect');
    const tries = new Promise((resolve) => returning.io.once('reconnect_attempt', resolve));
    const acks = Promise.all(Array.from({ length: 50 }, (_, i) => sockets[0]!.emit('send-message', { roomId, clientMsgId: `last ${i}`.replace(' ', '-'), content: 'under way' })));
    program.kill('SIGTERM');

    for (const socket of sockets) {
      const { reconnectAfterMs } = await socket.event<{ reconnectAfterMs: number }>('server-draining');
      expect(reconnectAfterMs).toBeGreaterThanOrEqual(0);
      expect(reconnectAfterMs).toBeLessThanOrEqual(30_000);
    }
    for (const { data } of await acks) expect(data).toMatchObject({ seq: expect.any(Number) as number });
    await Promise.all(sockets.map((socket) => socket.closed()));
    await tries;
    returning.disconnect();
    expect(await program.ended, program.output()).toBe(0);
    expect(program.log().filter(({ level }) => (level as number) >= 50)).toEqual([]);
    expect(program.output()).toContain('SIGTERM: shutting down');
  });
});

describe('a drain under load', () => {
  it('answers readiness with 503 and refuses new sockets while it lasts', async () => {
    const opsPort = await freePort();
    const program = start({ OPS_PORT: String(opsPort), LOG_LEVEL: 'info' });
    const origin = await program.ready;
    const ada = await new Crowd(origin).person('busy');
    const { id: roomId } = await ada.post<{ id: string }>('/rooms', { name: 'Busy' });
    const socket = await ada.connect();
    // A transaction that holds the room's row keeps one event without its ack, and so the drain going.
    const holder = await holdChannel(database.url, roomId);
    const unanswered = socket.emit('send-message', { roomId, clientMsgId: 'held', content: 'held' });
    await holder.isWaitedFor();
    program.kill('SIGTERM');
    await socket.event('server-draining');
    const ready = await fetch(`http://127.0.0.1:${opsPort}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable', reason: 'draining' }]);
    expect((await fetch(`http://127.0.0.1:${opsPort}/livez`)).status).toBe(200);
    const handshake = await fetch(`${origin}/socket.io/?EIO=4&transport=polling`);
    expect(handshake.status).toBe(503);
    await holder.release();
    expect((await unanswered).data).toMatchObject({ seq: expect.any(Number) as number });
    await socket.closed();
    expect(await program.ended).toBe(0);
  });
});
