import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { Config } from '../config/config.js';

/** What proxies add to requests that they pass on. */
const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'];

/**
 * Looks whether requests come through a proxy that TRUST_PROXY does not name, and says so once: everybody behind it then shares one rate
 * limit, and links lead to where the proxy reaches us. Undefined when there is nothing to look for.
 */
export function proxyNotice(config: Config): ((request: IncomingMessage) => void) | undefined {
  if (config.get('TRUST_PROXY') !== false) return undefined;
  let isTold = false;
  return ({ headers, socket }) => {
    if (isTold) return;
    const name = FORWARDED.find((each) => headers[each] !== undefined);
    if (name === undefined) return;
    isTold = true;
    new Logger('Proxy').warn(
      `a request from ${socket.remoteAddress} carries ${name}, as from a proxy, and TRUST_PROXY is false: all its users count as one address. ` +
        `If the proxy is yours, set TRUST_PROXY=${socket.remoteAddress}`,
    );
  };
}
