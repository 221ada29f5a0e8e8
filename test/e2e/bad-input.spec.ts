import { randomInt } from 'node:crypto';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import * as fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { Problem, SocketError } from '../../src/protocol/errors.js';
import { CLIENT_EVENTS, type ClientEvent } from '../../src/protocol/events.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { Message } from '../../src/protocol/messages.js';
import { PageId, type PageSummary } from '../../src/protocol/pages.js';
import type { MyRoom } from '../../src/protocol/rooms.js';
import { BROKEN_JSON, type JsonSchema, NASTY_CURSORS, NASTY_IDS, NASTY_NUMBERS, NASTY_TEXTS, type OpenApi, resolve, type Route, routesOf, sampleOf, wrongTypesFor } from '../support/bad-input.js';
import { type Answer, Api, Crowd, type Person, type TestSocket } from '../support/client.js';
import { makePage } from '../support/pages.js';
import { makeAdministrator } from '../support/administrator.js';
import { type Product, startProduct } from '../support/product.js';

/** What changes without anybody's doing: a session remembers when it was used, a journal has counters of its own. */
const UNTOUCHED_TABLES = ['users', 'channels', 'journal', 'rooms', 'room_members', 'messages', 'pages', 'grants', 'invites', 'user_blocks', 'idempotency_keys'];

let product: Product;
let crowd: Crowd;
let database: pg.Client;
let ada: Person;
let stranger: Person;
let room: MyRoom;
let message: Message;
let page: PageSummary;
let routes: Route[];

beforeAll(async () => {
  // An administrator, so that the routes of administrators are reached too.
  product = await startProduct();
  database = new pg.Client(product.databaseUrl);
  await database.connect();
  crowd = new Crowd(product.url);
  [ada, stranger] = await crowd.group('ada', 'stranger');
  await makeAdministrator(product, ada);
  room = await ada.post<MyRoom>('/rooms', { name: 'Target', isPrivate: true });
  message = await ada.post<Message>(`/rooms/${room.id}/messages`, { clientMsgId: '1', content: 'the truth' });
  page = await makePage(ada);
  routes = routesOf((await (await fetch(`${product.url}/openapi.json`)).json()) as OpenApi);
});
afterEach(() => crowd.disperse());
afterAll(async () => {
  await database.end();
  expect(product.errors()).toEqual([]);
  await product.stop();
});

/** Everything that is stored, as one text a table. */
async function stored(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of UNTOUCHED_TABLES) {
    const { rows } = await database.query<{ digest: string }>(`SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS digest FROM ${table} t`);
    digests[table] = rows[0]!.digest;
  }
  return digests;
}

/** Runs attempts, some at a time: one client may not have a thousand connections. */
async function runAll<T>(attempts: T[], attempt: (input: T) => Promise<void>, atOnce = 16): Promise<void> {
  expect(attempts.length).toBeGreaterThan(0);
  const queue = [...attempts];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let input; (input = queue.shift()) !== undefined; ) await attempt(input);
    }),
  );
}

/** Runs attempts that must all fail, and compares what is stored. */
async function leavesNoTrace<T>(attempts: T[], attempt: (input: T) => Promise<void>): Promise<void> {
  const before = await stored();
  await runAll(attempts, attempt);
  expect(await stored()).toEqual(before);
}

const fill = ({ path }: Route, values: Record<string, string>) => path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? crypto.randomUUID());
const typed = ({ mediaTypes }: Route) => ({ 'content-type': mediaTypes[0]! });
const theirs = () => ({ id: room.id, pageId: page.pageId, userId: ada.id, seq: String(message.seq), version: '0' });
/** Places in a journal. */
const isNumber = (parameter: string) => parameter === 'seq' || parameter === 'version';
/** What a path may have beside ids: the name of a page, and as an invite whatever was copied. */
const isName = (parameter: string, text: string) => parameter === 'token' || (parameter === 'pageId' && PageId.safeParse(decodeURIComponent(text)).success);

function expectProblem(answer: Answer, label: string): Problem {
  expect(answer.headers.get('content-type'), label).toMatch(/^application\/problem\+json/);
  const problem = Problem.safeParse(answer.body);
  expect(problem.error?.issues, `${label}: ${JSON.stringify(answer.body)}`).toBeUndefined();
  expect(problem.data!.status, label).toBe(answer.status);
  expect(answer.status, label).toBeGreaterThanOrEqual(400);
  expect(answer.status, label).toBeLessThan(500);
  return problem.data!;
}

/** Says how many bytes are to come, and sends none: the refusal must not wait for them. */
function announce(route: Route, bytes: number): Promise<Answer> {
  return new Promise((resolveAnswer, reject) => {
    const headers = { authorization: `Bearer ${ada.token}`, ...typed(route), 'content-length': bytes };
    const outgoing = request(`${product.url}/api/v1${fill(route, theirs())}`, { method: route.method, headers, timeout: 10_000 }, (response) => {
      json(response).then((body) => {
        outgoing.destroy();
        resolveAnswer({ status: response.statusCode!, headers: new Headers({ 'content-type': response.headers['content-type']! }), body });
      }, reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${route.method} ${route.path}`)));
    outgoing.on('error', reject);
    outgoing.flushHeaders();
  });
}

/** Strangers may send small bodies alone, and hear of nothing else that is wrong with a larger one. */
const isTooLarge = ({ isPublic }: Route, body: string) => isPublic && Buffer.byteLength(body) > LIMITS.publicBodyBytes;
const short = (value: unknown) => (JSON.stringify(value) ?? String(value)).slice(0, 120);

describe('every route of REST', () => {
  it('is in the document', () => {
    expect(routes.length).toBeGreaterThan(30);
    // Whoever makes a route public says so here too.
    expect(routes.filter(({ isPublic }) => isPublic).map(({ method, path }) => `${method} ${path}`).sort()).toEqual(['GET /auth/registration', 'GET /invites/{token}', 'POST /auth/login', 'POST /auth/logout', 'POST /auth/refresh', 'POST /auth/register']);
  });

  it('asks for a token, and a good one', async () => {
    const forged = `${ada.token.split('.').slice(0, 2).join('.')}.AAAA`;
    const attempts = routes.filter(({ isPublic }) => !isPublic).flatMap((route) => [undefined, 'x', forged, '\u00ff', 'null', 'x'.repeat(8_000)].map((token) => ({ route, token })));
    await leavesNoTrace(attempts, async ({ route, token }) => {
      const answer = await new Api(product.url, token).call(route.method, fill(route, theirs()), route.body && { body: sampleOf(route.body, {}), headers: typed(route) });
      expect(expectProblem(answer, `${route.method} ${route.path} with ${short(token)}`).code).toBe('UNAUTHENTICATED');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    });
  });

  it('shows nothing of a private room or a page to a stranger', async () => {
    const foreign = routes.filter(({ path }) => /^\/((rooms|messages)\/\{id\}|pages\/\{pageId\})/.test(path));
    expect(foreign.length).toBeGreaterThan(15);
    await leavesNoTrace(foreign, async (route) => {
      const id = route.path.startsWith('/messages') ? message.id : room.id;
      const answer = await stranger.call(route.method, fill(route, { ...theirs(), id }), route.body && { body: sampleOf(route.body, { replyTo: null }), headers: typed(route) });
      expect(expectProblem(answer, `${route.method} ${route.path}`).code).toMatch(/^(ROOM|MESSAGE|PAGE)_NOT_FOUND$/);
    });
  });

  it('is not found for ids that are nobody’s, and refuses what is no id', async () => {
    const attempts = routes.flatMap((route) => route.parameters.filter((parameter) => parameter.in === 'path').flatMap(({ name }) => [crypto.randomUUID(), ...NASTY_IDS].map((id) => ({ route, name, id }))));
    await leavesNoTrace(attempts, async ({ route, name, id }) => {
      if (isNumber(name) && id === '0') return;
      const answer = await ada.call(route.method, fill(route, { ...theirs(), [name]: id }), route.body && { body: sampleOf(route.body, { replyTo: null }), headers: typed(route) });
      const label = `${route.method} ${route.path} with ${name}=${id}`;
      const { code, errors } = expectProblem(answer, label);
      const isId = id.length === 36 || isName(name, id);
      if (isId && !isNumber(name)) expect(code, label).toMatch(/NOT_FOUND$|^PERMISSION_DENIED$/);
      else {
        expect(code, label).toBe('INVALID_INPUT');
        expect(errors?.map(({ path }) => path), label).toContain(name);
      }
    });
  });

  it('refuses a URL that is none', async () => {
    for (const path of ['/rooms/%FF', '/rooms/%E0%A4%A', `/rooms/${'x'.repeat(300)}`, `/rooms?cursor=${'x'.repeat(20_000)}`, '/nothing', '/rooms/world/nothing']) {
      const { status } = await ada.call('GET', path);
      expect(status, path.slice(0, 80)).toBeGreaterThanOrEqual(400);
      expect(status, path.slice(0, 80)).toBeLessThan(500);
    }
  });

  it('names the parameter of the query that is wrong', async () => {
    const attempts = routes.flatMap((route) =>
      route.parameters
        .filter((parameter) => parameter.in === 'query')
        .flatMap(({ name, schema }) => {
          const values = schema.type === 'integer' ? ['x', '-1', '1.5', 'NaN', 'Infinity', '1e999', '9007199254740993', '1;2', '\u0000', "' OR 1=1"] : name === 'cursor' ? NASTY_CURSORS : ['\u0000', '\u0007', 'x'.repeat(10_000)];
          return [...values.map((value) => ({ route, name, query: `${name}=${encodeURIComponent(value)}` })), { route, name, query: `${name}=1&${name}=2` }];
        })
        .concat(['__proto__', 'constructor', 'limit[]', 'unknown'].map((name) => ({ route, name, query: `${name}=1` }))),
    );
    const takesQuery = (route: Route) => route.parameters.some((parameter) => parameter.in === 'query');
    await leavesNoTrace(attempts.filter(({ route }) => takesQuery(route)), async ({ route, name, query }) => {
      const label = `${route.method} ${route.path}?${query.slice(0, 100)}`;
      const answer = await ada.call(route.method, `${fill(route, theirs())}?${query}`);
      // A list in the order of names begins after any text.
      const isOfNames = name === 'cursor' && route.path.endsWith('/users');
      if (isOfNames && answer.status === 200) return;
      const { code, errors } = expectProblem(answer, label);
      expect(code, label).toBe('INVALID_INPUT');
      if (name !== '__proto__' && !isOfNames) expect(errors?.map(({ path }) => path.replace(/\[\d+\]$/, '')), label).toContain(name);
    });
  });

  it('refuses a body that is no JSON', async () => {
    const attempts = routes.filter(({ method }) => method !== 'GET').flatMap((route) => BROKEN_JSON.map((body) => ({ route, body })));
    await leavesNoTrace(attempts, async ({ route, body }) => {
      const answer = await ada.call(route.method, fill(route, theirs()), { body, headers: typed(route) });
      expect(expectProblem(answer, `${route.method} ${route.path} ${body.slice(0, 60)}`).code).toBe(isTooLarge(route, body) ? 'PAYLOAD_TOO_LARGE' : 'INVALID_INPUT');
    });
  });

  it('refuses a body of another media type than its own, and says which it takes', async () => {
    const others = ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'x', 'application/jsonx', 'application/merge-patch+json', 'application/json, text/plain', 'application/json', 'application/json-patch+json'];
    const attempts = routes.filter(({ method }) => method !== 'GET').flatMap((route) => others.filter((type) => !route.mediaTypes.includes(type)).map((type) => ({ route, type })));
    await leavesNoTrace(attempts, async ({ route, type }) => {
      const label = `${route.method} ${route.path} ${type}`;
      const answer = await ada.call(route.method, fill(route, theirs()), { body: JSON.stringify(route.body ? sampleOf(route.body, {}) : {}), headers: { 'content-type': type } });
      expect(expectProblem(answer, label), label).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
      expect(answer.headers.get(route.method === 'PATCH' ? 'accept-patch' : 'accept'), label).toBe(route.mediaTypes.join(', '));
    });
  });

  it('takes its media type in any spelling, and none where there is no body', async () => {
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset=UTF-8']) expect((await ada.call('POST', '/pages', { body: {}, headers: { 'content-type': type } })).status, type).toBe(201);
    for (const type of ['application/json-patch+json', 'application/json']) expect((await ada.call('PATCH', `/pages/${page.pageId}`, { body: [], headers: { 'content-type': type } })).status, type).toBe(200);
    expect((await fetch(`${product.url}/api/v1/pages`, { method: 'POST', headers: { authorization: `Bearer ${ada.token}` } })).status).toBe(201);
    expect((await ada.call('POST', '/nowhere', { body: 'x', headers: { 'content-type': 'text/plain' } })).status).toBe(404);
  });

  it('refuses a body of more than 1 MB, where it is no page, and deep or wide ones within it', async () => {
    const takesPage = ({ method, path }: Route) => method !== 'PATCH' && /^\/pages(\/\{pageId\})?$/.test(path);
    await leavesNoTrace(routes.filter(({ method }) => method !== 'GET'), async (route) => {
      const answer = await announce(route, (takesPage(route) ? LIMITS.pageBodyBytes : route.isPublic ? LIMITS.publicBodyBytes : LIMITS.bodyBytes) + 1);
      expect(expectProblem(answer, `${route.method} ${route.path}`).code).toBe('PAYLOAD_TOO_LARGE');
    });
    const bodies = ['{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000), '['.repeat(50_000) + ']'.repeat(50_000), JSON.stringify(Array.from({ length: 10_000 }, () => ({}))), `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join()}}`];
    const attempts = routes.filter(({ body }) => body).flatMap((route) => bodies.map((body) => ({ route, body })));
    await leavesNoTrace(attempts, async ({ route, body }) => {
      const answer = await ada.call(route.method, fill(route, theirs()), { body, headers: typed(route) });
      expect(expectProblem(answer, `${route.method} ${route.path} ${body.slice(0, 40)}`).code).toBe(isTooLarge(route, body) ? 'PAYLOAD_TOO_LARGE' : 'INVALID_INPUT');
      expect(JSON.stringify(answer.body).length, 'a large request gets no large answer').toBeLessThan(10_000);
    });
  });

  it('names the field that has the wrong type, and those it does not know', async () => {
    const attempts = routes.flatMap((route) => [
      ...Object.entries(route.body?.properties ?? {}).flatMap(([field, schema]) => wrongTypesFor(schema).map((value) => ({ route, field, value }))),
      ...['isAdmin', 'id', 'Content', 'toString', 'role '].filter((field) => route.body?.properties && !(field in route.body.properties)).map((field) => ({ route, field, value: 'x' })),
    ]);
    await leavesNoTrace(attempts, async ({ route, field, value }) => {
      const label = `${route.method} ${route.path} ${field}=${short(value)}`;
      const body = JSON.stringify({ ...(sampleOf(route.body!, {}) as object), [field]: value });
      const answer = await ada.call(route.method, fill(route, theirs()), { body, headers: typed(route) });
      const { code, errors } = expectProblem(answer, label);
      if (isTooLarge(route, body)) return expect(code, label).toBe('PAYLOAD_TOO_LARGE');
      // Fastify refuses the keys of prototypes anywhere in a body, before it is one.
      if (/__proto__|constructor/.test(JSON.stringify(value))) return;
      expect(code, label).toBe('INVALID_INPUT');
      expect(errors?.some(({ path }) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)), `${label} → ${short(errors)}`).toBe(true);
    });
  });

  it('takes or refuses any text and number, and never breaks on one', async () => {
    const attempts = routes.flatMap((route) =>
      Object.entries(route.body?.properties ?? {}).flatMap(([field, schema]) => [...(schema.type === 'integer' ? NASTY_NUMBERS : NASTY_TEXTS)].map((value) => ({ route, field, value: value }))),
    );
    // Some of these are good requests: a room may be called `constructor`.
    await runAll(attempts, async ({ route, field, value }) => {
      const known = { email: `${crypto.randomUUID()}@example.org`, username: `u${randomInt(2 ** 40)}`, clientMsgId: crypto.randomUUID(), replyTo: null };
      const answer = await stranger.call(route.method, fill(route, theirs()), { body: { ...(sampleOf(route.body!, known) as object), [field]: value }, headers: typed(route) });
      const label = `${route.method} ${route.path} ${field}=${short(value)}`;
      if (answer.status >= 400 && answer.status !== 503) expectProblem(answer, label);
      // Many passwords at once: refused for a moment, which is no failure.
      if (answer.status === 503) expect(answer.body).toMatchObject({ code: 'UNAVAILABLE' });
    }, 100);
    expect(await ada.get(`/messages/${message.id}`)).toEqual(message);
  });
});

const EVENTS: ClientEvent[] = Object.values(CLIENT_EVENTS);
function schemaOf(event: ClientEvent): JsonSchema {
  const { $defs = {}, ...schema } = z.toJSONSchema(event.body, { io: 'input' }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
  return resolve(schema, $defs);
}

function expectRefusal(ack: unknown, label: string): SocketError {
  const { error } = ack as { error?: unknown };
  const parsed = SocketError.safeParse(error);
  expect(parsed.error?.issues, `${label}: ${short(ack)}`).toBeUndefined();
  expect(['INTERNAL_ERROR', 'UNAVAILABLE'], label).not.toContain(parsed.data!.code);
  return parsed.data!;
}

/** The same socket still does what it should. */
async function expectGood(socket: TestSocket): Promise<void> {
  expect(socket.connected).toBe(true);
  expect(await socket.ask('room-join', { roomId: 'world' })).toMatchObject({ role: 'member' });
  const clientMsgId = crypto.randomUUID();
  const { messageId } = await socket.ask<{ messageId: string }>('send-message', { roomId: 'world', clientMsgId, content: 'still here' });
  await socket.event('new-message', ({ id }) => id === messageId);
}

describe('every client event', () => {
  it.each(EVENTS.map((event) => [event.name, event] as const))('%s refuses what is no body of it', async (_name, event) => {
    const socket = await ada.connect();
    const properties = Object.entries(schemaOf(event).properties!);
    const bodies: [unknown, string?][] = [
      ...[undefined, null, '', 'text', 0, -1, 1.5, Number.NaN, true, [], [[]], ['x'], {}, Buffer.from('binary'), { a: Buffer.from('binary') }, Array.from({ length: 10_000 }, () => ({}))].map((body): [unknown] => [body]),
      ...['isAdmin', 'userId', 'toString', 'hasOwnProperty'].map((field): [unknown, string] => [{ [field]: 'x' }, field]),
      [JSON.parse('{"__proto__":{"isAdmin":true}}')],
      [{ constructor: { prototype: {} } }, 'constructor'],
      ...properties.flatMap(([field, schema]) => wrongTypesFor(schema).map((value): [unknown, string] => [{ [field]: value }, field])),
      [{ ...(sampleOf(schemaOf(event), {}) as object), padding: 'x'.repeat(LIMITS.bodyBytes) }, 'padding'],
    ];
    await leavesNoTrace(bodies, async ([body, field]) => {
      const label = `${event.name} ${short(body)}`;
      const { code, errors } = expectRefusal(await (body === undefined ? socket.emit(event.name) : socket.emit(event.name, body)), label);
      expect(code, label).toBe('INVALID_INPUT');
      expect(errors?.length, label).toBeGreaterThan(0);
      if (field) expect(errors!.some(({ path }) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)), `${label} → ${short(errors)}`).toBe(true);
    });
    await expectGood(socket);
  });

  it.each(EVENTS.map((event) => [event.name, event] as const))('%s takes or refuses any text and number', async (_name, event) => {
    const socket = await stranger.connect();
    const schema = schemaOf(event);
    for (const [field] of Object.entries(schema.properties!)) {
      for (const value of [...NASTY_TEXTS, ...NASTY_NUMBERS]) {
        const ack = await socket.emit(event.name, { ...(sampleOf(schema, { roomId: room.id }) as object), [field]: value });
        if (ack.error) expectRefusal(ack, `${event.name} ${field}=${short(value)}`);
      }
    }
    await expectGood(socket);
  });

  it('without an ack callback gets its error as an event', async () => {
    const socket = await ada.connect();
    for (const { name } of EVENTS) {
      socket.socket.emit(name, { nonsense: true });
      const error = await socket.event('error', ({ event }) => event === name);
      expect(SocketError.parse(error)).toMatchObject({ code: 'INVALID_INPUT', event: name });
    }
    await expectGood(socket);
  });

  it('of a foreign room or page is refused as if there were none', async () => {
    const socket = await stranger.connect();
    await leavesNoTrace(EVENTS.filter(({ name }) => !['auth-refresh', 'room-leave'].includes(name)), async (event) => {
      const ids = { roomId: room.id, messageId: message.id, channelId: room.id, pageId: page.pageId, replyTo: null };
      const unknown = { roomId: crypto.randomUUID(), messageId: crypto.randomUUID(), channelId: crypto.randomUUID(), pageId: crypto.randomUUID(), replyTo: null };
      const [foreign, missing] = await Promise.all([ids, unknown].map((known) => socket.emit(event.name, sampleOf(schemaOf(event), known))));
      const codeOf = (ack: typeof foreign) => ack!.error?.code ?? (ack!.data as { error?: SocketError }[])[0]?.error?.code;
      expect(codeOf(foreign), event.name).toMatch(/^((ROOM|MESSAGE|PAGE)_)?NOT_FOUND$/);
      expect(codeOf(missing), event.name).toBe(codeOf(foreign));
    });
    await expectGood(socket);
  });

  it('that is none is refused by its name', async () => {
    const socket = await ada.connect();
    for (const name of ['', 'x', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'new-message', 'x'.repeat(100_000), '\u0000']) {
      expect(expectRefusal(await socket.emit(name, { roomId: room.id }), name).code).toBe('INVALID_INPUT');
    }
    await expectGood(socket);
  });

  it('in frames that no client would send costs at most the connection that sent them', async () => {
    const witness = await ada.connect();
    const frames = ['42', '4', '42[', '42{}', '42[]', '42[{}]', '42[null]', '42["send-message"', '42["send-message",', '421["send-message"]', '42999999999999999999["send-message",{}]', '42["connect",{}]', '42["disconnect"]', '42["disconnecting"]', '42["error",{}]', '451-["send-message",{"_placeholder":true,"num":0}]', '4599999-["x"]', '451-["x",{"_placeholder":true,"num":9}]', '47', '4x', 'x', '', '40/admin,', '43', '430[]', '42/other,["x"]', '\u0000', '42["send-message",{"__proto__":null}]', `42["${'['.repeat(50_000)}"]`];
    for (const frame of frames) {
      await new Promise<void>((resolve, reject) => {
        const raw = new WebSocket(`${product.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
        const done = () => resolve(raw.terminate());
        raw.on('error', reject);
        raw.on('close', done);
        raw.on('message', (text: Buffer) => {
          const packet = text.toString();
          if (packet.startsWith('0')) raw.send(`40${JSON.stringify({ token: ada.token })}`);
          else if (packet.startsWith('40')) {
            raw.send(frame);
            // Either it closes the connection, or the next question is answered.
            raw.send('4277["fence"]');
          } else if (packet.startsWith('4377') || packet.startsWith('44')) done();
        });
      });
    }
    await expectGood(witness);
  });

  it('survives a thousand bodies of chance', async () => {
    const socket = await stranger.connect();
    const ids = [room.id, message.id, stranger.id, 'world', crypto.randomUUID()];
    const names = [...new Set(EVENTS.flatMap((event) => Object.keys(schemaOf(event).properties!)))];
    const value = fc.oneof(fc.constantFrom<unknown>(...ids, ...NASTY_TEXTS.slice(0, -2), ...NASTY_NUMBERS, null, true), fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary', maxLength: 200 }), fc.integer());
    const body = fc.oneof({ weight: 5, arbitrary: fc.dictionary(fc.constantFrom(...names, '__proto__', 'extra'), value, { maxKeys: 5 }) }, { weight: 1, arbitrary: fc.jsonValue() });
    // Not the token: a chance that is none, and logs what it takes.
    const batch = fc.array(fc.tuple(fc.constantFrom(...EVENTS.map(({ name }) => name)), body), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(batch, async (sends) => {
        const acks = await Promise.all(sends.map(([name, sent]) => socket.emit(name, sent)));
        for (const [i, ack] of acks.entries()) if (ack.error) expectRefusal(ack, short(sends[i]));
        expect(socket.connected).toBe(true);
      }),
      { numRuns: 60, seed: Number(process.env['SEED'] ?? 20_260_101) },
    );
    await expectGood(socket);
    expect(await ada.get(`/rooms/${room.id}`)).toMatchObject({ name: 'Target', memberCount: 1, lastSeq: 1 });
    expect(await ada.get(`/messages/${message.id}`)).toEqual(message);
  });
});
