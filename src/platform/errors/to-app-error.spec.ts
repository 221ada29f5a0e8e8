import { HttpException, NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { ERRORS, Problem, SocketError } from '../../protocol/errors.js';
import { AppError } from './app-error.js';
import { toProblem } from './problem.filter.js';
import { logFailure, toAppError, toSocketError } from './to-app-error.js';

const pgError = (code: string) => Object.assign(new Error('relation "users" at character 15'), { code });

describe('whatever is thrown', () => {
  it('stays what it is when it is ours', () => {
    const error = new AppError('GROUP_FULL');
    expect(toAppError(error)).toBe(error);
  });

  it.each([
    ['an HTTP error of Nest', new NotFoundException('Cannot GET /x'), 'NOT_FOUND'],
    ['a body too large', new PayloadTooLargeException(), 'PAYLOAD_TOO_LARGE'],
    ['an error of Fastify', Object.assign(new Error('Unsupported Media Type'), { statusCode: 415 }), 'UNSUPPORTED_MEDIA_TYPE'],
    ['too many requests', new HttpException('slow down', 429), 'RATE_LIMITED'],
    ['a teapot', new HttpException('short and stout', 418), 'INTERNAL_ERROR'],
    ['a lost connection', pgError('57P01'), 'UNAVAILABLE'],
    ['a primary that became a replica', pgError('25006'), 'UNAVAILABLE'],
    ['a wrong statement', pgError('42601'), 'INTERNAL_ERROR'],
    ['a bug', new TypeError('x is undefined'), 'INTERNAL_ERROR'],
    ['text', 'text', 'INTERNAL_ERROR'],
    ['null', null, 'INTERNAL_ERROR'],
    ['undefined', undefined, 'INTERNAL_ERROR'],
  ])('becomes an error of the catalogue: %s', (_what, thrown, code) => {
    expect(toAppError(thrown).code).toBe(code);
  });

  it('reveals nothing when it was not foreseen, and keeps the cause for the log', () => {
    for (const thrown of [pgError('42601'), pgError('57P01'), new TypeError('secret detail')]) {
      const error = toAppError(thrown);
      expect(JSON.stringify([toProblem(error, 'r'), toSocketError(error)])).not.toMatch(/relation|character|secret detail/);
      expect(error.cause).toBe(thrown);
    }
  });

  it('has a detail of bounded length', () => {
    expect(toAppError(new NotFoundException('x'.repeat(10_000))).message.length).toBeLessThanOrEqual(200);
  });
});

describe('the catalogue', () => {
  it.each(Object.entries(ERRORS))('%s has its status in HTTP, and its words', (code, [status, title]) => {
    const problem = toProblem(new AppError(code as keyof typeof ERRORS), 'request-1');
    expect(Problem.strict().parse(problem)).toEqual({ type: `urn:atrium:error:${code}`, title, status, code, detail: title, requestId: 'request-1' });
  });

  it('tells fields, waiting time and extras on both ways', () => {
    const error = new AppError('VERSION_CONFLICT', { detail: 'moved', errors: [{ path: 'a', message: 'b' }], retryAfterMs: 5, extra: { version: 7 } });
    expect(toProblem(error, 'r')).toMatchObject({ version: 7, detail: 'moved', errors: [{ path: 'a', message: 'b' }] });
    expect(SocketError.parse(toSocketError(error, 'op-patch'))).toEqual({ code: 'VERSION_CONFLICT', message: 'moved', errors: [{ path: 'a', message: 'b' }], retryAfterMs: 5, version: 7, event: 'op-patch' });
  });

  it('cannot be overwritten by extras', () => {
    const error = new AppError('ROOM_NOT_FOUND', { extra: { code: 'OK', status: 200, type: 'x', message: 'fine' } });
    expect(toProblem(error, 'r')).toMatchObject({ code: 'ROOM_NOT_FOUND', status: 404, type: 'urn:atrium:error:ROOM_NOT_FOUND' });
    expect(toSocketError(error)).toMatchObject({ code: 'ROOM_NOT_FOUND', message: 'Room not found' });
  });

  it('names one wrong field', () => {
    expect(AppError.invalid('email', 'is taken already')).toMatchObject({ code: 'INVALID_INPUT', message: 'email: is taken already', details: { errors: [{ path: 'email', message: 'is taken already' }] } });
    expect(AppError.invalid('', 'is empty').message).toBe('is empty');
  });
});

describe('the log', () => {
  const levelOf = (error: AppError): string => {
    let level = 'none';
    logFailure({ error: () => (level = 'error'), warn: () => (level = 'warn') }, 'failed', error, {});
    return level;
  };

  it('hears of bugs and of storage that is away, not of what clients do', () => {
    expect(levelOf(toAppError(new TypeError('bug')))).toBe('error');
    expect(levelOf(new AppError('INTERNAL_ERROR'))).toBe('error');
    expect(levelOf(toAppError(pgError('57P01')))).toBe('warn');
    expect(levelOf(AppError.unavailable('Too many events'))).toBe('none');
    expect(levelOf(new AppError('INVALID_INPUT', {}, { cause: new Error('x') }))).toBe('none');
  });
});
