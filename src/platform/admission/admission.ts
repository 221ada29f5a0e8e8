import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { addressKeys, ClientAddresses } from '../http/client-address.js';
import { routeSettings, settingsIn } from '../http/route-settings.js';
import type { AuthenticatedRequest } from '../identity/current-user.js';
import { heapShare } from '../memory/stores.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { LIMITS } from '../../protocol/limits.js';
import { BareConnections } from './bare-connections.js';
import { BodyBudget, full } from './body-budget.js';
import { ByteBudget } from './byte-budget.js';
import type { Identity } from '../realtime/identity.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { TurnsOfUsers } from './turns-of-users.js';

const MB = 1024 * 1024;
/** Answers that are not read yet. */
const ANSWERS = { name: 'answers', perKey: 32 * MB, inAll: heapShare(1 / 8, 256 * MB) };
const FULL_RETRY_MS = 1_000;
/** Beside the API, and of its own kind: what orchestrators ask, and what costs more than a file. */
const PROBES = new Set(['/livez', '/readyz']);
const MADE = new Set(['/health', '/metrics', '/openapi.json', '/openapi.yaml', '/asyncapi.json']);

/** What is kept of a request while it is under way. */
interface UnderWay {
  /** Whom it counts for: a user, or an address. */
  readonly key: string;
  readonly userId: string | undefined;
  /** Its body is here: what happens now goes on, whether or not the client waits for it. */
  isWorking: boolean;
  readonly ends: (() => void)[];
}

/**
 * Stands before every route, and asks who is there before anything of the body is read: strangers pass where a route is public, within the
 * limits of their address, users within those of their account. What they send, and what they do not read, is counted in bytes.
 */
@Injectable()
export class Admission {
  private readonly answers = new ByteBudget(ANSWERS);
  private readonly underWay = new WeakMap<FastifyRequest, UnderWay>();

  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly addresses: ClientAddresses,
    private readonly limits: RateLimits,
    private readonly turns: TurnsOfUsers,
    private readonly bodies: BodyBudget,
    private readonly connections: BareConnections,
  ) {}

  /** @param prefix where the routes of the API begin, such as `/api/v1/` */
  attachTo(fastify: FastifyInstance, prefix: string): void {
    this.connections.watch(fastify.server);
    fastify.addHook('onRoute', (route) => {
      if (settingsIn(route.config).isPublic) route.bodyLimit = LIMITS.publicBodyBytes;
    });
    fastify.addHook('onRequest', async (request: AuthenticatedRequest, reply) => {
      request.clientAddress = this.addresses.of(request.raw);
      // The route that was found, not the URL, which can be written in many ways.
      const isApi = request.routeOptions.url?.startsWith(prefix) && request.method !== 'OPTIONS';
      if (isApi) await this.admit(request, reply);
      else this.admitBeside(request, reply);
    });
    fastify.addHook('preParsing', (request, _reply, payload, done) => done(this.countBody(request), payload));
    fastify.addHook('preValidation', (request) => this.beginWork(request));
    // The handler has answered: its work is done, even where nobody waits for the answer any more.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.endWork(request);
      this.countAnswer(request, reply, payload);
      done(null, payload);
    });
  }

  private async admit(request: AuthenticatedRequest, reply: FastifyReply): Promise<void> {
    const address = request.clientAddress!;
    if (routeSettings(request).isPublic) {
      this.limits.requireFrom('anonymous', address);
      return this.begin(request, reply, addressKeys(address).client);
    }
    request.user = await this.authenticate(request, address);
    const { userId } = request.user;
    if (!this.connections.belongsTo(request.raw.socket, userId)) void reply.header('connection', 'close');
    this.limits.require('requests', userId);
    this.begin(request, reply, userId, userId);
  }

  /** What lies beside the API is public. Probes are never refused: whoever asks whether we live must not take a busy address for an answer. */
  private admitBeside(request: AuthenticatedRequest, reply: FastifyReply): void {
    const address = request.clientAddress!;
    const { url = '' } = request.routeOptions;
    if (!PROBES.has(url)) this.limits.requireFrom(MADE.has(url) ? 'anonymous' : 'files', address);
    this.begin(request, reply, addressKeys(address).client);
  }

  private async authenticate(request: FastifyRequest, address: string): Promise<Identity> {
    try {
      return await this.authenticator.authenticate(request);
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED') this.limits.requireFrom('anonymous', address);
      throw error;
    }
  }

  private begin(request: FastifyRequest, reply: FastifyReply, key: string, userId?: string): void {
    const state: UnderWay = { key, userId, isWorking: false, ends: [] };
    this.underWay.set(request, state);
    // A body that never comes to its end has no handler that would answer.
    reply.raw.once('close', () => state.isWorking || this.endWork(request));
  }

  /** By what the client announces; of a body of unknown length, by the most that it may have. */
  private countBody(request: FastifyRequest): AppError | null {
    const state = this.underWay.get(request);
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    const bytes = encoding === undefined ? Number(length ?? 0) : request.routeOptions.bodyLimit;
    if (!state || !(bytes > 0)) return null;
    try {
      state.ends.push(this.bodies.take(state.key, bytes));
      return null;
    } catch (error) {
      return error as AppError;
    }
  }

  /**
   * The whole body is here: a user's turn is for work, and not for waiting for bytes.
   * @throws AppError when the client does not read what it was answered before · RATE_LIMITED, UNAVAILABLE too many wait
   */
  private async beginWork(request: FastifyRequest): Promise<void> {
    const state = this.underWay.get(request)!;
    const { key, userId } = state;
    state.isWorking = true;
    if (userId !== undefined) {
      await this.turns.enter(userId);
      state.ends.push(() => this.turns.leave(userId));
    }
    const lack = this.answers.findLack(key, 0);
    if (lack !== undefined) throw full(lack, 'Earlier answers have not been read yet', FULL_RETRY_MS);
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
