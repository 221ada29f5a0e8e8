import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { catchError, mergeMap, type Observable, of } from 'rxjs';
import { AppError } from '../errors/app-error.js';
import type { AuthenticatedRequest } from '../identity/current-user.js';
import { type EarlierRequest, type IdempotencyKey, IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { IGNORES_KEY } from './without-idempotency-key.js';

const KEY_FORMAT = /^[\x20-\x7e]{1,255}$/;
/** How long, look by look, the second of two equal requests waits for the first one's answer. */
const WAITS_MS = [20, 50, 100, 200, 400];
const RETRY_AFTER_MS = 1_000;

/**
 * Makes POSTs with the header `Idempotency-Key` safe to send again (draft-ietf-httpapi-idempotency-key-header): the first request is
 * carried out, and a resend within a day gets its answer, marked `duplicate`. A request that failed leaves no trace. Keys belong to users.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const key = context.getType() === 'http' ? this.findKey(context) : undefined;
    if (!key) return next.handle();
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const taken = await this.take(key, fingerprintOf(request));
    if (typeof taken !== 'string') {
      void reply.status(taken.status!);
      return of(asDuplicate(taken.response));
    }
    return next.handle().pipe(
      catchError((error: unknown) => this.giveBack(key, taken, error)),
      mergeMap((response) => this.keep(key, taken, reply.statusCode, response)),
    );
  }

  private findKey(context: ExecutionContext): IdempotencyKey | undefined {
    const { method, headers, user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const key = headers['idempotency-key'];
    if (method !== 'POST' || key === undefined || !user) return undefined;
    if (this.reflector.getAllAndOverride<boolean | undefined>(IGNORES_KEY, [context.getHandler(), context.getClass()])) return undefined;
    if (typeof key !== 'string' || !KEY_FORMAT.test(key)) throw AppError.invalid('Idempotency-Key', 'must have 1 to 255 printable ASCII characters');
    return { userId: user.userId, key };
  }

  /**
   * The claim when the request has to be carried out, or the earlier request that has an answer.
   * @throws AppError IDEMPOTENCY_MISMATCH · UNAVAILABLE while the earlier request is under way
   */
  private async take(key: IdempotencyKey, fingerprint: string): Promise<string | EarlierRequest> {
    for (const waitMs of [...WAITS_MS, 0]) {
      const claim = await this.keys.claim(key, fingerprint);
      if (claim !== undefined) return claim;
      const earlier = await this.keys.find(key);
      if (earlier && earlier.request !== fingerprint) throw new AppError('IDEMPOTENCY_MISMATCH', { detail: 'This Idempotency-Key was used with another request' });
      if (earlier && earlier.status !== null) return earlier;
      // Under way, or given back since the claim.
      await delay(waitMs);
    }
    throw AppError.unavailable('The first request with this Idempotency-Key is still under way', undefined, RETRY_AFTER_MS);
  }

  private async keep(key: IdempotencyKey, claim: string, status: number, response: unknown): Promise<unknown> {
    try {
      await this.keys.complete(key, claim, status, response);
    } catch (error) {
      // The work is done, and the client shall know. Only a resend would not be recognised.
      this.logger.error({ err: error }, 'the answer to an idempotent request could not be kept');
    }
    return response;
  }

  private async giveBack(key: IdempotencyKey, claim: string, cause: unknown): Promise<never> {
    try {
      await this.keys.free(key, claim);
    } catch (error) {
      this.logger.warn({ err: error }, 'an idempotency key could not be given back; it will be taken over later');
    }
    throw cause;
  }
}

/** Says whether two requests are the same: route with query, and body. */
function fingerprintOf({ method, url, body }: AuthenticatedRequest): string {
  return createHash('sha256').update(`${method} ${url}\n${JSON.stringify(body) ?? ''}`).digest('base64url');
}

function asDuplicate(response: unknown): unknown {
  if (response === null) return undefined;
  return typeof response === 'object' && !Array.isArray(response) ? { ...response, duplicate: true } : response;
}
