import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import type { Config } from '../config/config.js';
import { addressKeys, ClientAddresses } from './client-address.js';

const request = (peer: string, forwarded?: string) =>
  ({ socket: { remoteAddress: peer }, connection: { remoteAddress: peer }, headers: { ...(forwarded && { 'x-forwarded-for': forwarded }) } }) as unknown as IncomingMessage;

it.each<[string, boolean | string[], string, string | undefined, string]>([
  ['nobody is believed', false, '10.0.0.1', '203.0.113.7', '10.0.0.1'],
  ['everybody is believed', true, '198.51.100.1', '203.0.113.7', '203.0.113.7'],
  ['a trusted proxy is believed', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['others are not', ['10.0.0.0/8'], '198.51.100.1', '203.0.113.7', '198.51.100.1'],
  ['what a client has forged before its proxy is not', ['10.0.0.0/8'], '10.0.0.1', '192.0.2.1, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
  ['a proxy that says nothing stands for itself', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
  ['IPv4 in the notation of IPv6 is IPv4', false, '::ffff:198.51.100.1', undefined, '198.51.100.1'],
  ['a proxy is believed in either notation', ['10.0.0.0/8'], '::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
])('%s', (_what, trusted, peer, forwarded, address) => {
  expect(new ClientAddresses({ get: () => trusted } as unknown as Config).of(request(peer, forwarded))).toBe(address);
});

it.each<[string, string, string | undefined]>([
  ['203.0.113.7', '203.0.113.7', undefined],
  ['::ffff:203.0.113.7', '203.0.113.7', undefined],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64', '64:ff9b:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['', '', undefined],
])('counts %j as %j, within %j', (address, client, site) => {
  expect(addressKeys(address)).toEqual(site === undefined ? { client } : { client, site });
});
