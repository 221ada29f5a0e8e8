import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { addressKeys } from '../http/client-address.js';
import { type RouteSettings, routeSettings } from '../http/route-settings.js';
import type { AuthenticatedRequest } from '../identity/current-user.js';
import { beforeScrape, metrics } from '../metrics/metrics.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { LIMITS } from '../../protocol/limits.js';
import { BareConnections } from './bare-connections.js';
import { ByteBudget } from './byte-budget.js';
import { FairQueue } from './fair-queue.js';
import type { Identity } from '../realtime/identity.js';
import { RequestAuthenticator } from './request-authenticator.js';

/** Bodies under way: being received, parsed and worked on. */
const BODIES = { perKey: 16 * 1024 * 1024, inAll: 96 * 1024 * 1024 };
/** Answers that are not read yet. */
const ANSWERS = { perKey: 32 * 1024 * 1024, inAll: 256 * 1024 * 1024 };
/** Requests of one user at once, so that one account leaves connections to the database to the others; as many again as browsers open wait. */
const REQUESTS = { running: Number.POSITIVE_INFINITY, runningPerKey: 6, waiting: 5_000, waitingPerKey: 200, whenFull: 'Too many requests are under way' };
const FULL_RETRY_MS = 1_000;

/** What is kept of a request while it is under way. */
interface UnderWay {
  /** Whom it counts for: a user, or an address. */
  readonly key: string;
  readonly ends: (() => void)[];
}

/**
 * Stands before every route of the API, and asks who is there before anything of the body is read: strangers pass where a route is public,
 * within the limits of their address; users within those of their account. What they send and what they do not read is counted in bytes.
 */
@Injectable()
export class Admission {
  private readonly bodies = new ByteBudget(BODIES);
  private readonly answers = new ByteBudget(ANSWERS);
  private readonly requests = new FairQueue(REQUESTS);
  private readonly underWay = new WeakMap<FastifyRequest, UnderWay>();

  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly limits: RateLimits,
    private readonly connections: BareConnections,
  ) {
    beforeScrape(() => {
      metrics.bodyBytes.set(this.bodies.bytes);
      metrics.answerBytes.set(this.answers.bytes);
      metrics.requestsWaiting.set(this.requests.waiting);
    });
  }

  /** @param prefix where the routes of the API begin, such as `/api/v1/` */
  attachTo(fastify: FastifyInstance, prefix: string): void {
    this.connections.watch(fastify.server);
    fastify.addHook('onRoute', (route) => {
      if ((route.config as RouteSettings | undefined)?.isPublic) route.bodyLimit = LIMITS.publicBodyBytes;
    });
    fastify.addHook('onRequest', async (request) => {
      if (request.url.startsWith(prefix) && !request.is404 && request.method !== 'OPTIONS') await this.admit(request);
    });
    fastify.addHook('preParsing', (request, _reply, payload, done) => done(this.countBody(request), payload));
    // The handler has answered: its work is done, even where nobody waits for the answer any more.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.endWork(request);
      this.countAnswer(request, reply, payload);
      done(null, payload);
    });
  }

  private async admit(request: AuthenticatedRequest): Promise<void> {
    const address = addressKeys(request.ip).client;
    if (routeSettings(request).isPublic) {
      this.limits.requireFrom('anonymous', request.ip);
      this.begin(request, address);
      return;
    }
    request.user = await this.authenticate(request);
    this.connections.admitted(request.raw.socket);
    const { userId } = request.user;
    this.limits.require('requests', userId);
    const lack = this.answers.findLack(userId, 0);
    if (lack !== undefined) throw full(lack, 'Earlier answers have not been read yet');
    await this.requests.enter(userId);
    this.begin(request, userId, () => this.requests.leave(userId));
  }

  private async authenticate(request: FastifyRequest): Promise<Identity> {
    try {
      return await this.authenticator.authenticate(request);
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED') this.limits.requireFrom('anonymous', request.ip);
      throw error;
    }
  }

  private begin(request: FastifyRequest, key: string, ...ends: (() => void)[]): void {
    this.underWay.set(request, { key, ends });
  }

  /** By what the client announces; of a body of unknown length, by the most that it may have. */
  private countBody(request: FastifyRequest): AppError | null {
    const state = this.underWay.get(request);
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    const bytes = encoding === undefined ? Number(length ?? 0) : request.routeOptions.bodyLimit;
    if (!state || !(bytes > 0)) return null;
    const lack = this.bodies.findLack(state.key, bytes);
    if (lack !== undefined) return full(lack, 'Earlier requests with large bodies are still under way');
    state.ends.push(this.bodies.add(state.key, bytes));
    return null;
  }

  private endWork(request: FastifyRequest): void {
    for (const end of this.underWay.get(request)?.ends.splice(0) ?? []) end();
  }

  private countAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
    const state = this.underWay.get(request);
    const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
    if (!state || bytes === 0 || reply.raw.destroyed) return;
    reply.raw.once('close', this.answers.add(state.key, bytes));
  }
}

function full(lack: 'key' | 'all', detail: string): AppError {
  return lack === 'key' ? new AppError('RATE_LIMITED', { detail, retryAfterMs: FULL_RETRY_MS }) : AppError.unavailable('Too much is under way at the moment', undefined, FULL_RETRY_MS);
}
