import { describe, expect, it } from 'vitest';
import { readSources } from './support/source-files.js';

/** Ways to ask whom a request comes from, other than `ClientAddresses`. */
const OTHER_WAYS = /\b(?:request|req|raw|handshake)\.(?:ip|ips|address|socket\.remoteAddress|connection)\b|x-forwarded-for|\{[^}]*\bip\b[^}]*\} = .*getRequest/i;
const ALLOWED = [
  // Describes TRUST_PROXY.
  'src/platform/config/config.ts',
  // Tells operators of a proxy that TRUST_PROXY does not name: it looks at the header itself.
  'src/platform/http/proxy-notice.ts',
  // What the gate has written there.
  'src/platform/realtime/app-socket.ts',
];

describe('the address of a client', () => {
  it('is told by one function', () => {
    const others = readSources('src').filter(({ text }) => OTHER_WAYS.test(text)).map(({ name }) => `src/${name}`);
    expect(others.sort()).toEqual(ALLOWED);
  });
});
