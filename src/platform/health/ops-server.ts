import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { closeOtherVersions } from '../http/front-door.js';
import { metrics } from '../metrics/metrics.js';
import type { OpsAccess } from './ops-access.js';

/** Keeps what is private from those who may not see it (`OpsAccess`). With OPS_PORT it answers there alone. */
export function guardOps(fastify: FastifyInstance, config: Config, access: OpsAccess): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const answer = access.judge(request.routeOptions.url ?? '', request.headers);
    if (answer === 'as-ever') return done();
    if (answer === 'not-here') return done(new AppError('NOT_FOUND'));
    metrics.authFailures.inc({ reason: 'token-ops' });
    void reply.header('www-authenticate', 'Bearer');
    done(new AppError('UNAUTHENTICATED', { detail: 'Send OPS_TOKEN as a bearer token' }));
  });
  if (access.port !== undefined) listenInside(fastify, config, access.port, access);
}

function listenInside(fastify: FastifyInstance, config: Config, port: number, access: OpsAccess): void {
  const server = createServer((request, response) => {
    closeOtherVersions(request);
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (request.method !== 'GET' || !access.isInside(path)) return void response.writeHead(404).end();
    if (!fastify.server.listening) return void response.writeHead(503).end();
    const { authorization } = request.headers;
    fastify.inject({ method: 'GET', url: path, headers: { ...access.insideHeaders, ...(authorization !== undefined && { authorization }) } }).then(
      ({ statusCode, headers, rawPayload }) => {
        const { 'content-type': type, 'content-security-policy': policy, 'www-authenticate': challenge } = headers;
        response.writeHead(statusCode, { 'content-type': String(type), ...(policy && { 'content-security-policy': policy }), ...(challenge && { 'www-authenticate': challenge }) }).end(rawPayload);
      },
      () => response.writeHead(500).end(),
    );
  });
  // Before the main port: an error in `onListen` would only be logged.
  fastify.addHook('onReady', (done) => {
    server.once('error', done);
    server.listen(port, config.get('HOST'), () => {
      server.off('error', done);
      done();
    });
  });
  fastify.addHook('onClose', (_instance, done) => void server.close(() => done()));
}
