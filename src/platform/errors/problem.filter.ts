import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type Problem } from '../../protocol/errors.js';
import { type AppError } from './app-error.js';
import { logFailure, toAppError } from './to-app-error.js';

/** Answers every HTTP error as `application/problem+json` (RFC 9457). Sockets get theirs from the event dispatcher. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = toAppError(thrown);
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    logFailure(this.logger, 'request failed', error, { requestId: request.id });
    if (reply.sent) return;
    const retryAfter = retryAfterSeconds(error);
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
    if (error.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(error.status).header('content-type', 'application/problem+json').send(JSON.stringify(toProblem(error, String(request.id))));
  }
}

/** The value of a Retry-After header; undefined when another try makes no sense, or nobody knows when it would. */
export function retryAfterSeconds({ details: { retryAfterMs } }: AppError): number | undefined {
  return retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000));
}

export function toProblem(error: AppError, requestId: string): Problem {
  const { errors, extra } = error.details;
  return {
    ...extra,
    type: `urn:atrium:error:${error.code}`,
    title: ERRORS[error.code][1],
    status: error.status,
    code: error.code,
    detail: error.message,
    requestId,
    ...(errors && { errors }),
  };
}
