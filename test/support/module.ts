import { Global, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { Admission } from '../../src/platform/admission/admission.js';
import { AdmissionModule } from '../../src/platform/admission/admission.module.js';
import { AuditModule } from '../../src/platform/audit/audit.module.js';
import { BusModule } from '../../src/platform/bus/bus.module.js';
import { Config, parseEnvironment } from '../../src/platform/config/config.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { InputPipe } from '../../src/platform/errors/input.pipe.js';
import { ProblemFilter } from '../../src/platform/errors/problem.filter.js';
import { rememberCallers } from '../../src/platform/identity/caller.js';
import { HousekeepingModule } from '../../src/platform/housekeeping/housekeeping.module.js';
import { RateLimitModule } from '../../src/platform/rate-limit/rate-limit.module.js';
import { type Revocation, Revocations } from '../../src/platform/realtime/revocations.js';
import type { IssuedTokens as Tokens } from '../../src/protocol/auth.js';
import { createDatabase } from './database.js';

export const JWT_SECRET = 'k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L';

export interface Answer<T> {
  status: number;
  headers: Record<string, unknown>;
  body: T;
}

export interface RequestOptions {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  ip?: string;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Some modules over a real database, spoken to over HTTP (in memory). */
export interface TestApp {
  app: NestFastifyApplication;
  db: Database;
  databaseUrl: string;
  /** What was announced, in order. */
  revocations: Revocation[];
  request<T = Record<string, unknown>>(method: Method, path: string, options?: RequestOptions): Promise<Answer<T>>;
  /** A new user, signed in. */
  register(username: string, password?: string): Promise<Tokens>;
  close(): Promise<void>;
}

@Global()
@Module({ providers: [Revocations], exports: [Revocations] })
class RevocationsModule {}

/** Starts an application of these modules on a fresh database, or on `url`. Rate limits are off unless `env` says otherwise. */
export async function startApp(metadata: ModuleMetadata, env: Record<string, string> = {}, url?: string): Promise<TestApp> {
  const database = url === undefined ? await createDatabase() : undefined;
  const databaseUrl = url ?? database!.url;
  await migrate(databaseUrl, { log: () => undefined });
  const app = await createApp(metadata, readConfig(databaseUrl, env));
  const revocations: Revocation[] = [];
  app.get(Revocations).onRevoked((revocation) => revocations.push(revocation));
  const request = requester(app);
  return {
    app,
    db: app.get(Database),
    databaseUrl,
    revocations,
    request,
    async register(username, password = 'correct horse') {
      const { status, body } = await request<Tokens>('POST', '/auth/register', { body: { email: `${username}@example.org`, username, password } });
      if (status !== 201) throw new Error(`registration of ${username} failed: ${JSON.stringify(body)}`);
      return body;
    },
    async close() {
      await app.close();
      await database?.drop();
    },
  };
}

function readConfig(databaseUrl: string, env: Record<string, string>): Config {
  const settings = parseEnvironment({ NODE_ENV: 'test', RATE_LIMITS: 'off', JWT_SECRET, DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: '4', ...env }, String);
  return new Config({ ...settings, JWT_SECRET: settings.JWT_SECRET!, DATABASE_URL: databaseUrl });
}

async function createApp(metadata: ModuleMetadata, config: Config): Promise<NestFastifyApplication> {
  const hasAccounts = metadata.imports?.includes(AuthModule) ?? false;
  const testing = await Test.createTestingModule({
    ...metadata,
    imports: [ConfigModule.forRoot(config), DatabaseModule, BusModule, RateLimitModule, HousekeepingModule, AuditModule, RevocationsModule, ...(hasAccounts ? [AdmissionModule] : []), ...(metadata.imports ?? [])],
    providers: [{ provide: APP_FILTER, useClass: ProblemFilter }, { provide: APP_PIPE, useClass: InputPipe }, ...(metadata.providers ?? [])],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.setGlobalPrefix('api/v1');
  if (hasAccounts) app.get(Admission).attachTo(app.getHttpAdapter().getInstance(), '/api/v1/');
  rememberCallers(app.getHttpAdapter().getInstance());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

function requester(app: NestFastifyApplication): TestApp['request'] {
  return async (method, path, { token, body, headers, ip } = {}) => {
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(ip !== undefined && { remoteAddress: ip }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? (undefined as never) : (JSON.parse(answer.body) as never) };
  };
}
