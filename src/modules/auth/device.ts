import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '../../platform/identity/current-user.js';

/** Where a request comes from, as users see it in the list of their sessions. */
export interface Device {
  readonly ip: string;
  readonly userAgent: string | null;
}

const MAX_USER_AGENT_CHARS = 256;

/** The `Device` behind the request, as a parameter of a handler. */
export const CurrentDevice = createParamDecorator((_: unknown, context: ExecutionContext): Device => {
  const { clientAddress, headers } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return { ip: clientAddress!, userAgent: headers['user-agent']?.slice(0, MAX_USER_AGENT_CHARS) ?? null };
});
