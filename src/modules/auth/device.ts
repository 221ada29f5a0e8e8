import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { parseCookie } from 'cookie';
import { userAgentOf } from '../../platform/http/user-agent.js';
import type { AuthenticatedRequest } from '../../platform/identity/current-user.js';

/** Where a request comes from. */
export interface Device {
  /** As users see them in the list of their sessions. */
  readonly ip: string;
  readonly userAgent: string | null;
  /** By which the device may be known (`DeviceTokens`); not looked at yet. */
  readonly token?: string | undefined;
}

/** The same device, by the token of a request's body if there is one. */
export function withToken(device: Device, token: string | undefined): Device {
  return token === undefined ? device : { ...device, token };
}

/** In which a browser keeps the token of the device for pages of ours. */
export const DEVICE_COOKIE = 'atrium_device';

/** The `Device` behind the request, as a parameter of a handler. */
export const CurrentDevice = createParamDecorator((_: unknown, context: ExecutionContext): Device => {
  const { clientAddress, headers } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return { ip: clientAddress!, userAgent: userAgentOf(headers), token: parseCookie(headers.cookie ?? '')[DEVICE_COOKIE] };
});
