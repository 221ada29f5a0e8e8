import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import type { Config } from '../config/config.js';

/** Reads the address of a client from a raw request as Fastify does for `request.ip`, so that both agree on whom TRUST_PROXY believes. */
export function clientAddressReader(trusted: Config['values']['TRUST_PROXY']): (request: IncomingMessage) => string {
  if (trusted === false) return (request) => request.socket.remoteAddress ?? '';
  const trusts = trusted === true ? () => true : proxyAddr.compile(trusted);
  return (request) => proxyAddr(request, trusts);
}

/** Whether the direct peer of a connection is a proxy that is believed: then the connection is not one client's. */
export function proxyReader(trusted: Config['values']['TRUST_PROXY']): (address: string) => boolean {
  if (typeof trusted === 'boolean') return () => trusted;
  const trusts = proxyAddr.compile(trusted);
  return (address) => trusts(address, 0);
}

/** What counts as one client. */
export interface AddressKeys {
  /** The address; of IPv6 its /64, of which one subscriber has every address (RFC 6177). */
  readonly client: string;
  /** Of IPv6 the /48 around it, which one customer may have as a whole. */
  readonly site?: string;
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** By which names an address is counted. An IPv4 address in IPv6's dress (RFC 4291 §2.5.5.2) is an IPv4 address. */
export function addressKeys(address: string): AddressKeys {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return { client: mapped };
  if (!isIPv6(address)) return { client: address };
  const groups = groupsOf(address);
  return { client: `${groups.slice(0, 4).join(':')}::/64`, site: `${groups.slice(0, 3).join(':')}::/48` };
}

/** The first four of the eight groups of an IPv6 address, in its shortest spelling. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('%', 1)[0]!.split('::', 2);
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const missing = tail === undefined ? 0 : 8 - front!.length - back!.reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0);
  return [...front!, ...Array.from({ length: missing }, () => '0'), ...back!].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
}
