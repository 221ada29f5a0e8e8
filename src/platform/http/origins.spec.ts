import { describe, expect, it } from 'vitest';
import { AllowedOrigins, canonicalOrigin } from './origins.js';

describe('an origin', () => {
  it.each([
    ['https://app.example.org', 'https://app.example.org'],
    ['https://app.example.org/', 'https://app.example.org'],
    ['https://app.example.org:443', 'https://app.example.org'],
    ['http://app.example.org:80/', 'http://app.example.org'],
    ['HTTPS://App.Example.ORG', 'https://app.example.org'],
    ['https://app.example.org:8443', 'https://app.example.org:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s is written %s', (text, origin) => {
    expect(canonicalOrigin(text)).toBe(origin);
  });

  it.each(['null', '', '*', 'app.example.org', 'https://a.example/path', 'https://a.example?x', 'https://a.example#x', 'https://user@a.example', 'data:text/html,x', 'about:blank'])('%j is none', (text) => {
    expect(canonicalOrigin(text)).toBeUndefined();
  });
});

describe('a page may connect', () => {
  const origins = new AllowedOrigins(['https://app.example.org', 'http://localhost:5173']);
  const admits = (origin: string | undefined, host = 'atrium.example.org') => origins.admit({ headers: { origin, host } });

  it.each([
    ['of a configured origin', 'https://app.example.org', undefined],
    ['of it with the default port', 'https://app.example.org:443', undefined],
    ['of it in capitals', 'HTTPS://APP.example.org', undefined],
    ['of our own host', 'https://atrium.example.org', undefined],
    ['of our own host, whose port the proxy names', 'https://atrium.example.org', 'atrium.example.org:443'],
    ['of our own host, whose port the page names', 'http://atrium.example.org:80', 'Atrium.Example.org'],
    ['of our own host and port', 'http://127.0.0.1:3000', '127.0.0.1:3000'],
    ['that is a program', undefined, undefined],
  ])('%s', (_what, origin, host) => expect(admits(origin, host)).toBe(true));

  it.each([
    ['of another host', 'https://evil.example', undefined],
    ['of a host that begins alike', 'https://app.example.org.evil.example', undefined],
    ['of another scheme', 'http://app.example.org', undefined],
    ['of another port', 'https://app.example.org:444', undefined],
    ['of our own host on another port', 'http://atrium.example.org:81', 'atrium.example.org'],
    ['that is opaque', 'null', undefined],
    ['with a path', 'https://app.example.org/x', undefined],
    ['with nothing to compare it to', 'https://evil.example', ''],
  ])('but not one %s', (_what, origin, host) => expect(admits(origin, host)).toBe(false));

  it('of any origin when all may', () => {
    const all = new AllowedOrigins(['*']);
    expect([all.includes('https://anything.example'), all.includes('null'), all.includes(undefined)]).toEqual([true, true, false]);
  });
});
