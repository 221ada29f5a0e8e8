import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { closeOtherVersions } from '../http/front-door.js';

const OPS_PATHS = new Set(['/livez', '/readyz', '/health', '/metrics']);
const INSIDE = 'x-atrium-ops';

/** With OPS_PORT, health and metrics answer there alone, so that a public port does not tell how we are. */
export function separateOps(fastify: FastifyInstance, config: Config): void {
  const port = config.get('OPS_PORT');
  if (port === undefined) return;
  const token = randomBytes(16).toString('hex');
  fastify.addHook('onRequest', (request, _reply, done) => {
    // The route that was found, not the URL, which can be written in many ways: /metrics/, /%6Detrics.
    const isOps = OPS_PATHS.has(request.routeOptions.url ?? '');
    done(isOps && request.headers[INSIDE] !== token ? new AppError('NOT_FOUND') : undefined);
  });
  const server = createServer((request, response) => {
    closeOtherVersions(request);
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (request.method !== 'GET' || !OPS_PATHS.has(path)) return void response.writeHead(404).end();
    if (!fastify.server.listening) return void response.writeHead(503).end();
    fastify.inject({ method: 'GET', url: path, headers: { [INSIDE]: token } }).then(
      (answer) => response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) }).end(answer.body),
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
