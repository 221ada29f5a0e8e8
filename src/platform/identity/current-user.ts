import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import type { Identity } from '../realtime/identity.js';

/** A request after its admission: it carries who sent it, and from where. */
export interface AuthenticatedRequest extends FastifyRequest {
  user?: Identity;
  clientAddress?: string;
}

/** The `Identity` behind the request, as a parameter of a handler. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  // Only a handler that is open to strangers can get here without one; its author has to decide what that means.
  if (!user) throw new AppError('UNAUTHENTICATED');
  return user;
});
