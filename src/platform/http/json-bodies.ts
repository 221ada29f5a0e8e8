import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { hasTooManyValues, tooManyValues } from '../json-values.js';
import { findInexactNumber } from '../exact-numbers.js';
import { ConfigureRoute, routeSettings } from './route-settings.js';

export const JSON_TYPE = 'application/json';
/** RFC 6902 §6. */
export const JSON_PATCH_TYPE = 'application/json-patch+json';

/** Of JSON text, in characters. */
const LARGE_BODY = 262_144;

/** The media types of the route's body, the best one first, where it is not just `application/json`. */
export const Consumes = (...types: (typeof JSON_TYPE | typeof JSON_PATCH_TYPE)[]): MethodDecorator => applyDecorators(ConfigureRoute({ consumes: types }), ApiConsumes(...types));

/**
 * JSON as Fastify reads it (`__proto__` refused), and no body where a body may be left out. A body of another media type than the route's
 * is refused with 415, one with a number that would not be the same with 400.
 */
export function acceptJsonAlone(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser([JSON_TYPE, JSON_PATCH_TYPE], { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    if (hasTooManyValues(body as string)) return done(tooManyValues());
    void parse(request, body as string, (error, value) => {
      const inexact = error ? undefined : findInexactNumber(body as string);
      if (inexact !== undefined) done(AppError.invalid(inexact, 'must not be beyond 2^53 − 1, where numbers are no longer exact, nor too small to be other than 0'));
      // To read a whole page as JSON takes long enough: others get their turn before it is looked through.
      else if (body.length > LARGE_BODY) setImmediate(done, error, value);
      else done(error, value);
    });
  });
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (isForeign(request)) done(unsupported(request, reply));
    else if (isEncoded(request)) done(encoded(reply));
    else done(null, payload);
  });
}

/** Compressed, say: nothing of it would be JSON. */
function isEncoded({ headers }: FastifyRequest): boolean {
  return !/^(?:identity)?$/i.test(headers['content-encoding']?.trim() ?? '');
}

/** RFC 9110 §15.5.16 and §12.5.3. */
function encoded(reply: FastifyReply): AppError {
  void reply.header('accept-encoding', 'identity');
  return new AppError('UNSUPPORTED_MEDIA_TYPE', { detail: 'This takes a body without content encoding' });
}

function takenBy(request: FastifyRequest): readonly string[] {
  return routeSettings(request).consumes ?? [JSON_TYPE];
}

/** Without a body, or without a route, its media type is of no interest. */
function isForeign(request: FastifyRequest): boolean {
  const { method, headers, is404 } = request;
  if (is404 || method === 'GET' || method === 'HEAD' || (Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined)) return false;
  return !takenBy(request).includes(headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase() ?? '');
}

/** With what would be taken: RFC 9110 §15.5.16, for patches RFC 5789 §2.2. */
function unsupported(request: FastifyRequest, reply: FastifyReply): AppError {
  const taken = takenBy(request).join(', ');
  void reply.header(request.method === 'PATCH' ? 'accept-patch' : 'accept', taken);
  return new AppError('UNSUPPORTED_MEDIA_TYPE', { detail: `This takes a body of ${taken}` });
}
