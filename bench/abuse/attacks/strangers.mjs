/** What can be tried without an account. Each attack goes on until `isOver()`; `spent` is what the attacker sends. */

import { sleep } from '../../lib/measure/stats.mjs';
import { inLoops } from './loops.mjs';

const MB = 1024 * 1024;
const DEEP = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;

/** Opens connections, says something on each, and holds them. */
async function holdConnections(client, count, isOver, text) {
  const sockets = [];
  for (let i = 0; i < count && !isOver(); i++) {
    sockets.push(client.say(text));
    if (i % 50 === 49) await sleep(5);
  }
  while (!isOver()) await sleep(100);
  for (const socket of sockets) socket.destroy();
}

const register = (fields) => ({ body: { email: 'x@example.org', username: 'somebody', password: 'long enough, and more', ...fields } });

export const STRANGERS = [
  {
    name: 'names of 320 KB of combining marks',
    spends: '4 × POST /auth/register at a time',
    run: ({ client, isOver }) => inLoops(4, isOver, () => client.call('POST', '/auth/register', register({ username: 'a' + '\u0301'.repeat(160_000) }))),
  },
  {
    name: 'names of 14 KB of combining marks',
    spends: '16 × POST /auth/register at a time',
    run: ({ client, isOver }) => inLoops(16, isOver, () => client.call('POST', '/auth/register', register({ username: 'a' + '\u0301'.repeat(6_500) }))),
  },
  {
    name: '6 MB of JSON without a token',
    spends: '5 × PUT /pages/x at a time',
    run: ({ client, isOver }) => inLoops(5, isOver, () => client.call('PUT', '/pages/x', { body: DEEP.repeat(6) })),
  },
  {
    name: '16 KB of JSON without a token',
    spends: '32 × POST /auth/login at a time',
    run: ({ client, isOver }) => inLoops(32, isOver, () => client.call('POST', '/auth/login', { body: DEEP.slice(0, 16_000) })),
  },
  {
    name: 'wrong passwords',
    spends: '64 × POST /auth/login at a time',
    run: ({ client, isOver }) => inLoops(64, isOver, (lane, round) => client.call('POST', '/auth/login', { body: { login: `nobody${lane}-${round}`, password: 'wrong wrong' } })),
  },
  {
    name: 'forged tokens',
    spends: '64 × GET /rooms at a time',
    run: ({ client, isOver }) => inLoops(64, isOver, () => client.call('GET', '/rooms', { token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AAAA' })),
  },
  {
    name: 'bodies that stall',
    spends: '1,500 connections, each with the beginning of a request',
    run: ({ client, isOver }) => holdConnections(client, 1_500, isOver, 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 16000\r\n\r\n{'),
  },
  {
    name: 'headers that stall',
    spends: '1,500 connections, each with half a header',
    run: ({ client, isOver }) => holdConnections(client, 1_500, isOver, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '),
  },
  {
    name: 'bare connections that come and go',
    spends: 'as many as one process opens',
    run: ({ client, isOver }) =>
      inLoops(32, isOver, async () => {
        const socket = client.say('');
        await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
        socket.destroy();
      }),
  },
  {
    name: 'handshakes without a token',
    spends: '64 WebSockets at a time',
    run: ({ client, isOver }) =>
      inLoops(64, isOver, async () => {
        const socket = await client.socket('x'.repeat(8_000)).catch(() => undefined);
        socket?.close();
        await sleep(5);
      }),
  },
  {
    name: 'handshakes with 2 MB, by polling',
    spends: '16 × POST /socket.io at a time',
    run: ({ client, isOver }) =>
      inLoops(16, isOver, async () => {
        const path = '/socket.io/?EIO=4&transport=polling';
        await client.call('GET', path);
        return client.call('POST', `${path}&sid=none`, { body: 'x'.repeat(2 * MB), type: 'text/plain' });
      }),
  },
  {
    name: 'the documents of the API',
    spends: '64 × GET at a time',
    run: ({ client, isOver }) => inLoops(64, isOver, (lane) => client.call('GET', ['/openapi.json', '/openapi.yaml', '/asyncapi.json', '/docs'][lane % 4])),
  },
];
