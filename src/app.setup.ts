import { join } from 'node:path';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dump } from 'js-yaml';
import { Logger as NestLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Config } from './platform/config/config.js';
import { AdminClaims } from './modules/users/admin-claims.service.js';
import { AppError } from './platform/errors/app-error.js';
import { createAsyncApi } from './platform/docs/asyncapi.js';
import { createOpenApi } from './platform/docs/openapi.js';
import { toProblem } from './platform/errors/problem.filter.js';
import { toAppError } from './platform/errors/to-app-error.js';
import { answerClientError } from './platform/http/client-errors.js';
import { Admission } from './platform/admission/admission.js';
import { watchFrontDoor } from './platform/http/front-door.js';
import { OpsAccess } from './platform/health/ops-access.js';
import { guardOps } from './platform/health/ops-server.js';
import { answerEncodedJson } from './platform/http/encoded-answers.js';
import { acceptJsonAlone } from './platform/http/json-bodies.js';
import { rememberCallers } from './platform/identity/caller.js';
import { requestIdOf } from './platform/logging/logger.js';
import { recordHttpMetrics } from './platform/metrics/http-metrics.js';
import { HandshakeGate } from './platform/realtime/handshake-gate.js';
import { SocketServer } from './platform/realtime/socket-server.js';
import { isWebAppBuilt, serveWebApp } from './platform/web/web-app.js';
import { LIMITS } from './protocol/limits.js';

export const API_PREFIX = 'api/v1';
/** Within these the headers, and the whole request, must have arrived (RFC 9110 §15.5.9). */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const TIMEOUT_CHECK_MS = 5_000;
/** A connection on which nothing moves for so long is closed, an answer that nobody reads with it. Longer than long-polling waits for news. */
const IDLE_TIMEOUT_MS = 60_000;
const MAX_DROPPED_BYTES = 16 * LIMITS.bodyBytes;
const RATE_LIMITED_STATUS = 429;
/** The same of a client that sends too much too fast, whom to read would be the very work that its limit spares. */
const MAX_DROPPED_WHEN_LIMITED = LIMITS.publicBodyBytes;
export const OPS_PATHS = ['livez', 'readyz', 'health', 'metrics'];
/** Built beside the server, in dist. */
const WEB_ROOT = join(import.meta.dirname, '..', 'web');
/** Where the server's own addresses begin; every other may be a page of the web app. */
const SERVER_PATHS = new Set(['api', 'socket.io', 'yjs', 'docs', 'openapi.json', 'openapi.yaml', 'asyncapi.json', ...OPS_PATHS]);

/** The application as `main.ts` and the tests run it, not yet listening. */
export async function createApp(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LIMITS.bodyBytes,
    trustProxy: config.get('TRUST_PROXY'),
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    connectionTimeout: IDLE_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    // Ids are short, but whoever sends a long one should hear what is wrong with it.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4_096 },
    frameworkErrors: answerProblem,
    clientErrorHandler: answerClientError,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config, logger), adapter, { bufferLogs: true, bodyParser: false });
  app.useLogger(app.get(NestLogger));
  app.setGlobalPrefix(API_PREFIX, { exclude: OPS_PATHS });
  const origins = config.allowedOrigins;
  app.enableCors({
    origin: (origin: string | undefined, answer: (error: Error | null, isAllowed: boolean) => void) => answer(null, origins.includes(origin)),
    strictPreflight: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'idempotent-replayed', 'retry-after', 'x-request-id', 'x-source'],
    maxAge: 600,
  });
  app.useWebSocketAdapter(new SocketServer(app, config, app.get(HandshakeGate)));
  const fastify = app.getHttpAdapter().getInstance();
  await addHeaders(fastify, config);
  if (!config.hasRole('api')) refuseApi(fastify);
  app.get(Admission).attachTo(fastify, `/${API_PREFIX}/`);
  rememberCallers(fastify);
  acceptJsonAlone(fastify);
  takeWholePages(fastify, config);
  answerEncodedJson(fastify);
  refuseWhatIsTooLarge(fastify);
  recordHttpMetrics(fastify);
  fastify.addHook('onReady', (done) => {
    watchFrontDoor(fastify.server, config);
    done();
  });
  const ops = app.get(OpsAccess);
  guardOps(fastify, config, ops);
  addDocs(app, fastify, config.get('PUBLIC_URL'));
  // Who opens the address in a browser should find something.
  if (servesWebApp(config)) await serveWebApp(fastify, { root: WEB_ROOT, reserved: SERVER_PATHS, basePath: config.basePath });
  else if (ops.areDocsPublic) fastify.get('/', (_request, reply) => reply.redirect(`${config.basePath}/docs`));
  return app;
}

/** The token of a link to become the first administrator; undefined when there is one, and from a process to which the link would not lead. */
export async function offerAdminClaim(app: NestFastifyApplication, config: Config): Promise<string | undefined> {
  return config.hasRole('api') ? app.get(AdminClaims).offer() : undefined;
}

/** Not from a server that was built alone, nor from a process that does not serve the API. */
export function servesWebApp(config: Config): boolean {
  return config.hasRole('api') && isWebAppBuilt(WEB_ROOT);
}

/** ROLES without `api`: routers in front send REST elsewhere; whoever comes all the same is told. */
function refuseApi(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.routeOptions.url?.startsWith(`/${API_PREFIX}/`) ? new AppError('NOT_FOUND', { detail: 'This process does not serve the API (ROLES)' }) : undefined);
  });
}

/** Answers allow nothing to run or to be framed; the documentation, which is a page, gets what it needs. */
async function addHeaders(fastify: FastifyInstance, config: Config): Promise<void> {
  const behindTls = config.get('PUBLIC_URL')?.startsWith('https:') ?? false;
  await fastify.register(helmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: behindTls ? { maxAge: 31_536_000 } : false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const isDocs = /^\/docs(?:[/?]|$)/.test(request.url);
    const policy = isDocs ? `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'` : `default-src 'none'; frame-ancestors 'none'`;
    void reply.header('content-security-policy', policy).header('x-request-id', request.id).header('cache-control', 'no-store');
    done();
  });
}

/** Where a body is a page, it may be as large as one. */
function takeWholePages(fastify: FastifyInstance, config: Config): void {
  const paths = new Set([`/${API_PREFIX}/pages`, `/${API_PREFIX}/pages/:pageId`]);
  fastify.addHook('onRoute', (route) => {
    if (paths.has(route.url) && route.method !== 'PATCH') route.bodyLimit = config.get('PAGE_MAX_BYTES') + LIMITS.pageBodyBytes - LIMITS.pageBytes;
  });
}

/**
 * Refuses a body by its announced length, at once. Fastify would also close the connection, and a client that is still sending would
 * see a broken pipe instead of the answer; so up to some size Node reads the rest and drops it.
 */
function refuseWhatIsTooLarge(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const limit = request.routeOptions.bodyLimit;
    if (announcedBytes(request) <= limit) return done(null, payload);
    done(new AppError('PAYLOAD_TOO_LARGE', { detail: `A body may have at most ${limit} bytes` }));
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const limit = reply.statusCode === RATE_LIMITED_STATUS ? MAX_DROPPED_WHEN_LIMITED : MAX_DROPPED_BYTES;
    const isRead = request.raw.complete || announcedBytes(request) <= limit;
    if (!isRead) void reply.header('connection', 'close');
    done(null, payload);
  });
}

function announcedBytes({ headers }: FastifyRequest): number {
  return Number(headers['content-length'] ?? 0);
}

/** Errors before any route: a URL that cannot be decoded, for example. */
function answerProblem(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(toAppError(error), request.id);
  void reply.status(problem.status).header('x-request-id', request.id).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}

/** Without the bar of the tool's maker. */
const DOCS_CSS = '.swagger-ui .topbar { display: none } .swagger-ui .info { margin: 32px 0 }';

function addDocs(app: NestFastifyApplication, fastify: FastifyInstance, publicUrl: string | undefined): void {
  let openApi: OpenAPIObject | undefined;
  const makeOpenApi = (): OpenAPIObject => (openApi ??= createOpenApi(app, publicUrl));
  SwaggerModule.setup('docs', app, makeOpenApi, {
    raw: [],
    customSiteTitle: 'Atrium API',
    customCss: DOCS_CSS,
    swaggerOptions: { persistAuthorization: true, deepLinking: true, displayRequestDuration: true, defaultModelsExpandDepth: 0 },
  });
  answerOnce(fastify, '/openapi.json', 'application/json; charset=utf-8', () => JSON.stringify(makeOpenApi()));
  answerOnce(fastify, '/openapi.yaml', 'text/yaml; charset=utf-8', () => dump(makeOpenApi(), { skipInvalid: true, noRefs: true }));
  answerOnce(fastify, '/asyncapi.json', 'application/json; charset=utf-8', () => JSON.stringify(createAsyncApi(publicUrl)));
}

/** A document that is always the same, made once: to make it takes up to some hundred milliseconds, and anybody may ask for it. */
function answerOnce(fastify: FastifyInstance, url: string, type: string, make: () => string): void {
  let bytes: Buffer | undefined;
  fastify.get(url, (_request, reply) => reply.type(type).send((bytes ??= Buffer.from(make()))));
}
