import { HttpException, type LoggerService } from '@nestjs/common';
import { type ErrorCode, type SocketError } from '../../protocol/errors.js';
import { isBadValue, isTransient } from '../database/pg-errors.js';
import { AppError } from './app-error.js';

const CODE_BY_STATUS: Partial<Record<number, ErrorCode>> = {
  400: 'INVALID_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'NOT_FOUND',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'UNAVAILABLE',
};

/** Whatever was thrown, as the error that a client may see. What we did not foresee reveals nothing. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isTransient(error)) return AppError.unavailable('The storage is not available at the moment', error);
  if (isBadValue(error)) return new AppError('INVALID_INPUT', { detail: 'A value cannot be stored' }, { cause: error });
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  const code = typeof status === 'number' ? CODE_BY_STATUS[status] : undefined;
  if (code) return new AppError(code, { detail: (error as Error).message.slice(0, 200) }, { cause: error });
  return new AppError('INTERNAL_ERROR', {}, { cause: error });
}

/** The `{ error }` of a socket ack. */
export function toSocketError(error: AppError, event?: string): SocketError {
  const { errors, retryAfterMs, extra } = error.details;
  return { ...extra, code: error.code, message: error.message, ...(errors && { errors }), ...(retryAfterMs !== undefined && { retryAfterMs }), ...(event && { event }) };
}

/** Logs what is our fault or that of what we depend on. What a client brought about, such as too many events at once, must not fill the log. */
export function logFailure(logger: Pick<LoggerService, 'error' | 'warn'>, message: string, error: AppError, context: Record<string, unknown>): void {
  if (error.code === 'INTERNAL_ERROR') logger.error({ ...context, err: error.cause ?? error, code: error.code }, message);
  else if (error.status >= 500 && error.cause !== undefined) logger.warn({ ...context, err: error.cause, code: error.code }, message);
}
