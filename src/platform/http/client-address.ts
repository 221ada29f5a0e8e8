import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import type { Config } from '../config/config.js';

/** Reads the address of a client from a raw request as Fastify does for `request.ip`, so that both agree on whom TRUST_PROXY believes. */
export function clientAddressReader(trusted: Config['values']['TRUST_PROXY']): (request: IncomingMessage) => string {
  if (trusted === false) return (request) => request.socket.remoteAddress ?? '';
  const trusts = trusted === true ? () => true : proxyAddr.compile(trusted);
  return (request) => proxyAddr(request, trusts);
}
