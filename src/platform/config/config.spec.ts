import { describe, expect, it } from 'vitest';
import { Config, ConfigError, formatDuration, parseEnvironment } from './config.js';

const SECRET = 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L';
const noFiles = (path: string): string => {
  throw new Error(`ENOENT: ${path}`);
};
const parse = (env: Record<string, string | undefined>) => parseEnvironment(env, noFiles);

/** The settings that a refusal names, in order. */
function problemsOf(env: Record<string, string>, readFile = noFiles): string[] {
  try {
    parseEnvironment(env, readFile);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
}
const namesOf = (problems: string[]) => problems.map((problem) => problem.split(':')[0]);

describe('without any setting', () => {
  it('everything has a default that works', () => {
    expect(parse({})).toMatchObject({ PORT: 3000, NODE_ENV: 'development', ROLES: ['api', 'realtime', 'worker'], ACCESS_TOKEN_TTL: 900, BUS: 'local', RATE_LIMITS: true, TRUST_PROXY: false, CORS_ORIGINS: [] });
    expect(parse({}).JWT_SECRET).toBeUndefined();
  });

  it('an empty variable is none', () => {
    expect(parse({ PORT: '', DATABASE_URL: '', JWT_SECRET: '', TRUST_PROXY: '', CORS_ORIGINS: '' })).toEqual(parse({}));
  });

  it('what is not ours does not matter', () => {
    expect(parse({ PATH: '/bin', HOME: '/root', __proto__: 'x' })).toEqual(parse({}));
  });
});

describe('durations', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['15m', 900],
    ['12h', 43_200],
    ['1d', 86_400],
    ['007s', 7],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parse({ ACCESS_TOKEN_TTL: text }).ACCESS_TOKEN_TTL).toBe(seconds);
  });

  it.each(['0', '0s', '-5', '1.5h', '5 m', '5w', 'm', 's5', '1e3', '999999999d', '2d', '∞'])('%j is refused', (text) => {
    expect(namesOf(problemsOf({ ACCESS_TOKEN_TTL: text }))).toEqual(['ACCESS_TOKEN_TTL']);
  });

  it('cannot exceed what a timer can hold', () => {
    expect(parse({ SHUTDOWN_DEADLINE: '1h' }).SHUTDOWN_DEADLINE * 1000).toBeLessThan(2 ** 31);
    expect(namesOf(problemsOf({ SHUTDOWN_DEADLINE: '30d' }))).toEqual(['SHUTDOWN_DEADLINE']);
  });

  it.each([
    [1, '1s'],
    [90, '90s'],
    [900, '15m'],
    [7200, '2h'],
    [30 * 86_400, '30d'],
  ])('%i seconds read as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
    expect(parse({ REFRESH_TOKEN_TTL: text }).REFRESH_TOKEN_TTL).toBe(seconds);
  });
});

describe('numbers', () => {
  it.each(['0', '80', '65535'])('a port can be %s', (text) => expect(parse({ PORT: text }).PORT).toBe(Number(text)));
  it.each(['-1', '65536', '0x50', '1e3', '3000.5', ' 80', 'http', '99999999999'])('a port cannot be %j', (text) => {
    expect(problemsOf({ PORT: text })).toEqual(['PORT: must be a whole number from 0 to 65535']);
  });
  it('the operational port must be another one', () => {
    expect(namesOf(problemsOf({ PORT: '4000', OPS_PORT: '4000' }))).toEqual(['OPS_PORT']);
    expect(problemsOf({ PORT: '0', OPS_PORT: '0' })).toEqual([]);
  });
});

describe('lists', () => {
  it('forgive spaces and commas too many', () => {
    expect(parse({ ROLES: ' api, ,realtime,', CORS_ORIGINS: 'https://a.example , http://localhost:5173' })).toMatchObject({ ROLES: ['api', 'realtime'], CORS_ORIGINS: ['https://a.example', 'http://localhost:5173'] });
  });

  it.each([
    ['ROLES', 'api,boss'],
    ['ROLES', ','],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['CORS_ORIGINS', 'https://a.example, a.example'],
    ['CORS_ORIGINS', 'null'],
    ['TRUST_PROXY', 'the-proxy'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
    ['TRUST_PROXY', '10.0.0'],
    ['TRUST_PROXY', ','],
  ])('%s cannot be %j', (name, text) => {
    expect(new Set(namesOf(problemsOf({ [name]: text })))).toEqual(new Set([name]));
  });

  it.each([
    ['true', true],
    ['false', false],
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.0/8, fd00::/8,loopback', ['10.0.0.0/8', 'fd00::/8', 'loopback']],
  ])('TRUST_PROXY %j is %j', (text, expected) => {
    expect(parse({ TRUST_PROXY: text }).TRUST_PROXY).toEqual(expected);
  });
});

describe('switches', () => {
  it.each([
    ['on', true],
    ['off', false],
    ['true', true],
    ['0', false],
  ])('RATE_LIMITS=%s is %s', (text, expected) => expect(parse({ RATE_LIMITS: text }).RATE_LIMITS).toBe(expected));
  it('are not guessed', () => expect(namesOf(problemsOf({ RATE_LIMITS: 'maybe' }))).toEqual(['RATE_LIMITS']));
});

describe('secrets', () => {
  const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/atrium' };

  it('come from variables or from files', () => {
    const files: Record<string, string> = { '/run/jwt': `\n${SECRET}\n`, '/run/db': 'postgres://file/atrium\n' };
    expect(parseEnvironment({ JWT_SECRET_FILE: '/run/jwt', DATABASE_URL_FILE: '/run/db' }, (path) => files[path]!)).toMatchObject({ JWT_SECRET: SECRET, DATABASE_URL: 'postgres://file/atrium' });
    expect(parse({ JWT_SECRET: SECRET }).JWT_SECRET).toBe(SECRET);
  });

  it('cannot come from both', () => {
    expect(problemsOf({ JWT_SECRET: SECRET, JWT_SECRET_FILE: '/run/jwt' }, () => SECRET)).toEqual(['JWT_SECRET: is set twice, also by JWT_SECRET_FILE']);
  });

  it('are checked wherever they come from', () => {
    expect(namesOf(problemsOf({ JWT_SECRET_FILE: '/run/jwt' }, () => 'short'))).toEqual(['JWT_SECRET']);
    expect(namesOf(problemsOf({ JWT_SECRET_FILE: '/run/jwt' }, () => ' \n'))).toEqual(['JWT_SECRET']);
    expect(namesOf(problemsOf({ DATABASE_URL_FILE: '/run/db' }, () => 'mysql://x'))).toEqual(['DATABASE_URL']);
  });

  it('are not needed where they are not required', () => {
    expect(parse({ ...production, JWT_SECRET: SECRET }).OPS_TOKEN).toBeUndefined();
    expect(parseEnvironment({ OPS_TOKEN_FILE: '/run/ops' }, () => `${SECRET}\n`).OPS_TOKEN).toBe(SECRET);
    expect(namesOf(problemsOf({ OPS_TOKEN: 'short' }))).toEqual(['OPS_TOKEN']);
  });

  it('in a file that cannot be read are one problem, not two', () => {
    expect(namesOf(problemsOf({ ...production, JWT_SECRET_FILE: '/nowhere' }))).toEqual(['JWT_SECRET_FILE']);
  });

  it.each([
    ['missing', undefined],
    ['31 bytes', SECRET.slice(1)],
    ['change-me', 'change-me-change-me-change-me-change-me'],
    ['CHANGEME', 'CHANGEMECHANGEMECHANGEMECHANGEME12'],
    ['example', 'this-is-only-an-example-for-a-token'],
    ['one letter', 'x'.repeat(40)],
    ['a repeated block', 'abcd1234'.repeat(4)],
  ])('in production cannot be %s', (_what, secret) => {
    expect(namesOf(problemsOf({ ...production, ...(secret !== undefined && { JWT_SECRET: secret }) }))).toEqual(['JWT_SECRET']);
    if (secret !== undefined) expect(namesOf(problemsOf({ ...production, JWT_SECRET: SECRET, OPS_TOKEN: secret }))).toEqual(['OPS_TOKEN']);
  });

  it('may be 32 bytes, of any letters, and anything long enough outside production', () => {
    expect(problemsOf({ ...production, JWT_SECRET: SECRET })).toEqual([]);
    expect(problemsOf({ JWT_SECRET: '漢'.repeat(11) })).toEqual([]);
    expect(problemsOf({ JWT_SECRET: 'change-me-change-me-change-me-change-me' })).toEqual([]);
  });

  it('are not repeated in what is said about them', () => {
    const said = problemsOf({ NODE_ENV: 'production', JWT_SECRET: 'tooshort', DATABASE_URL: 'mysql://user:hunter2@db/x' }).join('\n');
    expect(said).not.toMatch(/tooshort|hunter2/);
  });
});

describe('a refusal', () => {
  it('names every problem at once, secrets included, one line each', () => {
    const env = { PORT: 'x', BUS: 'pigeons', NODE_ENV: 'production', LOG_LEVEL: 'loud', PUBLIC_URL: 'ftp://x', BOOTSTRAP_ADMIN_EMAIL: 'nobody', DATABASE_POOL_SIZE: '1' };
    expect(namesOf(problemsOf(env)).sort()).toEqual(['BOOTSTRAP_ADMIN_EMAIL', 'BUS', 'DATABASE_POOL_SIZE', 'JWT_SECRET', 'LOG_LEVEL', 'PORT', 'PUBLIC_URL']);
    expect(() => parse(env)).toThrow(ConfigError);
    expect(() => parse(env)).toThrow(/^The configuration is not valid:\n( {2}[A-Z_]+: .+\n?){7}$/);
    expect(ConfigError.exitCode).toBe(78);
  });
});

describe('the configuration', () => {
  const config = (env: Record<string, string>) => new Config({ ...parse(env), DATABASE_URL: 'postgres://x', JWT_SECRET: SECRET });

  it('allows our own origin and the configured ones', () => {
    const { allowedOrigins } = config({ PUBLIC_URL: 'https://Atrium.example.org:443/somewhere', CORS_ORIGINS: 'https://app.example.org:443, http://LOCALHOST:5173/' });
    const asked = ['https://atrium.example.org', 'https://app.example.org', 'http://localhost:5173', 'https://atrium.example.org:8443', 'http://app.example.org'];
    expect(asked.map((origin) => allowedOrigins.includes(origin))).toEqual([true, true, true, false, false]);
    expect(config({}).allowedOrigins.includes('https://atrium.example.org')).toBe(false);
  });

  it.each([
    [undefined, ''],
    ['https://example.org', ''],
    ['https://example.org/', ''],
    ['https://example.org/team/chat', '/team/chat'],
    ['https://example.org/team/chat//', '/team/chat'],
    ['https://example.org/~team/v1.0', '/~team/v1.0'],
  ])('serves PUBLIC_URL %s below %j', (url, path) => {
    expect(config(url === undefined ? {} : { PUBLIC_URL: url }).basePath).toBe(path);
  });

  it.each(['https://example.org/a"b', 'https://example.org/a b', 'https://example.org/a//b', 'https://example.org/?x', 'https://example.org/#x', 'https://user@example.org', 'https://:password@example.org', 'example.org'])('refuses a PUBLIC_URL of %s', (url) => {
    expect(namesOf(problemsOf({ PUBLIC_URL: url }))).toContain('PUBLIC_URL');
  });

  it('knows its roles and its environment', () => {
    expect(config({ ROLES: 'worker' }).hasRole('api')).toBe(false);
    expect(config({ ROLES: 'worker' }).hasRole('worker')).toBe(true);
    expect(config({}).isProduction).toBe(false);
    expect(config({ NODE_ENV: 'production', JWT_SECRET: SECRET }).isProduction).toBe(true);
  });
});
