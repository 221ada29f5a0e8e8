import { describe, expect, it } from 'vitest';
import { Config, parseEnvironment } from '../config/config.js';
import { OpsAccess } from './ops-access.js';

const JWT_SECRET = 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L';
const OPS_TOKEN = 'v3Kq8ZtR5nWm2XyB7cLp4HdS9gJf6TuA';
const access = (env: Record<string, string> = {}) =>
  new OpsAccess(new Config({ ...parseEnvironment({ JWT_SECRET, ...env }, String), JWT_SECRET, DATABASE_URL: 'postgres://x' }));
const production = { NODE_ENV: 'production' };
const bearer = { authorization: `Bearer ${OPS_TOKEN}` };

/** What a stranger, the holder of the token, and whoever comes by OPS_PORT (without and with it) get. */
function look(env: Record<string, string>, route: string) {
  const ops = access(env);
  return [{}, bearer, ops.insideHeaders, { ...ops.insideHeaders, ...bearer }].map((headers) => ops.judge(route, headers));
}
const OPEN = 'as-ever';
const HIDDEN = 'not-here';
const ASKS = 'ask-for-token';

describe('metrics', () => {
  it.each([
    ['development', {}, [OPEN, OPEN, OPEN, OPEN]],
    ['development with a token', { OPS_TOKEN }, [ASKS, OPEN, ASKS, OPEN]],
    ['development with a port', { OPS_PORT: '9' }, [HIDDEN, HIDDEN, OPEN, OPEN]],
    ['production', production, [HIDDEN, HIDDEN, HIDDEN, HIDDEN]],
    ['production with a token', { ...production, OPS_TOKEN }, [ASKS, OPEN, ASKS, OPEN]],
    ['production with a port', { ...production, OPS_PORT: '9' }, [HIDDEN, HIDDEN, OPEN, OPEN]],
    ['production with both', { ...production, OPS_PORT: '9', OPS_TOKEN }, [HIDDEN, HIDDEN, ASKS, OPEN]],
  ])('in %s', (_where, env, expected) => {
    expect(look(env, '/metrics')).toEqual(expected);
    const ops = access(env);
    const detail = [{}, bearer, ops.insideHeaders, { ...ops.insideHeaders, ...bearer }].map((headers) => ops.maySeeDetail(headers));
    expect(detail).toEqual(expected.map((answer) => answer === OPEN));
  });
});

describe('documentation', () => {
  it.each([
    ['development', {}, [OPEN, OPEN]],
    ['production', production, [HIDDEN, HIDDEN]],
    ['production, public', { ...production, DOCS: 'public' }, [OPEN, OPEN]],
    ['production, public, with a token', { ...production, DOCS: 'public', OPS_TOKEN }, [OPEN, OPEN]],
    ['production with a token', { ...production, OPS_TOKEN }, [ASKS, OPEN]],
    ['production with a port', { ...production, OPS_PORT: '9' }, [HIDDEN, HIDDEN]],
    ['development, private', { DOCS: 'private' }, [HIDDEN, HIDDEN]],
  ])('in %s', (_where, env, expected) => {
    for (const route of ['/docs', '/docs/*', '/docs/swagger-ui-init.js', '/openapi.json', '/openapi.yaml', '/asyncapi.json']) expect(look(env, route).slice(0, 2), route).toEqual(expected);
  });

  it('is at OPS_PORT where it is private, and nothing else is that is not operational', () => {
    const ops = access({ ...production, OPS_PORT: '9' });
    expect(['/docs', '/openapi.json', '/metrics', '/api/v1/users/me', '/docsx', '/'].filter((path) => ops.isInside(path))).toEqual(['/docs', '/openapi.json', '/metrics']);
    expect(access({ OPS_PORT: '9' }).isInside('/docs')).toBe(false);
    expect(ops.judge('/docs', ops.insideHeaders)).toBe(OPEN);
  });
});

describe('what orchestrators ask', () => {
  it.each(['/livez', '/readyz', '/health'])('%s is open; with OPS_PORT there', (route) => {
    expect(look(production, route)[0]).toBe(OPEN);
    expect(look({ ...production, OPS_TOKEN }, route)[0]).toBe(OPEN);
    expect(look({ ...production, OPS_PORT: '9', OPS_TOKEN }, route)).toEqual([HIDDEN, HIDDEN, OPEN, OPEN]);
  });

  it('and the API itself is none of this', () => {
    expect(look({ ...production, OPS_PORT: '9' }, '/api/v1/pages')).toEqual([OPEN, OPEN, OPEN, OPEN]);
  });
});

describe('OPS_TOKEN', () => {
  it.each(['', 'Bearer', 'Bearer ', `Basic ${OPS_TOKEN}`, `Bearer ${OPS_TOKEN.slice(1)}`, `Bearer ${OPS_TOKEN}x`, `Bearer ${OPS_TOKEN.toLowerCase()}`, `Bearer ${JWT_SECRET}`, OPS_TOKEN])('is not %j', (authorization) => {
    expect(access({ OPS_TOKEN }).judge('/metrics', { authorization })).toBe(ASKS);
  });

  it('goes by any spelling of the scheme', () => {
    expect(access({ OPS_TOKEN }).judge('/metrics', { authorization: `bearer ${OPS_TOKEN}` })).toBe(OPEN);
  });
});

it('where they are is known, for who starts the server', () => {
  expect(access().places).toEqual({ metrics: 'main', docs: 'main' });
  expect(access(production).places).toEqual({ metrics: null, docs: null });
  expect(access({ ...production, OPS_TOKEN }).places).toEqual({ metrics: 'main', docs: 'main' });
  expect(access({ ...production, OPS_PORT: '9', DOCS: 'public' }).places).toEqual({ metrics: 'ops', docs: 'main' });
  expect(access({ ...production, OPS_PORT: '9' }).places).toEqual({ metrics: 'ops', docs: 'ops' });
});
