import type { IncomingMessage, Server } from 'node:http';
import type { Config } from '../config/config.js';
import { proxyNotice } from './proxy-notice.js';

/** What is done to a request before Fastify or Engine.IO, which both listen to the server, look at it. To be called when both do. */
export function watchFrontDoor(server: Server, config: Config): void {
  const { basePath } = config;
  const steps = [closeOtherVersions, proxyNotice(config), basePath === '' ? undefined : (request: IncomingMessage) => stripBasePath(request, basePath)].filter((step) => step !== undefined);
  for (const step of steps) for (const event of ['request', 'upgrade']) server.prependListener(event, step);
}

/** Node reads HTTP/0.9 and, in the notation of 1.1, HTTP/2 as well; nobody speaks either but to get past something (RFC 9112 §2.3). */
export function closeOtherVersions({ httpVersionMajor, socket }: Pick<IncomingMessage, 'httpVersionMajor' | 'socket'>): void {
  if (httpVersionMajor !== 1) socket.destroy();
}

/** Some proxies pass the path of PUBLIC_URL on, others strip it: from here on it is gone either way. */
export function stripBasePath(request: Pick<IncomingMessage, 'url'>, basePath: string): void {
  const { url = '' } = request;
  if (!url.startsWith(basePath)) return;
  const rest = url.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) request.url = `/${rest}`;
  else if (rest.startsWith('/')) request.url = rest;
}
