import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from, as users see it in the list of their sessions. */
export interface Device {
  readonly ip: string;
  readonly userAgent: string | null;
}

const MAX_USER_AGENT_CHARS = 256;

/** The `Device` behind the request, as a parameter of a handler. */
export const CurrentDevice = createParamDecorator((_: unknown, context: ExecutionContext): Device => {
  const { ip, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip, userAgent: headers['user-agent']?.slice(0, MAX_USER_AGENT_CHARS) ?? null };
});
