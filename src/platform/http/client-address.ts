import type { IncomingMessage } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

/**
 * Whom a request, a handshake or a connection comes from, behind the proxies that TRUST_PROXY believes. Limits, sessions and logs all ask
 * here, so that they agree (test/client-address.spec.ts).
 */
@Injectable()
export class ClientAddresses {
  private readonly trusts: (address: string, hop: number) => boolean;

  constructor(config: Config) {
    const trusted = config.get('TRUST_PROXY');
    this.trusts = typeof trusted === 'boolean' ? () => trusted : proxyAddr.compile(trusted);
  }

  /** The client's address, as text. */
  of(request: IncomingMessage): string {
    return withoutMapping(proxyAddr(request, this.trusts) ?? '');
  }

  /** The other end of a connection: one client, or a proxy that has the connections of many. */
  peerOf(socket: Socket): { readonly address: string; readonly isProxy: boolean } {
    const address = socket.remoteAddress ?? '';
    return { address: withoutMapping(address), isProxy: this.trusts(address, 0) };
  }
}

/** What counts as one client. */
export interface AddressKeys {
  /** The address; of IPv6 its /64, of which one subscriber has every address (RFC 6177). */
  readonly client: string;
  /** Of IPv6 the /48 around it, which one customer may have as a whole. */
  readonly site?: string;
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An IPv4 address written as one of IPv6 (RFC 4291 §2.5.5.2) is an IPv4 address. */
function withoutMapping(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}

/** By which names an address is counted. */
export function addressKeys(mapped: string): AddressKeys {
  const address = withoutMapping(mapped);
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
