import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { clientAddressReader } from './client-address.js';

const request = (peer: string, forwarded?: string) =>
  ({ socket: { remoteAddress: peer }, connection: { remoteAddress: peer }, headers: { ...(forwarded && { 'x-forwarded-for': forwarded }) } }) as unknown as IncomingMessage;

it.each<[string, boolean | string[], string, string | undefined, string]>([
  ['nobody is believed', false, '10.0.0.1', '203.0.113.7', '10.0.0.1'],
  ['everybody is believed', true, '198.51.100.1', '203.0.113.7', '203.0.113.7'],
  ['a trusted proxy is believed', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['others are not', ['10.0.0.0/8'], '198.51.100.1', '203.0.113.7', '198.51.100.1'],
  ['what a client has forged before its proxy is not', ['10.0.0.0/8'], '10.0.0.1', '192.0.2.1, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
  ['a proxy that says nothing stands for itself', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
])('%s', (_what, trusted, peer, forwarded, address) => {
  expect(clientAddressReader(trusted)(request(peer, forwarded))).toBe(address);
});
