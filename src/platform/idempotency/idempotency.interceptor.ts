import { setTimeout as delay } from 'node:timers/promises';
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { catchError, mergeMap, type Observable, of } from 'rxjs';
import { Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import type { AuthenticatedRequest } from '../identity/current-user.js';
import { EncodedJson } from '../realtime/encoded-json.js';
import type { Identity } from '../realtime/identity.js';
import { Fingerprints } from './fingerprint.js';
import { type EarlierRequest, type IdempotencyKey, IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { type Made, type PathParams, RESEND, type ResendRule } from './resend.js';
import { Resends } from './resends.js';
import { IGNORES_KEY } from './without-idempotency-key.js';

const KEY_FORMAT = /^[\x20-\x7e]{1,255}$/;
/** How long, look by look, the second of two equal requests waits for the first one's answer. */
const WAITS_MS = [20, 50, 100, 200, 400];
const RETRY_AFTER_MS = 1_000;

/** A request under a key. */
interface KeyedRequest {
  readonly key: IdempotencyKey;
  readonly rule: ResendRule;
  readonly request: AuthenticatedRequest & { readonly user: Identity };
  readonly reply: FastifyReply;
}

/**
 * Makes POSTs with the header `Idempotency-Key` safe to send again (draft-ietf-httpapi-idempotency-key-header): the first request is
 * carried out; a resend within a day is answered with the thing that it made, as that is now, marked `duplicate`. The answer itself is
 * not kept, because what is in it may be edited or erased. A request that failed leaves no trace. Keys belong to users.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);
  private readonly fingerprints: Fingerprints;

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly reflector: Reflector,
    private readonly resends: Resends,
    config: Config,
  ) {
    this.fingerprints = new Fingerprints(config.get('JWT_SECRET'));
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const keyed = context.getType() === 'http' ? this.findKeyed(context) : undefined;
    if (!keyed) return next.handle();
    const taken = await this.take(keyed.key, this.fingerprints.of(keyed.request));
    if (typeof taken !== 'string') return of(await this.answerAgain(taken, keyed));
    return next.handle().pipe(
      catchError((error: unknown) => this.giveBack(keyed.key, taken, error)),
      mergeMap((answer) => this.keep(keyed, taken, answer)),
    );
  }

  /** @throws AppError INVALID_INPUT for a key that is none */
  private findKeyed(context: ExecutionContext): KeyedRequest | undefined {
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const { method, headers, user } = request;
    const key = headers['idempotency-key'];
    if (method !== 'POST' || key === undefined || !user) return undefined;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IGNORES_KEY, targets)) return undefined;
    if (typeof key !== 'string' || !KEY_FORMAT.test(key)) throw AppError.invalid('Idempotency-Key', 'must have 1 to 255 printable ASCII characters');
    const rule = this.reflector.get<ResendRule | undefined>(RESEND, context.getHandler());
    // test/idempotent-routes.spec.ts finds it before a client does.
    if (!rule) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say what a resend is answered with`);
    return { key: { userId: user.userId, key }, rule, request: Object.assign(request, { user }), reply: http.getResponse<FastifyReply>() };
  }

  /**
   * The claim when the request has to be carried out, or the earlier request that has an outcome.
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

  /** @throws AppError what a GET of the thing answers when it is gone, or the caller may not see it any more */
  private async answerAgain({ status, made }: EarlierRequest, { request, reply }: KeyedRequest): Promise<unknown> {
    const thing = made && (await this.resends.read(made, request.user, reply));
    void reply.status(status!).header('idempotent-replayed', 'true');
    if (thing === null) return undefined;
    return thing instanceof EncodedJson ? thing.with('duplicate', true) : { ...thing, duplicate: true };
  }

  private async keep({ key, rule, request, reply }: KeyedRequest, claim: string, answer: unknown): Promise<unknown> {
    try {
      await this.keys.complete(key, claim, reply.statusCode, madeBy(rule, answer, request.params));
    } catch (error) {
      // The work is done, and the client shall know. Only a resend would not be recognised.
      this.logger.error({ err: error }, 'what an idempotent request made could not be kept');
    }
    return answer;
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

function madeBy({ kind, refOf }: ResendRule, answer: unknown, params: unknown): Made | null {
  return kind !== undefined && refOf ? { kind, ref: refOf(answer as never, params as PathParams) } : null;
}
