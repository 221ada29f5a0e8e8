import type { IncomingMessage, Server } from 'node:http';
import type { Config } from '../config/config.js';
import { proxyNotice } from './proxy-notice.js';

/** What is done to a request before Fastify or Engine.IO, which both listen to the server, look at it. To be called when both do. */
export function watchFrontDoor(server: Server, config: Config): void {
  const notice = proxyNotice(config);
  if (!notice) return;
  for (const event of ['request', 'upgrade']) server.prependListener(event, (request: IncomingMessage) => notice(request));
}
