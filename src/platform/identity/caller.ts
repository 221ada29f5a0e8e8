import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import { userAgentOf } from '../http/user-agent.js';
import { addressOf, type AppSocket } from '../realtime/app-socket.js';
import type { AuthenticatedRequest } from './current-user.js';

/** The sender of the request or event that is being handled, and the address it came from. */
export interface Caller {
  /** Null for somebody who is not signed in. */
  readonly userId: string | null;
  readonly requestId: string;
  readonly address: string;
  readonly userAgent: string | null;
}

const callers = new AsyncLocalStorage<Caller>();

/** Undefined where nobody has asked: at start, in timers, and in socket events that are not `audited`. */
export function currentCaller(): Caller | undefined {
  return callers.getStore();
}

/**
 * Makes the sender of each request known to whatever is done for it. From the last hook before the handler on: what follows the end of a
 * body runs in the context of the connection. Only what is needed is kept of the request, since timers and connections that are made for
 * it may outlive it.
 */
export function rememberCallers(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', (request: AuthenticatedRequest, _reply, done) => {
    const { user, id, clientAddress, headers } = request;
    // Only what was admitted reaches handlers that change something.
    if (clientAddress === undefined) return done();
    callers.run({ userId: user?.userId ?? null, requestId: id, address: clientAddress, userAgent: userAgentOf(headers) }, done);
  });
}

/** The handler of a socket event, with its sender made known. */
export function withCaller<B, R>(handle: (socket: AppSocket, body: B) => R): (socket: AppSocket, body: B) => R {
  let count = 0;
  return (socket, body) => {
    const { identity, userAgent } = socket.data;
    return callers.run({ userId: identity.userId, requestId: `${socket.id}.${++count}`, address: addressOf(socket), userAgent }, () => handle(socket, body));
  };
}

/** Runs `work` as if the caller had asked for it. */
export function asCaller<R>(caller: Caller, work: () => R): R {
  return callers.run(caller, work);
}
