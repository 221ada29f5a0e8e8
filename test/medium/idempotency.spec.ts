import { createHash } from 'node:crypto';
import { Body, Controller, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { AppError } from '../../src/platform/errors/app-error.js';
import { Public } from '../../src/platform/identity/public.js';
import { IdempotencyKeysRepository } from '../../src/platform/idempotency/idempotency-keys.repository.js';
import { IdempotencyModule } from '../../src/platform/idempotency/idempotency.module.js';
import { Resend } from '../../src/platform/idempotency/resend.js';
import { Resends } from '../../src/platform/idempotency/resends.js';
import { startApp, type Answer, type TestApp } from '../support/module.js';

/** What the next calls do; absent: they answer with their number. */
let behave: (() => unknown) | undefined;
let calls = 0;
/** By the number of the call that made it. */
const things = new Map<string, object>();
const make = (more: object = {}) => {
  const thing = { call: ++calls, ...more };
  things.set(String(thing.call), thing);
  return thing;
};
const callOf = ({ call }: { call: number | string }) => String(call);

@Controller('things')
class ThingsController {
  constructor(resends: Resends) {
    resends.register<string>('thing', (_caller, ref) => {
      const thing = things.get(ref);
      if (!thing) throw new AppError('NOT_FOUND');
      return thing;
    });
  }
  @Post()
  @Resend('thing', callOf)
  create(@Body() body: unknown): unknown {
    if (!behave) return make({ body });
    calls++;
    return behave();
  }
  @Post('anyone')
  @Public()
  anyone(): unknown {
    return { call: ++calls };
  }
  @Post('silent')
  @Resend()
  @HttpCode(204)
  silent(): void {
    calls++;
  }
  @Post('found')
  @Resend('thing', callOf)
  found(@Res({ passthrough: true }) reply: FastifyReply): unknown {
    void reply.status(200);
    return make();
  }
  @Post('undeclared')
  undeclared(): unknown {
    return { call: ++calls };
  }
  @Post(':id')
  @Resend('thing', callOf)
  createIn(@Param('id') id: string): unknown {
    return make({ id });
  }
  @Patch()
  change(): unknown {
    return { call: ++calls };
  }
}

describe('Idempotency-Key', () => {
  let t: TestApp;
  let ada: string;
  let bob: string;
  let key: string;
  let keys = 0;
  beforeAll(async () => {
    t = await startApp({ imports: [AuthModule, IdempotencyModule], controllers: [ThingsController] });
    [ada, bob] = [(await t.register('ada')).accessToken, (await t.register('bob')).accessToken];
  });
  afterAll(() => t.close());
  beforeEach(() => {
    behave = undefined;
    calls = 0;
    things.clear();
    key = `key-${keys++}`;
  });

  const post = (body: unknown, { path = '/things', token = ada, as = key }: { path?: string; token?: string; as?: string } = {}): Promise<Answer<Record<string, unknown>>> =>
    t.request('POST', path, { token, body, headers: { 'idempotency-key': as } });
  const age = (seconds: number) => t.db.rows(`UPDATE idempotency_keys SET created_at = created_at - $2 * interval '1 second' WHERE key = $1`, [key, seconds]);

  it('answers a resend with what the first one made, and does nothing', async () => {
    expect(await post({ a: 1 })).toMatchObject({ status: 201, body: { call: 1, body: { a: 1 } } });
    for (let n = 0; n < 3; n++) {
      const again = await post({ a: 1 });
      expect([again.status, again.body]).toEqual([201, { call: 1, body: { a: 1 }, duplicate: true }]);
    }
    expect(calls).toBe(1);
  });

  it('does not mark the first answer', async () => {
    const { body, headers } = await post({});
    expect(body).not.toHaveProperty('duplicate');
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect((await post({})).headers).toHaveProperty('idempotent-replayed', 'true');
  });

  it('answers a resend with the thing as it is now, and as a GET would when it is gone', async () => {
    await post({ text: 'secret' });
    things.set('1', { call: 1, body: { text: 'edited' } });
    expect((await post({ text: 'secret' })).body).toEqual({ call: 1, body: { text: 'edited' }, duplicate: true });
    things.delete('1');
    for (let n = 0; n < 2; n++) expect(await post({ text: 'secret' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(calls).toBe(1);
  });

  it('keeps neither request nor answer, and of secrets not even a fingerprint', async () => {
    const body = { name: 'visible-name', password: 'hunter2-hunter2' };
    await post(body);
    const [row] = await t.db.rows<{ request: string; kind: string; ref: string; text: string }>('SELECT request, kind, ref, k::text AS text FROM idempotency_keys k WHERE key = $1', [key]);
    expect(row).toMatchObject({ kind: 'thing', ref: '1' });
    expect(row!.text).not.toMatch(/visible|hunter2/);
    expect(row!.request).toMatch(/^[\w-]{43}$/);
    const plain = createHash('sha256').update(`POST /api/v1/things\n${JSON.stringify(body)}`).digest('base64url');
    expect(row!.request).not.toBe(plain);
    expect((await post({ ...body, password: 'another' })).body['duplicate'], 'the password is no part of what the request is').toBe(true);
    expect((await post({ ...body, name: 'x' })).status).toBe(409);
  });

  it('refuses a route that says nothing about a resend, and does nothing', async () => {
    expect((await post({}, { path: '/things/undeclared' })).status).toBe(500);
    expect(calls).toBe(0);
  });

  it.each([
    ['/things/silent', 204, undefined],
    ['/things/found', 200, { call: 1, duplicate: true }],
  ])('repeats the status of %s', async (path, status, body) => {
    const first = await post({}, { path });
    const again = await post({}, { path });
    expect([first.status, again.status, again.body, calls]).toEqual([status, status, body, 1]);
  });

  it('refuses the same key with another body, path or query', async () => {
    await post({ a: 1 });
    for (const other of [await post({ a: 2 }), await post({ a: 1 }, { path: '/things/found' }), await post({ a: 1 }, { path: '/things?x=1' })]) {
      expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_MISMATCH' } });
    }
    expect(calls).toBe(1);
  });

  it('gives every user keys of their own', async () => {
    await post({ a: 1 });
    expect((await post({ b: 2 }, { token: bob })).body).toEqual({ call: 2, body: { b: 2 } });
  });

  it.each([
    ['the client’s fault', () => { throw AppError.invalid('a', 'is wrong'); }, 400],
    ['ours', () => { throw new Error('boom'); }, 500],
    ['late', () => Promise.reject(AppError.unavailable('away')), 503],
  ])('frees the key when the first request fails (%s)', async (_, fail, status) => {
    behave = fail;
    expect((await post({ a: 1 })).status).toBe(status);
    behave = undefined;
    // Even for another request: the first has left no trace.
    expect(await post({ a: 2 })).toMatchObject({ status: 201, body: { call: 2 } });
    expect((await post({ a: 2 })).body).toMatchObject({ call: 2, duplicate: true });
  });

  it('carries one of many simultaneous requests out, and gives all the same answer', async () => {
    let release = () => {};
    things.set('1', { call: 1 });
    const started = new Promise<void>((resolve) => {
      behave = () => {
        resolve();
        return new Promise((done) => (release = () => done({ call: calls })));
      };
    });
    const answers = Promise.all([post({}), post({}), post({}), post({})]);
    await started;
    release();
    const bodies = (await answers).map((a) => a.body);
    expect(calls).toBe(1);
    expect(bodies.filter((b) => b['duplicate'])).toHaveLength(3);
    expect(bodies.every((b) => b['call'] === 1)).toBe(true);
  });

  describe('while the first request is under way', () => {
    let release: () => void;
    let first: Promise<Answer<Record<string, unknown>>>;
    beforeEach(async () => {
      await new Promise<void>((started) => {
        behave = () => {
          started();
          behave = undefined;
          things.set('first', { call: 'first' });
          return new Promise((done) => (release = () => done({ call: 'first' })));
        };
        first = post({ a: 1 });
      });
    });

    it('asks for patience', async () => {
      expect(await post({ a: 1 })).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' }, headers: { 'retry-after': '1' } });
      expect((await post({ a: 2 })).status).toBe(409);
      release();
      expect((await first).body).toEqual({ call: 'first' });
      expect((await post({ a: 1 })).body).toEqual({ call: 'first', duplicate: true });
    });

    it('takes over after a minute, and then the late first one changes nothing', async () => {
      await age(61);
      expect((await post({ a: 2 })).status).toBe(409);
      expect((await post({ a: 1 })).body).toEqual({ call: 2, body: { a: 1 } });
      release();
      await first;
      expect((await post({ a: 1 })).body).toEqual({ call: 2, body: { a: 1 }, duplicate: true });
    });
  });

  it('forgets after a day', async () => {
    await post({ a: 1 });
    await age(86_300);
    expect((await post({ a: 1 })).body['duplicate']).toBe(true);
    await age(200);
    expect((await post({ a: 2 })).body).toEqual({ call: 2, body: { a: 2 } });
    await age(86_500);
    await t.app.get(IdempotencyKeysRepository).deleteExpired();
    expect(await t.db.rows('SELECT 1 FROM idempotency_keys WHERE key = $1', [key])).toEqual([]);
  });

  it.each(['', 'x'.repeat(256), 'caf\u00e9', 'tab\there'])('refuses the key %j', async (as) => {
    expect(await post({}, { as })).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(calls).toBe(0);
  });

  it.each(['x', 'x'.repeat(255), 'a b', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', `'; DROP TABLE users --`])('takes the key %j', async (as) => {
    expect((await post({}, { as })).status).toBe(201);
    expect((await post({}, { as })).body['duplicate']).toBe(true);
  });

  it('is nothing to other methods, to strangers and without the header', async () => {
    const headers = { 'idempotency-key': key };
    const send = (n: number) =>
      [
        () => t.request('PATCH', '/things', { token: ada, body: {}, headers }),
        () => t.request('POST', '/things/anyone', { body: {}, headers }),
        () => t.request('POST', '/things', { token: ada, body: {} }),
      ][n]!();
    for (const n of [0, 1, 2]) {
      const [first, second] = [await send(n), await send(n)];
      expect(second.body['call']).toBe((first.body['call'] as number) + 1);
    }
    expect((await t.request('POST', '/things', { body: {}, headers })).status).toBe(401);
  });

  it('never keeps what the auth routes answer', async () => {
    const headers = { 'idempotency-key': key };
    const login = () => t.request<{ refreshToken: string }>('POST', '/auth/login', { token: ada, body: { login: 'ada', password: 'correct horse' }, headers });
    expect((await login()).body.refreshToken).not.toBe((await login()).body.refreshToken);
    expect((await t.request('POST', '/auth/password', { token: ada, body: { current: 'correct horse', next: 'battery staple' }, headers })).status).toBe(204);
    expect(await t.db.rows('SELECT 1 FROM idempotency_keys WHERE key = $1', [key])).toEqual([]);
  });
});
