import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { ClientEvent } from '../../protocol/events.js';
import { LIMITS } from '../../protocol/limits.js';
import { BodyBudget } from '../admission/body-budget.js';
import { TurnsOfUsers } from '../admission/turns-of-users.js';
import { AppError } from '../errors/app-error.js';
import { logFailure, toAppError, toSocketError } from '../errors/to-app-error.js';
import { parseInput } from '../errors/validation.js';
import { hasTooManyValues, tooManyValues } from '../json-values.js';
import { withCaller } from '../identity/caller.js';
import { metrics } from '../metrics/metrics.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import type { AppSocket } from './app-socket.js';
import { EncodedJson } from './encoded-json.js';
import { type AckId, type EventListener, type LargePacketGuard, readEvents } from './event-reader.js';
import { FloodGuard } from './flood-guard.js';
import { Gates } from './gates.js';
import { GATEWAY, HANDLES } from './gateway.decorator.js';
import { Realtime } from './realtime.js';

interface Route {
  readonly event: ClientEvent;
  readonly handle: (socket: AppSocket, body: unknown) => unknown;
  readonly observeOk: (seconds: number) => void;
  readonly observeError: (seconds: number) => void;
}

/**
 * Every client event takes this way: not too many under way? within the rate limit? known? valid? Then, behind the events before it that
 * it must not overtake, and in its user's turn where it asks the database, its handler; then the ack, `{ data }` or `{ error }`. An event without an ack callback gets its error as an `error` event.
 */
@Injectable()
export class EventDispatcher implements OnApplicationBootstrap {
  private readonly logger = new Logger(EventDispatcher.name);
  private readonly routes = new Map<string, Route>();
  private readonly listener: EventListener = (socket, [name, body], ackId, release) => this.dispatch(socket, name, body, ackId, release);
  private readonly admitLarge: LargePacketGuard = (socket, ackId, packet) => this.countLarge(socket, ackId, packet);

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
    private readonly realtime: Realtime,
    private readonly floods: FloodGuard,
    private readonly turns: TurnsOfUsers,
    private readonly bodies: BodyBudget,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!instance || typeof metatype !== 'function' || !this.reflector.get<boolean>(GATEWAY, metatype)) continue;
      this.addGateway(instance as Record<string, Route['handle']>);
    }
  }

  /** Names of all events that have a handler. */
  get events(): string[] {
    return [...this.routes.keys()];
  }

  /** Takes every event of the socket. */
  attach(socket: AppSocket): void {
    readEvents(socket, this.listener, this.admitLarge);
  }

  private addGateway(gateway: Record<string, Route['handle']>): void {
    for (const method of this.scanner.getAllMethodNames(Object.getPrototypeOf(gateway) as object)) {
      const handler = gateway[method]!;
      const event = this.reflector.get<ClientEvent | undefined>(HANDLES, handler);
      if (!event) continue;
      if (this.routes.has(event.name)) throw new Error(`two handlers for ${event.name}`);
      const timer = (outcome: string) => metrics.ackSeconds.labels({ event: event.name, outcome });
      const bound = handler.bind(gateway);
      const handle = event.audited ? withCaller(bound) : bound;
      const ok = timer('ok');
      const failed = timer('error');
      this.routes.set(event.name, {
        event,
        handle: event.takesTurn ? this.inTurn(handle) : handle,
        observeOk: (seconds) => ok.observe(seconds),
        observeError: (seconds) => failed.observe(seconds),
      });
    }
  }

  private dispatch(socket: AppSocket, name: unknown, body: unknown, ackId: AckId | undefined, release: (() => void) | undefined): void {
    // What came in the same read as the end of its connection, say after a revocation.
    if (!socket.connected) return release?.();
    const route = this.routes.get(name as string);
    const startedAt = performance.now();
    const state = socket.data;
    state.unacked += 1;
    let isHandled = false;
    const succeed = (data: unknown) => {
      try {
        // As JSON here, because Socket.IO would walk through it once more in search of binary.
        if (ackId !== undefined) this.realtime.ack(socket, ackId, { data: data instanceof EncodedJson ? data : EncodedJson.of(data ?? {}) });
      } catch (error) {
        return fail(error); // An answer that cannot be encoded is a bug of its handler, and must not end the process.
      }
      state.unacked -= 1;
      release?.();
      route!.observeOk((performance.now() - startedAt) / 1000);
    };
    const fail = (thrown: unknown) => {
      state.unacked -= 1;
      release?.();
      route?.observeError((performance.now() - startedAt) / 1000);
      const error = toAppError(thrown);
      this.answerError(socket, String(name).slice(0, 64), ackId, error);
      if (!isHandled) this.floods.refused(socket, error);
    };
    try {
      if (state.unacked > LIMITS.unackedEvents) throw AppError.unavailable('Too many events of this socket wait for their ack', undefined, 100);
      this.limits.require('events', state.identity.userId);
      if (!route) throw new AppError('INVALID_INPUT', { detail: `${String(name).slice(0, 64)} is not a known event` });
      const parsed = parseInput(route.event.body, body);
      isHandled = true;
      const result = state.gates === undefined && route.event.gate === undefined ? route.handle(socket, parsed) : this.inOrder(socket, route, parsed);
      if (result instanceof Promise) result.then(succeed, fail);
      else succeed(result);
    } catch (error) {
      fail(error);
    }
  }

  /** A large packet is counted before it is parsed. Its event takes it off again when it is answered. */
  private countLarge(socket: AppSocket, ackId: AckId | undefined, packet: string | Buffer): (() => void) | undefined {
    try {
      const release = this.bodies.take(socket.data.identity.userId, packet.length);
      if (typeof packet === 'string' && hasTooManyValues(packet)) {
        release();
        throw tooManyValues();
      }
      return release;
    } catch (thrown) {
      const error = toAppError(thrown);
      this.answerError(socket, '', ackId, error);
      this.floods.refused(socket, error);
      return undefined;
    }
  }

  private inTurn(handle: Route['handle']): Route['handle'] {
    return (socket, body) => this.turns.run(socket.data.identity.userId, () => handle(socket, body));
  }

  /** Behind the events before it that it has to wait for; and what comes later may have to wait for this one. */
  private inOrder(socket: AppSocket, { event, handle }: Route, body: unknown): unknown {
    const state = socket.data;
    if (state.gates?.areOpen) state.gates = undefined;
    const before = state.gates?.before(event, body);
    const result = before === undefined ? handle(socket, body) : before.then(() => handle(socket, body));
    if (event.gate !== undefined && result instanceof Promise) (state.gates ??= new Gates()).close(event, body, result);
    return result;
  }

  private answerError(socket: AppSocket, event: string, ackId: AckId | undefined, error: AppError): void {
    logFailure(this.logger, 'event failed', error, { event, connectionId: socket.id });
    if (ackId !== undefined) this.realtime.ack(socket, ackId, { error: toSocketError(error) });
    else socket.emit('error', toSocketError(error, event));
  }
}
