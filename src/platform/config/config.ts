import { isIP } from 'node:net';
import { z } from 'zod';
import { hasUserinfo } from '../../protocol/primitives.js';
import { AllowedOrigins, canonicalOrigin } from '../http/origins.js';
import { isWeakSecret } from './secret-strength.js';

const SECONDS_OF = { s: 1, m: 60, h: 3600, d: 86_400 };
const HOUR = 3600;
const DAY = 86_400;

/** The documentation shows `values` beside a setting. */
const shows = (values: string) => ({ values });

/** Seconds, or a number with a unit: `90`, `90s`, `15m`, `12h`, `30d`. */
const duration = (maxSeconds: number) =>
  z
    .string()
    .regex(/^\d{1,9}[smhd]?$/, 'must be a duration such as 90s, 15m, 12h or 30d')
    .transform((text) => Number.parseInt(text, 10) * (SECONDS_OF[text.at(-1) as keyof typeof SECONDS_OF] ?? 1))
    .refine((seconds) => seconds >= 1 && seconds <= maxSeconds, `must be between 1s and ${formatDuration(maxSeconds)}`)
    .meta(shows(`a duration up to ${formatDuration(maxSeconds)}`));

/** `900` → `15m`, in the largest unit that divides it. */
export function formatDuration(seconds: number): string {
  const [unit, size] = Object.entries(SECONDS_OF)
    .reverse()
    .find(([, unitSeconds]) => seconds % unitSeconds === 0)!;
  return `${seconds / size}${unit}`;
}

const whole = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .meta(shows(`${min} to ${max}`));

/** How much of something one user may have. */
const quota = (most: number) => whole(0, Number.MAX_SAFE_INTEGER).meta(shows('a whole number; `0`: no limit')).default(most);

const List = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean));
const Port = whole(0, 65_535);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://').meta(shows('`postgres://user:password@host/database`'));

/** An origin, however it is written, or `*`. */
const Origin = z
  .string()
  .transform((text) => (text === '*' ? text : canonicalOrigin(text)))
  .pipe(z.string({ error: 'must be an origin such as https://app.example.org' }));

/** Where the program is reached. Its path ends up in pages and links, so it has what needs no escape anywhere. */
const PublicUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://', abort: true })
  .refine((text) => canonicalOrigin(new URL(text).origin) !== undefined && !/[?#]/.test(text) && !hasUserinfo(text), 'must have no user, query or fragment')
  .refine((text) => /^(?:\/[\w.~-]+)*\/*$/.test(new URL(text).pathname), 'may have a path of letters, digits, and - . _ ~, such as /team/chat')
  .meta(shows('a URL such as `https://atrium.example.org` or `https://example.org/team/chat`'));

/** Whose X-Forwarded-For is believed: everyone's, nobody's, or that of some addresses. */
const Proxies = z
  .string()
  .transform((text) => ({ true: true, false: false })[text] ?? text.split(',').map((item) => item.trim()).filter(Boolean))
  .refine((proxies) => typeof proxies === 'boolean' || (proxies.length > 0 && proxies.every(isProxy)), 'must be true, false, or a list of addresses and networks such as 10.0.0.0/8')
  .meta(shows('`true`, `false`, or addresses and networks such as `10.0.0.0/8`, separated by commas'));

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)));
}

/**
 * Every setting, as an environment variable. `docs/configuration.md` is generated from here.
 * A secret can also come from a file: `JWT_SECRET_FILE=/run/secrets/jwt`.
 */
export const Environment = z.object({
  PORT: Port.default(3000).describe('Where REST, sockets, documentation and the web app are served; 0 picks a free port'),
  HOST: z.string().default('0.0.0.0').describe('The address to listen on'),
  OPS_PORT: Port.optional().describe('Moves health and metrics, and documentation that is private, to a port of their own'),
  OPS_TOKEN: z.string().meta(shows('at least 32 bytes')).optional().describe('What metrics, the detail of `/health` and private documentation ask for, as a bearer token. In production they are not to be had without this or OPS_PORT'),
  DOCS: z.enum(['public', 'private']).optional().describe('Whether everybody may read the API documentation; absent: everybody, in production nobody'),
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development').describe('`production` refuses missing, short and weak secrets, and keeps metrics and documentation private'),
  ROLES: List.pipe(z.array(z.enum(['api', 'realtime', 'worker'])).min(1, 'must name at least one role'))
    .meta(shows('`api`, `realtime`, `worker`, separated by commas'))
    .default(['api', 'realtime', 'worker'])
    .describe('What this process does'),
  DATABASE_URL: postgresUrl.optional().describe('PostgreSQL 14 or newer; absent: the embedded server in DATA_DIR'),
  DATA_DIR: z.string().min(1).default('./data').describe('Where the embedded server and generated secrets live'),
  DATABASE_POOL_SIZE: whole(2, 200).default(10).describe('Connections for queries; the journal has its own two'),
  BUS: z.enum(['local', 'postgres']).default('local').describe('How nodes tell each other of new entries; `postgres` for more than one process'),
  JWT_SECRET: z.string().meta(shows('at least 32 bytes')).optional().describe('Signs access tokens; absent outside production: generated into DATA_DIR'),
  ACCESS_TOKEN_TTL: duration(DAY).default(15 * 60).describe('Life of an access token'),
  REFRESH_TOKEN_TTL: duration(3650 * DAY).default(30 * DAY).describe('A session ends when it was not refreshed for so long'),
  SESSION_MAX_TTL: duration(3650 * DAY).default(180 * DAY).describe('A session ends after this, refreshed or not'),
  CORS_ORIGINS: List.pipe(z.array(Origin)).meta(shows('origins such as `https://app.example.org`, separated by commas; or `*`')).default([]).describe('Origins of browsers that may call, besides our own'),
  PUBLIC_URL: PublicUrl.optional().describe('Where users reach this server; its origin is allowed, https turns HSTS on, and a path is where it is served, whether the proxy in front strips it or not'),
  TRUST_PROXY: Proxies.default(false).describe('The proxies whose X-Forwarded-For is believed; `true` believes anyone'),
  RATE_LIMITS: z.stringbool({ truthy: ['on', 'true', '1'], falsy: ['off', 'false', '0'] }).meta(shows('`on`, `off`')).default(true).describe('`off` for benchmarks and trusted networks'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('How much is logged'),
  BOOTSTRAP_ADMIN_EMAIL: z.email('must be an e-mail address').meta(shows('an e-mail address')).optional().describe('Gives nothing to anybody, but for a warning at start, until e-mail addresses can be verified: `npm run admin` makes an administrator'),
  REGISTRATION: z.enum(['open', 'invite', 'closed']).default('open').describe('Who may create an account: anyone, whoever has an invite to a room or page, nobody'),
  QUOTA_ROOMS: quota(1_000).describe('Rooms that one user has: made and still owns; as many again may be handed over to them'),
  QUOTA_PAGES: quota(10_000).describe('Pages that one user has made and that are not deleted'),
  QUOTA_PAGE_BYTES: quota(1_073_741_824).describe('Bytes of all these pages together, as JSON text, without their history'),
  QUOTA_INVITES: quota(1_000).describe('Invites of one user that still open something'),
  QUOTA_SESSIONS: quota(100).describe('Sessions of one user; one more ends the one that was not used for longest'),
  DOCUMENT_IDLE: duration(DAY).default(30).describe('A page that nobody follows or changes leaves memory after this'),
  DOCUMENT_MEMORY_MB: whole(16, 1_000_000).default(512).describe('Megabytes of all pages in memory; beyond, the least recently used leave it'),
  PAGE_MAX_BYTES: whole(1_000, 50_000_000).default(5_000_000).describe('Size of a page as JSON text'),
  PAGE_MAX_COMPONENTS: whole(1, 1_000_000).default(20_000).describe('Components of a page'),
  PATCH_MAX_BYTES: whole(1_000, 1_000_000).default(262_144).describe('Size of one JSON patch'),
  PATCH_MAX_OPERATIONS: whole(1, 10_000).default(1_000).describe('Operations of one JSON patch'),
  SHUTDOWN_DEADLINE: duration(HOUR).default(25).describe('A drain that takes longer is cut off'),
});

/** Part of the contract, and not used by this version: whoever sets one should hear that nothing follows from it. */
const NOT_USED_YET = /^(REDIS_URL|DATABASE_REPLICA_URLS|OIDC_\w+|EXTERNAL_JWT_\w+|IDENTITY_WEBHOOK_SECRET|INTERNAL_SECRET)$/;

export function findUnusedSettings(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => NOT_USED_YET.test(name));
}

/** Settings that can also come from a file. */
export const SECRETS = ['JWT_SECRET', 'OPS_TOKEN', 'DATABASE_URL'] as const;
/** Those that somebody makes up, and that must not be guessed. */
const MADE_UP = ['JWT_SECRET', 'OPS_TOKEN'] as const;
export const MIN_SECRET_BYTES = 32;

type Settings = z.output<typeof Environment>;

/** The typed configuration, injectable by this class. Read once at start; nothing else looks at `process.env`. */
export class Config {
  readonly isProduction: boolean;
  constructor(readonly values: Settings & { DATABASE_URL: string; JWT_SECRET: string }) {
    this.isProduction = values.NODE_ENV === 'production';
  }
  get<K extends keyof Config['values']>(name: K): Config['values'][K] {
    return this.values[name];
  }
  /** The path of PUBLIC_URL, such as `/team/chat`, below which everything is served; empty for none. */
  get basePath(): string {
    return this.values.PUBLIC_URL ? new URL(this.values.PUBLIC_URL).pathname.replace(/\/+$/, '') : '';
  }
  hasRole(role: Settings['ROLES'][number]): boolean {
    return this.values.ROLES.includes(role);
  }
  /** Origins of browsers that may talk to us, besides that of the address at which they do. */
  get allowedOrigins(): AllowedOrigins {
    const own = this.values.PUBLIC_URL ? [new URL(this.values.PUBLIC_URL).origin] : [];
    return new AllowedOrigins([...own, ...this.values.CORS_ORIGINS]);
  }
}

/** All that is wrong with the environment, one line each. The process answers it with exit code 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  static readonly exitCode = 78;
  constructor(readonly problems: string[]) {
    super(`The configuration is not valid:\n${problems.map((p) => `  ${p}`).join('\n')}`);
  }
}

/**
 * Parses the environment. `readFile` resolves `<NAME>_FILE`.
 * @throws ConfigError naming every problem at once
 */
export function parseEnvironment(env: NodeJS.ProcessEnv, readFile: (path: string) => string): Settings {
  const problems: string[] = [];
  const input: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && value !== '') input[name] = value;
  for (const name of SECRETS) {
    const path = input[`${name}_FILE`];
    if (path === undefined) continue;
    if (input[name] !== undefined) problems.push(`${name}: is set twice, also by ${name}_FILE`);
    try {
      input[name] = readFile(path).trim();
    } catch (error) {
      problems.push(`${name}_FILE: cannot read ${path}: ${(error as Error).message}`);
    }
  }
  const parsed = Environment.safeParse(input);
  for (const issue of parsed.error?.issues ?? []) problems.push(`${issue.path[0] as string}: ${issue.message}`);
  problems.push(...findSecretProblems(input));
  if (parsed.data?.OPS_PORT && parsed.data.OPS_PORT === parsed.data.PORT) problems.push('OPS_PORT: must be another port than PORT');
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

function findSecretProblems(input: Record<string, string>): string[] {
  const isProduction = input['NODE_ENV'] === 'production';
  const hint = 'make one with: openssl rand -base64 48';
  const missing = isProduction && input['JWT_SECRET'] === undefined && input['JWT_SECRET_FILE'] === undefined;
  const problems = missing ? [`JWT_SECRET: is required in production; ${hint}`] : [];
  for (const name of MADE_UP) {
    const secret = input[name];
    if (secret === undefined) continue;
    if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) problems.push(`${name}: must have at least ${MIN_SECRET_BYTES} bytes; ${hint}`);
    else if (isProduction && isWeakSecret(secret)) problems.push(`${name}: looks like an example, or could be guessed; ${hint}`);
  }
  return problems;
}
