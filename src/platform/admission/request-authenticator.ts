import type { FastifyRequest } from 'fastify';
import type { Identity } from '../realtime/identity.js';

/** Finds who sent a request by its headers alone. Implemented by the auth module. */
export abstract class RequestAuthenticator {
  /** @throws AppError UNAUTHENTICATED · UNAVAILABLE */
  abstract authenticate(request: FastifyRequest): Promise<Identity>;
}
