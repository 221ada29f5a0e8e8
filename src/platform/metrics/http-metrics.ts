import type { FastifyInstance } from 'fastify';
import { metrics } from './metrics.js';

/** Times every request by its route pattern (never by its URL, which would make a series per id). */
export function recordHttpMetrics(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    metrics.httpRequestSeconds.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    done();
  });
}
