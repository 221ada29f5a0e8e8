import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Config } from '../config/config.js';
import { OwnPages } from './own-pages.js';

interface Asked {
  origin?: string;
  site?: string;
  host?: string;
  protocol?: 'http' | 'https';
  forwardedProto?: string;
}

function ask(settings: Record<string, unknown>, { origin, site, host = 'chat.example.org', protocol = 'http', forwardedProto }: Asked): [sent: boolean | undefined, areSecure: boolean] {
  const pages = new OwnPages({ get: (name: string) => settings[name] ?? (name === 'TRUST_PROXY' ? false : undefined) } as unknown as Config);
  const headers = { origin, 'sec-fetch-site': site, 'x-forwarded-proto': forwardedProto };
  const request = { headers, host, protocol } as unknown as FastifyRequest;
  return [pages.sent(request), pages.areSecure(request)];
}

describe('a page is our own', () => {
  it.each<[string, Record<string, unknown>, Asked, boolean | undefined, boolean]>([
    ['at the host that was asked', {}, { origin: 'http://chat.example.org' }, true, false],
    ['at it by https, behind a proxy that is not believed', {}, { origin: 'https://chat.example.org' }, true, true],
    ['at it, whose default port the proxy names', {}, { origin: 'https://chat.example.org', host: 'chat.example.org:443' }, true, true],
    ['by the scheme that a believed proxy tells', { TRUST_PROXY: true }, { origin: 'https://chat.example.org', protocol: 'https', forwardedProto: 'https' }, true, true],
    ['not by another one', { TRUST_PROXY: true }, { origin: 'http://chat.example.org', protocol: 'https', forwardedProto: 'https' }, false, true],
    ['not at another host', {}, { origin: 'http://evil.example' }, false, false],
    ['not at another port', {}, { origin: 'http://chat.example.org:8080' }, false, false],
    ['not at a host that begins alike', {}, { origin: 'http://chat.example.org.evil.example' }, false, false],
    ['not without an origin of its own', {}, { origin: 'null' }, false, false],
    ['at PUBLIC_URL', { PUBLIC_URL: 'https://example.org/team/chat' }, { origin: 'https://example.org', host: '10.0.0.7:3000' }, true, true],
    ['nowhere else then', { PUBLIC_URL: 'https://example.org' }, { origin: 'http://chat.example.org' }, false, true],
    ['not for being allowed to call', { CORS_ORIGINS: ['https://app.example.org', '*'] }, { origin: 'https://app.example.org' }, false, true],
    ['when the browser says so instead of naming the origin', {}, { site: 'same-origin' }, true, false],
    ['not when it says otherwise', {}, { site: 'same-site' }, false, false],
    ['not when it contradicts the origin', {}, { origin: 'http://evil.example', site: 'same-origin' }, false, false],
    ['not known of programs', {}, {}, undefined, false],
  ])('%s', (_what, settings, asked, sent, areSecure) => expect(ask(settings, asked)).toEqual([sent, areSecure]));
});
